"""What a dub consists of: its manifest, what of it is shown and measured, and what it needs."""
