"""What editors see of events in Wagtail's admin."""
