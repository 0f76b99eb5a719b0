"""`--say`: what voices say for a term that is written otherwise."""

from collections.abc import Sequence

from ytdubber.domain.errors import BadSetting


def said_for_terms(given: Sequence[str]) -> dict[str, str]:
    """What is spoken, by term, of values such as `LUFS=loofs`.

    Raises:
        BadSetting: one of them has no `=`.
    """
    found = {}
    for each in given:
        term, is_one, spoken = each.partition("=")
        if not is_one:
            reason = f"'{each}' does not tell what is spoken. Write LUFS=loofs."
            raise BadSetting(variable="--say", reason=reason)
        found[term] = spoken
    return found
