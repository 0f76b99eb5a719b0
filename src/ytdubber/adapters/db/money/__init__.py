"""Receipts, costs and credit."""
