"""What was decoded and heard of a recording, kept for when a dub of it is made anew."""

import hashlib
import json
from concurrent.futures import Future
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ytdubber.app.casting.engines import Engines
from ytdubber.app.dubs.code_version import dub_version
from ytdubber.app.dubs.heard import Inputs
from ytdubber.app.local.dub_request import DubRequest
from ytdubber.app.pipeline.artifacts import Prepared, Source
from ytdubber.domain.engine import EngineId
from ytdubber.domain.keep import KeptPassage
from ytdubber.domain.media import AudioFile
from ytdubber.domain.script import ScriptLine
from ytdubber.domain.transcript import Transcript
from ytdubber.ports.recording_store import RecordingStore


@dataclass(frozen=True, slots=True)
class _Facts:
    """As `Prepared`, but for the sound, whose files are named within their folder."""

    total_ms: int
    transcript: Transcript
    source: Source
    engine: EngineId | None
    script_notes: tuple[str, ...]
    diarizer: EngineId | None
    kept: tuple[KeptPassage, ...]
    sounds: tuple[ScriptLine, ...]


_FACTS = TypeAdapter(_Facts)


@dataclass(frozen=True, slots=True)
class KeptRecordings:
    """The recordings of a machine of one's own.

    Attributes:
        store: Where they are.
        engines: What else than this code decides what is heard.
    """

    store: RecordingStore
    engines: Engines

    def key(self, request: DubRequest, inputs: Inputs) -> str:
        """The hash of all that decides what is decoded and heard for a request."""
        options = replace(
            request.options,
            voices={},
            formats=(),
            stems=False,
            captions=(),
            translations=(),
            watermark=None,
        )
        heard_by = [self.engines.recognizer, self.engines.separated_by]
        told = [
            dub_version(),
            inputs.hashes,
            request.source_language,
            request.script and asdict(request.script),
            asdict(options),
            [engine and asdict(engine) for engine in heard_by],
            request.keep_original,
            [inputs.voice.name, inputs.background and inputs.background.name],
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()

    def load(self, key: str) -> Prepared | None:
        """A recording as it was heard; None where it is not there, or not all of it."""
        found = self.store.load(key)
        if found is None:
            return None
        try:
            facts = _FACTS.validate_json(found[0])
        except ValidationError:
            return None
        source = _with_files(facts.source, found[1])
        if not all(file.path.exists() for file in _files(source)):
            return None
        decoded = Future[Source]()
        decoded.set_result(source)
        return Prepared(
            facts.total_ms,
            facts.transcript,
            decoded,
            facts.engine,
            facts.script_notes,
            facts.diarizer,
            facts.kept,
            facts.sounds,
        )

    def save(self, key: str, prepared: Prepared) -> None:
        """Keep one whose sound nobody needs any more where it is."""
        facts = _Facts(
            prepared.total_ms,
            prepared.transcript,
            _with_files(prepared.source, Path()),
            prepared.engine,
            prepared.script_notes,
            prepared.diarizer,
            prepared.kept,
            prepared.sounds,
        )
        sound = [file.path for file in _files(prepared.source)]
        self.store.save(key, _FACTS.dump_json(facts), sound)


def _files(source: Source) -> list[AudioFile]:
    every = {f.path: f for f in (source.voice, source.background, source.original) if f}
    return list(every.values())


def _with_files(source: Source, folder: Path) -> Source:
    def within(file: AudioFile) -> AudioFile:
        return replace(file, path=folder / file.path.name)

    return replace(
        source,
        voice=within(source.voice),
        background=source.background and within(source.background),
        original=source.original and within(source.original),
    )
