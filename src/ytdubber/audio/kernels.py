"""Compiled loops; `python -m ytdubber.audio.kernels` compiles them ahead of their first use."""
