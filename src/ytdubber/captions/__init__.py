"""Captions from what is spoken and when."""
