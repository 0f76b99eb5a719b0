"""What a dub is: values and rules, with nothing but the standard library."""
