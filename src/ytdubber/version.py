"""Which version of the package is installed."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("ytdubber")
except PackageNotFoundError:  # a source tree that nobody installed
    __version__ = "0.0.0"
