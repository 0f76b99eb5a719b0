"""Content Credentials (C2PA): signed metadata that says a file was dubbed by AI."""
