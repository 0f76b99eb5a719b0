"""YT Dubber: a spoken recording in, the same recording in other languages out."""

__version__ = "0.1.0"
