"""Who works on what, and in which order."""
