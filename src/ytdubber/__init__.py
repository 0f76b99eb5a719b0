"""YT Dubber: a spoken recording in, the same recording in other languages out."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("ytdubber")
except PackageNotFoundError:  # a source tree that nobody installed
    __version__ = "0.0.0"
