"""Which voices such a server has, as its operator says: nothing of OpenAI's language lists them."""

from dataclasses import dataclass

from ytdubber.domain.errors import BadInput
from ytdubber.domain.languages import target
from ytdubber.domain.voice import Gender, Voice

EVERY = "*"
"""In the place of a language: a voice that speaks them all."""
_WRITE = "write each voice as language=ID, such as pt=alice, es=bob:male:Bob or *=nova:female"


@dataclass(frozen=True, slots=True)
class ServerVoice:
    """A voice of the server.

    Attributes:
        language: What it speaks (ISO 639-1), or `EVERY`.
        id: What the server calls it.
        gender: How it is heard; neutral where nobody said.
        name: What people call it.
    """

    language: str
    id: str
    gender: Gender
    name: str

    def speaking(self, language: str) -> Voice:
        """The same, for one language."""
        return Voice(self.id, language, self.gender, self.name)


def read_voices(value: object) -> object:
    """Reads `pt=alice, es=bob:male:Bob, *=nova:female`.

    Raises:
        ValueError: a part is written otherwise, in words for whoever wrote it.
    """
    if not isinstance(value, str):
        return value
    found = tuple(_voice(part.strip()) for part in value.split(",") if part.strip())
    named = [(each.language, each.id) for each in found]
    if len(set(named)) < len(named):
        raise ValueError("a voice is there twice for one language")
    return found


def _voice(text: str) -> ServerVoice:
    language, is_written, rest = text.partition("=")
    voice, *more = (part.strip() for part in rest.split(":", 2))
    if not is_written or not voice:
        raise ValueError(_WRITE)
    try:
        gender = Gender(more[0]) if more else Gender.NEUTRAL
    except ValueError:
        raise ValueError(_WRITE) from None
    try:
        spoken = EVERY if language.strip() == EVERY else target(language)
    except BadInput as error:
        raise ValueError(str(error)) from None
    return ServerVoice(spoken, voice, gender, more[1] if len(more) > 1 else voice)
