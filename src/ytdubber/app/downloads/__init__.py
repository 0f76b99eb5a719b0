"""Finished files to whoever may have them."""
