"""What is asked of a dub on a machine of one's own, and what its files depend on."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from ytdubber.app.casting.engines import Engines
from ytdubber.app.dubs.code_version import dub_version
from ytdubber.app.dubs.heard import Inputs
from ytdubber.app.dubs.manifest import InputFile
from ytdubber.app.pipeline.translated_script import GIVEN
from ytdubber.audio import stretch
from ytdubber.audio.profiles import PROFILES, AudioFormat
from ytdubber.domain.errors import (
    BadSetting,
    EmptyFile,
    FileNotReadable,
    TranslationNotAsked,
    UnknownFormat,
)
from ytdubber.domain.job import DubOptions
from ytdubber.domain.loudness import AUTO
from ytdubber.domain.printable import file_name
from ytdubber.domain.script import Script
from ytdubber.domain.separation import Separating
from ytdubber.domain.video import VideoOptions
from ytdubber.domain.youtube import YouTubeOptions


@dataclass(frozen=True, slots=True)
class DubRequest:
    """What a person asked for; languages are normalized codes.

    Attributes:
        voice: The recording that holds the voice.
        background: Music and effects under it.
        source_language: What is spoken; None to find out.
        target_languages: What to dub it into.
        options: How.
        video: What videos it comes with.
        script: What is said, where a person gives it.
        translations: What to say, by target, where a person gives it.
        bundle: What a bundle for YouTube is to have, where one is wanted.
    """

    voice: Path
    background: Path | None
    source_language: str | None
    target_languages: tuple[str, ...]
    options: DubOptions
    video: VideoOptions | None = None
    script: Script | None = None
    translations: Mapping[str, Script] = field(default_factory=dict)
    bundle: YouTubeOptions | None = None

    @property
    def untranslated(self) -> tuple[str, ...]:
        """The targets that have to be translated into."""
        return tuple(each for each in self.target_languages if each not in self.translations)

    @property
    def may_be_separated(self) -> bool:
        """Whether the voice file may be taken apart."""
        return self.background is None and self.options.separate is not Separating.NEVER

    @property
    def keep_original(self) -> bool:
        """Whether the original of lines is heard as it is."""
        return any(each.edits.keep_original for each in self.translations.values())

    def check(self) -> None:
        """Refuse what cannot be made whoever makes it.

        Raises:
            BadInput: a format, a loudness or a file is not to be had, or stems do not add up.
        """
        known = [each.value for each in AudioFormat]
        for name in self.options.formats:
            if name not in known:
                raise UnknownFormat(format=name, formats=", ".join(known))
        if self.options.loudness not in (AUTO, *PROFILES):
            reason = f"'{self.options.loudness}' is not one of {', '.join(PROFILES)}."
            raise BadSetting(variable="loudness", reason=reason)
        _stems_possible(self)
        for language in self.translations.keys() - set(self.target_languages):
            raise TranslationNotAsked(file=self.translations[language].name, language=language)
        for path in filter(None, (self.voice, self.background)):
            _readable(path)

    def inputs(self) -> Inputs:
        """Both files as they are now.

        Raises:
            FileNotReadable: one cannot be read.
        """
        return Inputs(_input(self.voice), _input(self.background) if self.background else None)


def fingerprint(
    at_hand: Engines, request: DubRequest, inputs: Inputs, signed: bool, source: str, target: str
) -> str:
    """A hash of everything a language's files depend on."""
    options = request.options
    stretcher = asdict(stretch.engine())
    asked = [inputs.hashes, request.source_language, source, target]
    parts: list[object] = [dub_version(), stretcher, signed, *asked]
    separator = at_hand.separated_by if request.may_be_separated else None
    given = target in request.translations
    if source != target and (given or at_hand.translates(source, target)):
        preference, tier = options.voice_preference(target), options.voice_tier
        synthesizer, voice = at_hand.cast(target, preference, tier)
        engines = (
            at_hand.recognizer,
            GIVEN if given else at_hand.translated_by(source, target),
            synthesizer.engine,
            *([separator] if separator else []),
        )
        parts += [voice.id, [asdict(engine) for engine in engines]]
    if people := options.voices_of_people(target):
        parts.append(people)
    if source == target:
        parts.append(options.voice_preference(target))
    scripts = [request.script, request.translations.get(target)]
    if any(scripts):
        parts.append([script and asdict(script) for script in scripts])
    parts.append(asdict(replace(options, voices={}, formats=tuple(sorted(options.formats)))))
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _stems_possible(request: DubRequest) -> None:
    """Refuse stems of a mix that is not made, or not without loss."""
    if not request.options.stems:
        return
    if request.background is None and request.options.separate is not Separating.ALWAYS:
        reason = (
            "there is no mix to part into stems. Give its music as the background, or ask for the"
            " recording to be separated."
        )
        raise BadSetting(variable="stems", reason=reason)
    if not any(AudioFormat(name).lossless for name in request.options.formats):
        reason = "stems add up to the mix in flac and wav only. Name one of them as a format."
        raise BadSetting(variable="stems", reason=reason)


def _readable(path: Path) -> None:
    try:
        with path.open("rb") as file:
            if not file.read(1):
                raise EmptyFile(file=path)
    except OSError as error:
        raise FileNotReadable(file=path, reason=error.strerror or error) from None


def _input(path: Path) -> InputFile:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileNotReadable(file=path, reason=error.strerror or error) from None
    return InputFile(
        name=file_name(path.name), bytes=path.stat().st_size, sha256=digest, duration_ms=0
    )
