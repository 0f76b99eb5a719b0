"""The HTTP API: requests parsed, one use case called, its answer shaped."""
