"""Users' endpoints, over HTTPS."""
