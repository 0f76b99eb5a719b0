"""What keeps the service going."""
