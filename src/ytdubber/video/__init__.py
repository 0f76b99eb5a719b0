"""Videos: a picture copied beside its dubs, in step with them to the sample (ADR 57)."""
