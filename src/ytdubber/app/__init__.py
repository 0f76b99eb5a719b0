"""What the program does: one file per use case."""
