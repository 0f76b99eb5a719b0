"""Stems decoded, and a recording that is one file taken apart, while this process has a core."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from ytdubber.app.casting.engines import Engines
from ytdubber.app.pipeline.artifacts import Source, Stem
from ytdubber.app.pipeline.stages.ingest import ingest
from ytdubber.app.pipeline.stages.separate import Separator
from ytdubber.domain.job import DubOptions
from ytdubber.ports.call_context import CallContext


@dataclass(frozen=True, slots=True)
class Decoding:
    """Makes of files what the pipeline works on.

    Attributes:
        engines: Who separates, and hears when somebody speaks.
        scratch: Where the sound goes.
        cores: Held meanwhile, where many dubs share this process's cores.
    """

    engines: Engines
    scratch: Path
    cores: Callable[[CallContext], AbstractContextManager[None]]

    def __call__(
        self,
        voice: Stem,
        background: Stem | None,
        options: DubOptions,
        call: CallContext,
        original: bool = False,
    ) -> Source:
        """All of it.

        Raises:
            BadInput: as `ingest` and `separate`.
        """
        source = self.ingest(voice, background, options, call, original)
        return self.separate(source, voice, options, call)

    def ingest(
        self,
        voice: Stem,
        background: Stem | None,
        options: DubOptions,
        call: CallContext,
        original: bool = False,
    ) -> Source:
        """The files, decoded.

        Raises:
            BadInput: one cannot be dubbed.
        """
        with self.cores(call):
            return ingest(voice, background, options, self.scratch, call, original)

    def separate(
        self, source: Source, voice: Stem, options: DubOptions, call: CallContext
    ) -> Source:
        """The same; a recording that has its voice and its background in one, as both.

        Raises:
            BadInput: nobody speaks in it.
            MachineError: what separates is not here, where it was asked for.
            VendorError: it could not be done, where it was asked for.
        """
        engine = self.engines.separator
        if source.mix is None or engine is None:
            return replace(source, mix=None)
        separate = Separator(engine, self.engines.voice_activity, self.scratch)
        with self.cores(call):
            return separate(source, voice.name, options, call)
