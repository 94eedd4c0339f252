"""Measures the budgets: `make bench` builds a database of 100,000 posts, starts the servers and writes results.json.

See docs/decisions/ for what the figures led to, and docs/operations.md for how production is set up.
"""
