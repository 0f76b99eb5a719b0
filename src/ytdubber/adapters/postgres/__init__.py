"""The embedded PostgreSQL: a server of our own when no other database is named."""
