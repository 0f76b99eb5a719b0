"""What a dub will need, loaded in the background while the stems are decoded and heard."""

import threading
from collections.abc import Sequence
from contextlib import suppress

from ytdubber.app.casting.engines import Engines
from ytdubber.audio.compile_ahead import compile_all
from ytdubber.domain.errors import YtDubberError
from ytdubber.domain.voice import VoiceTier
from ytdubber.engines.synthesizer import Synthesizer
from ytdubber.ports.engine import Engine


def warm_up(
    engines: Engines,
    languages: Sequence[str],
    tier: VoiceTier = VoiceTier.STANDARD,
    *,
    hearing: bool = True,
) -> None:
    """Start to load what hears, unless that is over, what speaks these languages, and the compiled
    audio loops.

    What cannot be loaded is told by the first call that needs it.
    """
    wanted: list[Engine | Synthesizer] = [engines.speech_to_text] if hearing else []
    for language in languages:
        if engines.voices(language, tier):
            speaker, _ = engines.cast(language, None, tier)
            wanted += [] if speaker in wanted else [speaker]

    def load() -> None:
        for engine in wanted:
            with suppress(YtDubberError):
                engine.warm_up()
        compile_all()

    threading.Thread(target=load, name="warm-up", daemon=True).start()
