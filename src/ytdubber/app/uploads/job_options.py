"""The options of a job, checked against what can be made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ytdubber.app.casting.engines import Engines
from ytdubber.app.casting.voices import need_voices
from ytdubber.app.dubs.video_of_dub import need_sound
from ytdubber.app.uploads.given_texts import GivenTexts
from ytdubber.audio.profiles import PROFILES, AudioFormat
from ytdubber.domain.errors import (
    BadField,
    BadInput,
    LanguageNotSpoken,
    MachineError,
    NothingToDub,
    PairNotTranslatable,
    TranslationNotAsked,
    UnknownFormat,
)
from ytdubber.domain.glossary import glossary_of
from ytdubber.domain.job import DubOptions
from ytdubber.domain.keep import keep_of
from ytdubber.domain.languages import NAMES, normalize, target
from ytdubber.domain.loudness import AUTO
from ytdubber.domain.pronunciation import spoken_as_of
from ytdubber.domain.whose_voice import whose_voice
from ytdubber.domain.youtube import YouTubeOptions

MOST_LANGUAGES = 40
_PIVOT = "en"  # what can be translated into a language at all can be from English
_USUAL = "es"  # stands for whatever may be spoken where the pivot is the target
_NAMING = ("language", "models", "target")
"""The facts of an error that say which language it is about."""


@dataclass(frozen=True, slots=True)
class JobOptions:
    """What is asked for, as it was sent.

    Attributes:
        target_languages: What to dub into.
        source_language: What is spoken, or None to find out.
        options: How the dubs are made.
        title: What to call the job; the voice file's name when empty.
        texts: What a person wrote of it.
    """

    target_languages: tuple[str, ...]
    source_language: str | None = None
    options: DubOptions = field(default_factory=DubOptions)
    title: str = ""
    texts: GivenTexts = field(default_factory=GivenTexts)


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """Checks options against the engines at hand.

    Attributes:
        engines: Those.
        fetchable: Whether what translates a pair, and is not at hand, can be fetched; may raise
            `PairNotOffered`.
        watermark: Whether voices carry the watermark where nothing is said of it.
    """

    engines: Callable[[], Engines]
    fetchable: Callable[[str, str], bool] = lambda *_: False
    watermark: bool = False

    def __call__(self, job_options: JobOptions) -> JobOptions:
        """The options with normalized languages, each once.

        Raises:
            BadInput: one is not supported; the message says which.
        """
        targets = tuple(dict.fromkeys(target(name) for name in job_options.target_languages))
        source = normalize(job_options.source_language) if job_options.source_language else None
        if not targets:
            raise BadField(field="languages", reason="name at least one language to dub into")
        if len(targets) > MOST_LANGUAGES:
            raise BadField(field="languages", reason=f"at most {MOST_LANGUAGES} at once")
        engines, options = self.engines(), job_options.options
        youtube = _by_our_codes(options.youtube)
        youtube.check()
        options = replace(options, voices=_by_code(options.voices), youtube=youtube)
        texts = job_options.texts.checked(targets)
        if job_options.texts != GivenTexts():
            written = tuple(texts.translations)
            options = replace(options, script=bool(texts.script), translations=written)
        for language in options.translations:
            if language not in targets:
                raise TranslationNotAsked(file=f"translation {language}", language=language)
        keep_of(options.keep)
        self._need_all(engines, source, targets, options)
        known = [each.value for each in AudioFormat]
        for name in options.formats:
            if name not in known:
                raise UnknownFormat(format=name, formats=", ".join(known))
        if options.video is not None:
            need_sound(options.video, options.formats)
        if options.loudness not in (AUTO, *PROFILES):
            raise BadField(field="loudness", reason=f"choose one of {', '.join(PROFILES)}")
        options = replace(
            options,
            glossary=glossary_of(options.glossary),
            spoken_as=spoken_as_of(options.spoken_as),
            watermark=self.watermark if options.watermark is None else options.watermark,
        )
        return replace(
            job_options,
            target_languages=targets,
            source_language=source,
            options=options,
            texts=texts,
        )

    def _need_all(
        self, engines: Engines, source: str | None, targets: Sequence[str], options: DubOptions
    ) -> None:
        """Make sure that every target can be translated into and spoken; one that is spoken already
        is left out later.

        Raises:
            NothingToDub: nothing else is wanted.
            BadInput: something cannot be made; where several cannot for the same reason, all are
                named.
        """
        dubbed = [target for target in targets if target != source]
        if not dubbed:
            raise NothingToDub(file="The recording", language=source)
        refused: list[BadInput | MachineError] = []
        for language in dubbed:
            try:
                need_voices(engines, language, options)
                if language in options.translations:
                    continue
                self._need_pair(engines, source, language, alone=len(dubbed) == 1)
            except (BadInput, MachineError) as error:
                refused.append(error)
        if refused:
            raise _together(refused)

    def _need_pair(self, engines: Engines, source: str | None, target: str, *, alone: bool) -> None:
        """Make sure that somebody will translate; where nobody says what is spoken, that something
        can be translated into the target. English among other targets may be what is spoken.

        Raises:
            PairNotTranslatable: nobody will.
        """
        if source is None:
            if engines.sources(target) or (target == _PIVOT and not alone):
                return
            if target == _PIVOT and any(map(self._into_pivot, engines.understood)):
                return
            source = _PIVOT if target != _PIVOT else _USUAL
        if not (engines.translates(source, target) or self.fetchable(source, target)):
            engines.need_pair(source, target)

    def _into_pivot(self, source: str) -> bool:
        try:
            return source != _PIVOT and self.fetchable(source, _PIVOT)
        except PairNotTranslatable:
            return False


def _by_our_codes(given: YouTubeOptions) -> YouTubeOptions:
    """The same with each language once, by our code.

    Raises:
        BadField: one has two texts.
        UnknownLanguage: nobody knows one.
    """
    return YouTubeOptions(
        _each_once("titles", given.titles), _each_once("descriptions", given.descriptions)
    )


def _each_once(field: str, texts: Mapping[str, str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for name, text in texts.items():
        language = normalize(name)
        if language in found:
            raise BadField(field=field, reason=f"there are two for {NAMES[language]}")
        found[language] = text
    return found


def _together(refused: Sequence[BadInput | MachineError]) -> BadInput | MachineError:
    """One error for all: the first, naming what the others of its kind name."""
    first = refused[0]
    if not isinstance(first, LanguageNotSpoken | PairNotTranslatable):
        return first
    alike = [each.facts for each in refused if type(each) is type(first)]
    named = {
        name: ", ".join(dict.fromkeys(str(facts[name]) for facts in alike))
        for name in _NAMING
        if name in first.facts
    }
    return type(first)(**first.facts | named)


def _by_code(voices: Mapping[str, str]) -> dict[str, str]:
    return {whose_voice(name): voice for name, voice in voices.items()}
