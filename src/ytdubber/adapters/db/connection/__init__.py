"""Connections to the database, and the roles they take."""
