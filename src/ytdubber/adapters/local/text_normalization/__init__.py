"""Written text as it is said, for engines that spell what they do not know: text normalization."""

from .spoken_form import spoken_form

__all__ = ["spoken_form"]
