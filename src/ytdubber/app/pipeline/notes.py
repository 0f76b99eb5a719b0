"""What a person should know of what was heard, in sentences."""

from collections.abc import Sequence

from ytdubber.domain.keep import KeptPassage
from ytdubber.domain.languages import NAMES
from ytdubber.domain.transcript import Transcript

NAMED = 5
"""So many places are named."""


def heard_notes(transcript: Transcript, total_ms: int) -> tuple[str, ...]:
    """The languages of a recording that has several, and the speech that has no line.

    Args:
        transcript: What was said.
        total_ms: The length of every dub.
    """
    main, *others = (NAMES[code] for code in transcript.languages)
    notes = [f"Most of it is spoken in {main}, parts in {_listed(others)}."] if others else []
    past_ms = sum(each.duration_ms for each in transcript.uncovered if each.end_ms > total_ms)
    lost = [each for each in transcript.uncovered if each.end_ms <= total_ms]
    if lost:
        seconds = sum(each.duration_ms for each in lost) / 1000
        places = "one place" if len(lost) == 1 else f"{len(lost)} places"
        notes.append(
            f"Somebody speaks for {seconds:.1f} s, in {places}, and no word was made out:"
            " nothing is dubbed there."
        )
    if past_ms:
        notes.append(
            f"Somebody speaks for {past_ms / 1000:.1f} s past the end of the recording: nothing is"
            " dubbed there."
        )
    return tuple(notes)


def kept_notes(kept: Sequence[KeptPassage]) -> tuple[str, ...]:
    """What is in the dub as it is in the original."""
    if not kept:
        return ()
    spans = [each.interval for each in kept[:NAMED]]
    shown = [f"{each.start_ms / 1000:.1f} to {each.end_ms / 1000:.1f} s" for each in spans]
    more = f" and {len(kept) - NAMED} more" if len(kept) > NAMED else ""
    return (f"Kept as it is in the original, and not dubbed: {', '.join(shown)}{more}.",)


def _listed(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
