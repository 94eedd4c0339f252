"""The community in Wagtail's admin."""
