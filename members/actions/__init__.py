"""What can be done with accounts and organisations. Only these modules write."""
