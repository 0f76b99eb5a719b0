"""What a cue may be: the Netflix timed-text style guides and the BBC subtitle guidelines."""

from dataclasses import dataclass

from ytdubber.domain.languages import language_of

FRAME_MS = 1000 / 24


@dataclass(frozen=True, slots=True)
class CaptionRules:
    """Limits of a cue.

    Attributes:
        line_chars: The most characters in a line.
        half_width: Whether half-width characters count as a half.
        lines: The most lines in a cue.
        shortest_ms: The shortest a cue is shown (5/6 s).
        longest_ms: The longest.
        chars_per_second: The reading speed cues are lengthened for where there is room.
        most_chars_per_second: The reading speed no cue should pass.
        onset_ms: How far a cue may begin from the line it shows (2 frames).
        linger_ms: How long a cue may stay after its speech has ended.
        gap_ms: The least time between two cues (2 frames).
        close_gap_ms: Gaps shorter than this are closed to gap_ms (12 frames).
        join_gap_ms: The longest pause between two lines that are shown in one cue.
    """

    line_chars: int = 42
    half_width: bool = False
    lines: int = 2
    shortest_ms: int = 833
    longest_ms: int = 7_000
    chars_per_second: int = 17
    most_chars_per_second: int = 20
    onset_ms: int = 83
    linger_ms: int = 500
    gap_ms: int = 84
    close_gap_ms: int = 500
    join_gap_ms: int = 1_000


def rules_for(language: str) -> CaptionRules:
    """The rules for a language, from its record: line length and reading speed differ."""
    record = language_of(language)
    return CaptionRules(
        line_chars=record.caption_line_chars,
        half_width=record.caption_half_width,
        chars_per_second=record.caption_chars_per_second,
        most_chars_per_second=record.caption_most_chars_per_second,
    )
