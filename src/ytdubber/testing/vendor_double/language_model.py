"""What the double's language model can do: translate lines, and shorten them.

It reads the JSON object in a message and answers in the JSON schema that is asked for:

    {"task": "translate" | "shorten", "source": "en", "target": "pt",
     "lines": [{"id": "u1", "text": "...", ...}]}

A line to translate may have `target_chars`, `min_chars` and `max_chars`; one to shorten has
`max_chars`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from ytdubber.domain.errors import UnknownLanguage
from ytdubber.domain.languages import normalize
from ytdubber.ports.translator import Line, TranslatedLine

from .content import CannotDo, Content
from .exchange import Refused, ReplyBroken, validated
from .shortening import shortened
from .strict_schema import misfits


class _Line(BaseModel):
    id: str
    text: str
    target_chars: int | None = None
    min_chars: int | None = None
    max_chars: int | None = None
    speaker: str | None = None
    pause_before_s: float = 0


class _Task(BaseModel):
    task: str = "translate"
    source: str
    target: str
    lines: list[_Line]


@dataclass(frozen=True, slots=True)
class Done:
    """What was asked of the model, and its answer in the schema."""

    task: str
    answer: dict[str, Any]


def done(content: Content, prompt: str, schema: Mapping[str, Any], bad_ids: bool) -> Done:
    """Do what a prompt asks for.

    Raises:
        Refused: there are no lines in the prompt, or nobody translates the pair.
        ReplyBroken: the schema is not one for lines.
    """
    task = _read(prompt)
    lines = _shortened(task) if task.task == "shorten" else _translated(content, task)
    if bad_ids:
        lines = [TranslatedLine(f"{line.id}-other", line.text) for line in lines]
    answer = _object(schema, lines)
    for misfit in misfits(answer, schema):
        raise ReplyBroken(f"the double cannot fill this schema: {misfit}")
    return Done(task.task, answer)


def _read(prompt: str) -> _Task:
    """The first JSON object in the prompt that has lines."""
    decoder = json.JSONDecoder()
    for place in (at for at, character in enumerate(prompt) if character == "{"):
        try:
            found, _ = decoder.raw_decode(prompt, place)
        except ValueError:
            continue
        if "lines" in found:
            return validated(_Task, found, 400)
    raise Refused(400, "the double only translates: the message must hold JSON with lines")


def _translated(content: Content, task: _Task) -> Sequence[TranslatedLine]:
    wanted = [
        Line(
            id=line.id,
            text=line.text,
            max_chars=line.max_chars,
            target_chars=line.target_chars,
            min_chars=line.min_chars,
            speaker=line.speaker,
            pause_before_ms=round(line.pause_before_s * 1000),
        )
        for line in task.lines
    ]
    try:
        return content.translate(wanted, normalize(task.source), normalize(task.target))
    except (CannotDo, UnknownLanguage) as error:
        raise Refused(400, str(error), "unsupported_language") from error


def _shortened(task: _Task) -> Sequence[TranslatedLine]:
    """Each as short as it must be, a little less short, and as short as it can be."""
    made = []
    for line in task.lines:
        most = line.max_chars or len(line.text)
        texts = [
            shortened(line.text, wanted, task.target) for wanted in (most, round(most * 0.93), 0)
        ]
        best, *others = dict.fromkeys(texts)
        made.append(TranslatedLine(line.id, best, tuple(others)))
    return made


def _object(schema: Mapping[str, Any], lines: Sequence[TranslatedLine]) -> dict[str, Any]:
    """An object of the schema: every list in it takes the lines."""
    return {
        name: [_item(inner["items"], line) for line in lines]
        for name, inner in schema["properties"].items()
        if inner["type"] == "array"
    }


def _item(schema: Mapping[str, Any], line: TranslatedLine) -> dict[str, Any]:
    """One line: its id, and its texts in a list or the best alone."""
    texts = [line.text, *line.alternatives]
    return {
        name: line.id if name == "id" else texts if inner["type"] == "array" else line.text
        for name, inner in schema.get("properties", {}).items()
    }
