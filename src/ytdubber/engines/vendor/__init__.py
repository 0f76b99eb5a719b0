"""Vendors: what each declares of itself, and which an installation has."""
