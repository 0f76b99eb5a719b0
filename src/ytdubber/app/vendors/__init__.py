"""What adapters of vendors share."""
