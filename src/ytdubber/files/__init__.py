"""Files that this process alone can read."""
