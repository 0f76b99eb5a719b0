"""What belongs to a user besides jobs."""
