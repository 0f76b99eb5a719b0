"""What the application asks of the world: protocols only."""
