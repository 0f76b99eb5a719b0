"""What was said and how it was dubbed, as JSON for people and programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from ytdubber.app.pipeline.artifacts import DubbedLine
from ytdubber.app.pipeline.translated_script import TranslatedScript
from ytdubber.domain.media import Interval
from ytdubber.domain.transcript import Transcript


def transcript_json(transcript: Transcript) -> bytes:
    """`transcript.json`: the language, the utterances with their words, and where somebody speaks
    and no word was made out.
    """
    utterances = [
        {
            "id": u.id,
            "start_ms": u.start_ms,
            "end_ms": u.end_ms,
            "speaker": u.speaker,
            "language": transcript.language_of(u),
            "text": u.text,
            "words": [
                {
                    "text": w.text,
                    "start_ms": w.start_ms,
                    "end_ms": w.end_ms,
                    "confidence": round(w.confidence, 3),
                }
                for w in u.words
            ],
        }
        for u in transcript.utterances
    ]
    said = {"language": transcript.language, "utterances": utterances}
    return _json(said | {"uncovered": _stretches(transcript.uncovered)})


def translation_json(
    language: str, lines: Sequence[DubbedLine], uncovered: Sequence[Interval]
) -> bytes:
    """`translation.json`: every utterance with its target text, slot and spoken time, and where
    there is none though somebody speaks.
    """
    utterances = [
        {
            "id": line.utterance.id,
            "speaker": line.utterance.speaker,
            "source": line.utterance.text,
            "target": line.target,
            "source_start_ms": line.utterance.start_ms,
            "source_end_ms": line.utterance.end_ms,
            "slot_ms": line.slot.room_ms,
            "dub_start_ms": line.placement.start_ms,
            "dub_end_ms": line.placement.end_ms,
            "spoken_ms": line.placement.duration_ms,
            "natural_ms": line.placement.natural_ms,
            "stretch": round(line.placement.stretch, 4),
            "rate": round(line.placement.rate, 4),
            "needs_review": bool(line.review),
            "review": list(line.review),
        }
        for line in lines
    ]
    dubbed = {"language": language, "utterances": utterances}
    return _json(dubbed | {"uncovered": _stretches(uncovered)})


def draft_json(language: str, script: TranslatedScript) -> bytes:
    """A `translation.json` before anything is spoken: every utterance with its target text and its
    room.
    """
    utterances = [
        {
            "id": utterance.id,
            "speaker": utterance.speaker,
            "source": utterance.text,
            "target": script.texts[utterance.id],
            "source_start_ms": utterance.start_ms,
            "source_end_ms": utterance.end_ms,
            "slot_ms": slot.room_ms,
            "needs_review": utterance.id in script.review,
            "review": list(script.review.get(utterance.id, ())),
        }
        for utterance, slot in zip(script.transcript.utterances, script.rooms, strict=True)
    ]
    drafted = {"language": language, "utterances": utterances}
    return _json(drafted | {"uncovered": _stretches(script.transcript.uncovered)})


def _stretches(intervals: Sequence[Interval]) -> list[dict[str, int]]:
    return [asdict(each) for each in intervals]


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
