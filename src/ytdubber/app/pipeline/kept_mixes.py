"""How finished files were mixed, kept by their hashes, so that only what changes is mixed again."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ytdubber.audio.mix_record import record_of
from ytdubber.audio.mixer import Mastered
from ytdubber.audio.mixing import EarlierFiles
from ytdubber.audio.profiles import AudioFormat, Content
from ytdubber.audio.remix import Earlier
from ytdubber.ports.result_store import ResultStore

_CONTENTS = (Content.VOICE, Content.MIX)


@dataclass(frozen=True, slots=True)
class KeptMixes:
    """Those of one language.

    Attributes:
        results: Where records are kept.
        basis: What tells the recording, as it was decoded, from others.
        shown: The hashes of the files of the dub that is there, by name.
        fetch: Where one of them can be read, given a place for it.
    """

    results: ResultStore
    basis: str
    shown: Mapping[str, str] = field(default_factory=dict)
    fetch: Callable[[str, Path], Path] = lambda _, path: path

    def earlier(self, scratch: Path) -> EarlierFiles:
        """The files of which it is known how they were mixed."""
        found = dict[tuple[Content, AudioFormat], Earlier]()
        for content in _CONTENTS:
            name = f"{content}.{AudioFormat.FLAC}"
            expected = self.shown.get(name)
            data = self.results.load(_key(expected)) if expected else None
            if expected is None or data is None:
                continue
            try:
                record = record_of(data)
            except ValueError:
                continue
            path = self.fetch(name, scratch / f"earlier-{name}")
            found[content, AudioFormat.FLAC] = Earlier(path, expected, record)
        return found

    def keep(self, files: Sequence[Mastered]) -> None:
        """Keep how files were mixed, by the hashes that they are delivered with."""
        for each in files:
            if each.record is not None:
                self.results.save(_key(each.sha256), each.record.to_bytes())


def _key(sha256: str) -> str:
    return hashlib.sha256(f"how {sha256} was mixed".encode()).hexdigest()
