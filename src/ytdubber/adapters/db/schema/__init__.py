"""Tables, and how they come to be."""
