"""`ytdubber.detect`."""

import os
from pathlib import Path

from ytdubber.app.dubs.detect import Marks
from ytdubber.bootstrap.signing import detection


def detect(file: str | os.PathLike[str]) -> Marks:
    """What a file says of where it is from, and whether it is as it was made.

    Args:
        file: Sound, a video, or captions.

    Raises:
        FileNotReadable: there is no such file, or it cannot be read.
    """
    return detection()(Path(file))
