"""`python -m ytdubber` is the command line."""

from ytdubber.cli.main import run

run()
