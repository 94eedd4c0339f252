"""One fetch through access, one form, one action, one answer."""
