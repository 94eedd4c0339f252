"""The demo's content, and how it is put into the database. `manage.py seed_demo` is its only user."""
