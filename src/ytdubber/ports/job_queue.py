"""How the queue and its messages are called. A message wakes a worker for one row and no more."""

from .leases import Kind

QUEUE = "ytdubber"
"""The one queue; whoever is free takes the oldest message."""

ACTORS = {Kind.JOB: "prepare", Kind.TASK: "dub"}
"""What is done with a row of each kind. The message's one argument is the row's id, as text."""

KINDS = {actor: kind for kind, actor in ACTORS.items()}
