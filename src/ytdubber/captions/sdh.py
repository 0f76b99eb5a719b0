"""Lines as captions for the deaf and hard of hearing show them: with who speaks, and with sounds.

Names are in square brackets, as the Netflix timed-text guides have them, where somebody else than
before speaks; sounds are as whoever wrote them down has them.
"""

from collections.abc import Sequence
from dataclasses import replace

from ytdubber.domain.script import ScriptLine

from .speech import SpokenText


def with_names_and_sounds(
    spoken: Sequence[SpokenText], sounds: Sequence[ScriptLine]
) -> tuple[SpokenText, ...]:
    """The lines and the sounds between them, in order. One person alone is not named.

    Args:
        spoken: What is said.
        sounds: What else is heard; those without a time are not shown.
    """
    named = _named(sorted(spoken, key=lambda line: line.interval))
    heard = [SpokenText(each.text, each.interval) for each in sounds if each.interval]
    return tuple(sorted([*named, *heard], key=lambda line: line.interval))


def _named(spoken: Sequence[SpokenText]) -> list[SpokenText]:
    people = {line.speaker for line in spoken if line.speaker}
    if len(people) < 2:
        return list(spoken)
    named, before = list[SpokenText](), None
    for line in spoken:
        if line.speaker in (None, before) or not line.text.strip():
            named.append(line)
            continue
        named.append(replace(line, text=f"[{line.speaker}] {line.text}"))
        before = line.speaker
    return named
