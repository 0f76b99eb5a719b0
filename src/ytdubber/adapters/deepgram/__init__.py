"""Deepgram: speech to text by Nova-3, speech by Aura-2, through its own client."""
