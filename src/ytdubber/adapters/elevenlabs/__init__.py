"""ElevenLabs: speech in many languages, through its own client."""
