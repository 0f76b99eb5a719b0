"""The queue: Dramatiq's messages, in PostgreSQL or in Redis."""
