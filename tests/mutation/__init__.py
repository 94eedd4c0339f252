"""Whether the tests notice a mistake: each line is broken in turn, and a test has to fail (docs/testing.md)."""
