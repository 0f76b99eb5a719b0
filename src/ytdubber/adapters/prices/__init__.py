"""Prices of vendors, from a file."""
