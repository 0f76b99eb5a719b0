"""Jobs and all that goes with them."""
