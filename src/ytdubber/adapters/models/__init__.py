"""Files of weights on this machine: fetched once, pinned by SHA-256, verified before use."""
