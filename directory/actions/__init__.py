"""The only code that writes to the directory."""
