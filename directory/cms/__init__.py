"""The moderators' queues in Wagtail's admin. Their buttons call actions."""
