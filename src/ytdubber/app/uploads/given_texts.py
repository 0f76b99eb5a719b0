"""What a person writes of a job of the service: what is said, and what is to be said. It is kept
among the job's results, and goes with them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ytdubber.app.pipeline.artifacts import Prepared
from ytdubber.captions.scripts import read_script
from ytdubber.domain.errors import BadField, MediaMissing, TranslationNotAsked
from ytdubber.domain.given_lines import given_lines
from ytdubber.domain.job import DubOptions
from ytdubber.domain.languages import NAMES, normalize
from ytdubber.domain.script import Script
from ytdubber.ports.result_store import ResultStore

_SCRIPT = "script"


@dataclass(frozen=True, slots=True)
class GivenTexts:
    """What is given, as it was written: SubRip, WebVTT, TTML, plain text or JSON.

    Attributes:
        script: What is said; empty where nobody knows.
        translations: What is to be said, by language.
    """

    script: str = ""
    translations: Mapping[str, str] = field(default_factory=dict)

    def checked(self, targets: Sequence[str]) -> "GivenTexts":
        """The same by our codes of languages, each in its target's place.

        Raises:
            BadInput: one is no script, or for a language that is not dubbed into.
        """
        if self.script:
            read_script(self.script.encode(), _SCRIPT)
        named: dict[str, str] = {}
        for name, text in self.translations.items():
            language = normalize(name)
            if language in named:
                reason = f"there are two texts for {NAMES[language]}"
                raise BadField(field="translations", reason=reason)
            named[language] = text
            if language not in targets:
                raise TranslationNotAsked(file=_name(language), language=language)
            read_script(text.encode(), _name(language), language)
        return replace(self, translations=named)

    def keep(self, results: ResultStore) -> None:
        """Keep them with the job that they are for."""
        if self.script:
            results.save(_key(None), self.script.encode())
        for language, text in self.translations.items():
            results.save(_key(language), text.encode())


def kept_script(results: ResultStore, options: DubOptions) -> Script | None:
    """What is said, where a person wrote it.

    Raises:
        MediaMissing: it is not there any more.
    """
    return _kept(results, None) if options.script else None


def kept_translation(results: ResultStore, options: DubOptions, language: str) -> Script | None:
    """What is to be said in a language, where a person wrote it.

    Raises:
        MediaMissing: it is not there any more.
    """
    return _kept(results, language) if language in options.translations else None


def cut_as(script: Script | None, prepared: Prepared, language: str) -> Prepared:
    """A recording with its lines as a given translation cuts them, as its first dub had them."""
    if script is None:
        return prepared
    lines = given_lines(script, prepared.transcript, language)
    return replace(prepared, transcript=lines.transcript)


def _kept(results: ResultStore, language: str | None) -> Script:
    data = results.load(_key(language))
    if data is None:
        raise MediaMissing
    return read_script(data, _SCRIPT if language is None else _name(language), language)


def _key(language: str | None) -> str:
    return "what is said" if language is None else f"what is to be said in {language}"


def _name(language: str) -> str:
    """What errors call it."""
    return f"translation {language}"
