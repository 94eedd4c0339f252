"""All that a member can do in the community. Only these functions write."""
