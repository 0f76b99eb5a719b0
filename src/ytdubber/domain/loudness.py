"""Which loudness profile a dub has where its user names none."""

AUTO = "auto"
"""As the original where that is heard beside the dub, else as YouTube plays it."""
_ORIGINAL, _USUAL = "source", "youtube"


def profile_name(asked: str, *, heard_beside: bool) -> str:
    """The profile.

    Args:
        asked: Its name, or `AUTO`.
        heard_beside: Whether the original comes with the dub, as another track of a film does,
            or is one mixed recording, whose loudness its maker chose.
    """
    if asked != AUTO:
        return asked
    return _ORIGINAL if heard_beside else _USUAL
