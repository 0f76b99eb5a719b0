"""What users send: recordings, texts and options, checked as they come."""
