"""One mixed recording taken apart: its voice is heard and dubbed, the rest is the background."""

from dataclasses import dataclass, replace
from pathlib import Path

from ytdubber.app.pipeline.artifacts import Source
from ytdubber.audio.background import write_background
from ytdubber.audio.files import read_part, write_wav
from ytdubber.audio.original import original_lufs
from ytdubber.audio.profiles import PROFILES
from ytdubber.audio.resample import write_mono
from ytdubber.audio.under_voice import is_silent, rest_db, under_voice
from ytdubber.domain.errors import ModelCorrupt, ModelMissing, NoSpeech, VendorError
from ytdubber.domain.job import DubOptions
from ytdubber.domain.loudness import profile_name
from ytdubber.domain.media import AudioFile
from ytdubber.domain.separation import REST_HEARD_DB, Separating
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Engine
from ytdubber.ports.operations import Separate
from ytdubber.ports.speech_to_text import VoiceActivity

EXCERPT_S = 20
"""Of a recording without pauses, from its middle, that is separated to hear what is under it."""
_SEPARATING = 0.85  # of the time

_APART = "it was separated, and all but the voice stays as the background"
_ALONE = "it was not separated, and the voice alone is dubbed"
_OTHERWISE = "The option `separate` decides otherwise."


@dataclass(frozen=True, slots=True)
class Separator:
    """What takes a recording apart.

    Attributes:
        engine: Gives the voice in it.
        voice_activity: Hears when somebody speaks.
        scratch: A folder for sound under way.
    """

    engine: Engine
    voice_activity: VoiceActivity
    scratch: Path

    def __call__(self, source: Source, name: str, options: DubOptions, call: CallContext) -> Source:
        """The same recording with its voice and its background, if it was taken apart; with a note
        of what was done and why.

        Args:
            source: The recording; it stays as it is where it has no mix.
            name: What errors call it.
            options: When to separate, and how loud the dub is to be.
            call: The work this belongs to.

        Raises:
            NoSpeech: nobody speaks in it.
            ModelMissing: what separates is not here, where separation was asked for.
            ModelCorrupt: the same.
            VendorError: it could not be done, where it was asked for.
        """
        mix = source.mix
        if mix is None:
            return source
        try:
            apart, why = True, f"as asked, {_APART}."
            if options.separate is Separating.AUTO:
                apart, why = self._heard(source.voice, mix, call)
            if apart:
                source = self._apart(source, mix, name, options, call)
        except (ModelCorrupt, ModelMissing, VendorError) as error:
            if options.separate is not Separating.AUTO:
                raise
            why = f"music or noise may be under the voice, but {_ALONE}. {error}"
        mix.path.unlink()
        return replace(source, mix=None, notes=(*source.notes, f"{name}: {why}"))

    def _heard(self, voice: AudioFile, mix: AudioFile, call: CallContext) -> tuple[bool, str]:
        """Whether there is music or noise under the voice, and what that means, in a sentence."""
        speech = self.voice_activity.speech(voice)
        if not speech:
            return not is_silent(voice), f"no voice is heard before {_APART}. {_OTHERWISE}"
        under = under_voice(voice, speech)
        if under is not None:
            heard, how = under.heard, f"{under.loudness_db:.0f} dB below it where nobody speaks"
        else:
            level_db = self._rest_db(mix, call)
            heard, how = level_db >= REST_HEARD_DB, f"{-level_db:.0f} dB below it"
        if heard:
            return True, f"music or noise is heard under the voice, {how}: {_APART}. {_OTHERWISE}"
        return False, f"next to nothing is heard under the voice ({how}): {_ALONE}. {_OTHERWISE}"

    def _rest_db(self, mix: AudioFile, call: CallContext) -> float:
        """The level of what is under the voice of an excerpt."""
        rate_hz = mix.sample_rate_hz
        start = max(0, mix.samples - EXCERPT_S * rate_hz) // 2
        samples = read_part(mix, start, start + EXCERPT_S * rate_hz)
        excerpt = write_wav(self.scratch / "excerpt.wav", samples, rate_hz)
        place = self.scratch / "excerpt.voice.wav"
        try:
            voice = self.engine.run(Separate(excerpt, place), replace(call, progress=_silent)).voice
            return rest_db(excerpt, voice)
        finally:
            excerpt.path.unlink()
            place.unlink(missing_ok=True)

    def _apart(
        self, source: Source, mix: AudioFile, name: str, options: DubOptions, call: CallContext
    ) -> Source:
        """The recording as a voice and a background."""
        check = call.raise_if_cancelled
        separating = replace(call, progress=lambda done: call.progress(_SEPARATING * done))
        place = self.scratch / "separated.wav"
        whole = self.engine.run(Separate(mix, place), separating).voice
        self.engine.close()
        voice = write_mono(whole, source.voice.sample_rate_hz, source.voice.path)
        speech = self.voice_activity.speech(voice)
        if not speech:
            raise NoSpeech(file=name)
        background = write_background(
            mix,
            whole,
            speech,
            self.scratch / "background.wav",
            check,
            lambda done: call.progress(_SEPARATING + (1 - _SEPARATING) * done),
        )
        if source.original is None:
            place.unlink()
        name = profile_name(options.loudness, heard_beside=True)
        as_original = PROFILES[name].as_original
        return replace(
            source,
            voice=voice,
            background=background,
            original=source.original and whole,
            separated_by=self.engine.describe(Separate.probe()),
            original_lufs=original_lufs(mix, None, check) if as_original else None,
        )


def _silent(_: float) -> None:
    """Nobody is told."""
