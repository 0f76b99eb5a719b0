"""The queue: Dramatiq's messages in PostgreSQL."""
