"""Single lines of a dub that is there."""
