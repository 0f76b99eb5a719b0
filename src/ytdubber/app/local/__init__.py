"""A dub into a folder, on one machine."""
