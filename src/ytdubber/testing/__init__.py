"""Whole implementations of the ports that need no model, network or database, for tests."""
