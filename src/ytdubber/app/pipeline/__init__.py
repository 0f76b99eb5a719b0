"""From two stems to a dub, stage by stage."""
