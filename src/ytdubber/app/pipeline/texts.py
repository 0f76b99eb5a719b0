"""What was said and how it was dubbed, as JSON for people and programs."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace

from ytdubber.app.pipeline.lines import FittedLine
from ytdubber.app.pipeline.translated_script import TranslatedScript
from ytdubber.domain.held_levels import HeldLevels
from ytdubber.domain.keep import KeptPassage
from ytdubber.domain.line_edit import LineEdit, LineEdits
from ytdubber.domain.media import Interval
from ytdubber.domain.transcript import Transcript, Utterance


def transcript_json(transcript: Transcript, kept: Sequence[KeptPassage] = ()) -> bytes:
    """`transcript.json`: the language, the utterances with their words, where somebody speaks and
    no word was made out, and what is kept of the original, where something is.
    """
    utterances = [_utterance(each, transcript) for each in transcript.utterances]
    said: dict[str, object] = {"language": transcript.language, "utterances": utterances}
    said |= {"uncovered": _stretches(transcript.uncovered)}
    return _json(said | _kept(kept, lambda each: _utterance(each, transcript)))


def _utterance(said: Utterance, transcript: Transcript) -> dict[str, object]:
    return {
        "id": said.id,
        "start_ms": said.start_ms,
        "end_ms": said.end_ms,
        "speaker": said.speaker,
        "language": transcript.language_of(said),
        "text": said.text,
        "words": [
            {
                "text": word.text,
                "start_ms": word.start_ms,
                "end_ms": word.end_ms,
                "confidence": round(word.confidence, 3),
            }
            for word in said.words
        ],
    }


def _kept(
    kept: Sequence[KeptPassage], shown: Callable[[Utterance], dict[str, object]]
) -> dict[str, object]:
    """The key `kept` where something is; its utterances have no ids, which count what is dubbed."""
    passages = [
        asdict(passage.interval)
        | {"utterances": [{**shown(each), "id": None} for each in passage.said]}
        for passage in kept
    ]
    return {"kept": passages} if kept else {}


def translation_json(
    language: str,
    lines: Sequence[FittedLine],
    uncovered: Sequence[Interval],
    kept: Sequence[KeptPassage],
    levels: HeldLevels,
    edits: LineEdits,
) -> bytes:
    """`translation.json`: every utterance with its target text, slot and spoken time, where there
    is none though somebody speaks, what is kept of the original, where something is, what a person
    wanted otherwise besides its text, and how loud it was made, for when a line is made anew.
    """
    utterances = [
        {
            "id": line.id,
            "speaker": line.utterance.speaker,
            "source": line.utterance.text,
            "target": line.text,
            "source_start_ms": line.utterance.start_ms,
            "source_end_ms": line.utterance.end_ms,
            "slot_ms": line.scripted.slot.room_ms,
            "dub_start_ms": line.placement.start_ms,
            "dub_end_ms": line.placement.end_ms,
            "spoken_ms": line.placement.duration_ms,
            "natural_ms": line.placement.natural_ms,
            "stretch": round(line.placement.stretch, 4),
            "rate": round(line.placement.rate, 4),
            "needs_review": bool(line.review),
            "review": list(line.review),
        }
        | _edit(edits.of(line.id))
        for line in lines
    ]
    dubbed: dict[str, object] = {"language": language, "utterances": utterances}
    dubbed |= {"uncovered": _stretches(uncovered)}
    return _json(dubbed | _kept(kept, _original) | {"levels": levels.to_json()})


def _edit(edit: LineEdit) -> dict[str, object]:
    """The key `edit` where a line is otherwise than it would be made."""
    differs = replace(edit, text=None).to_json()
    return {"edit": differs} if differs else {}


def _original(said: Utterance) -> dict[str, object]:
    return {
        "speaker": said.speaker,
        "source": said.text,
        "source_start_ms": said.start_ms,
        "source_end_ms": said.end_ms,
    }


def draft_json(language: str, script: TranslatedScript) -> bytes:
    """A `translation.json` before anything is spoken: every utterance with its target text and its
    room.
    """
    utterances = [
        {
            "id": line.id,
            "speaker": line.utterance.speaker,
            "source": line.utterance.text,
            "target": line.text,
            "source_start_ms": line.utterance.start_ms,
            "source_end_ms": line.utterance.end_ms,
            "slot_ms": line.slot.room_ms,
            "needs_review": bool(line.review),
            "review": list(line.review),
        }
        for line in script.lines
    ]
    drafted = {"language": language, "utterances": utterances}
    return _json(drafted | {"uncovered": _stretches(script.transcript.uncovered)})


def _stretches(intervals: Sequence[Interval]) -> list[dict[str, int]]:
    return [asdict(each) for each in intervals]


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
