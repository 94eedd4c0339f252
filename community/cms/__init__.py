"""What editors and moderators see of the community in Wagtail's admin."""
