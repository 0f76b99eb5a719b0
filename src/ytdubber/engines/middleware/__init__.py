"""What stands between an engine and whoever asks it: one class each, for every operation."""
