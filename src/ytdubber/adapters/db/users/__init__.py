"""Users, and whom they want told."""
