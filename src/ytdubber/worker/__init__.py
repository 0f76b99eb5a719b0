"""The worker: takes messages, runs the use cases under a lease, and looks after the rows."""
