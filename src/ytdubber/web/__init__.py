"""The web page of a machine of one's own: static files that talk to the API."""
