"""The engines at hand, and which of them serves a language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import (
    LanguageNotSpoken,
    NoPremiumVoices,
    PairNotTranslatable,
)
from ytdubber.domain.languages import NAMES
from ytdubber.domain.voice import Voice, VoiceTier, choose_voice
from ytdubber.engines.middleware.fallback import ByLanguage
from ytdubber.engines.synthesizer import Synthesizer
from ytdubber.ports.engine import Engine
from ytdubber.ports.operations import Separate, Transcribe, Translate
from ytdubber.ports.speaking_rates import SpeakingRates
from ytdubber.ports.speech_to_text import VoiceActivity


@dataclass(frozen=True, slots=True)
class Candidate:
    """An engine that can speak a dub.

    Attributes:
        synthesizer: The engine.
        voices: Its voices of the language, the default first.
        preference: What is preferred of it: a voice's id or a gender it has, or None for the
            default.
    """

    synthesizer: Synthesizer
    voices: Sequence[Voice]
    preference: str | None


@dataclass(frozen=True, slots=True)
class Engines:
    """One engine of each kind; several speakers, in order of preference.

    Attributes:
        speech_to_text: Hears words.
        voice_activity: Hears when somebody speaks.
        translator: Translates.
        synthesizers: Speak; the first that has a voice for the language, the next if it cannot.
        rates: How fast voices speak, as far as is known.
        diarizer: Tells speakers apart, where somebody does.
        diarizes_unasked: Whether it does where nobody says how many there are.
        shortener: Says the same in less time, where the translator can.
        special: Speakers in an order of its own for a language, in place of `synthesizers`.
        premium: Speakers of the premium tier.
        separator: Separates a voice from what is under it, if anybody does.
    """

    speech_to_text: Engine
    voice_activity: VoiceActivity
    translator: Engine
    synthesizers: tuple[Synthesizer, ...]
    rates: SpeakingRates
    shortener: Engine | None = None
    diarizer: Engine | None = None
    diarizes_unasked: bool = True
    special: Mapping[str, tuple[Synthesizer, ...]] = field(default_factory=dict)
    premium: ByLanguage[Synthesizer] = field(default_factory=lambda: ByLanguage(()))
    separator: Engine | None = None

    @property
    def recognizer(self) -> EngineId:
        """Who hears a recording whose language is not known."""
        return self.speech_to_text.describe(Transcribe.probe())

    @property
    def separated_by(self) -> EngineId | None:
        """Who separates a voice from what is under it, if anybody does."""
        return self.separator.describe(Separate.probe()) if self.separator else None

    def diarizer_for(self, speakers: int | None) -> Engine | None:
        """Who tells speakers apart, if anybody does; nobody says how many there are when None."""
        return self.diarizer if self.diarizes_unasked or speakers is not None else None

    @property
    def understood(self) -> frozenset[str]:
        """The languages that can be heard."""
        return frozenset(
            each for each in NAMES if self.speech_to_text.supports(Transcribe.probe(each))
        )

    def translates(self, source: str, target: str) -> bool:
        """Whether somebody translates this pair."""
        return self.translator.supports(Translate((), source, target))

    def translated_by(self, source: str, target: str) -> EngineId:
        """Who translates this pair."""
        return self.translator.describe(Translate((), source, target))

    def voices(self, language: str, tier: VoiceTier = VoiceTier.STANDARD) -> Sequence[Voice]:
        """All voices of a language, the default first."""
        order = self._tier(tier)(language)
        return [voice for each in order for voice in each.voices(language)]

    def spoken(self, tier: VoiceTier = VoiceTier.STANDARD) -> list[str]:
        """The languages somebody speaks, sorted."""
        return sorted(language for language in NAMES if self.voices(language, tier))

    def sources(self, target: str) -> list[str]:
        """The languages that can be heard and translated into this one, sorted."""
        heard = self.understood - {target}
        return sorted(each for each in heard if self.translates(each, target))

    def cast(
        self, language: str, preference: str | None, tier: VoiceTier = VoiceTier.STANDARD
    ) -> tuple[Synthesizer, Voice]:
        """Who speaks a language: the voice that meets the preference and its engine.

        Args:
            language: The target.
            preference: A voice's id, a gender, or None for the default.
            tier: Which engines speak.

        Raises:
            BadInput: as `candidates`.
        """
        first = self.candidates(language, preference, tier)[0]
        return first.synthesizer, choose_voice(first.voices, first.preference, language)

    def candidates(
        self, language: str, preference: str | None, tier: VoiceTier = VoiceTier.STANDARD
    ) -> tuple[Candidate, ...]:
        """Every engine that could speak a language: those that meet the preference, then the
        others.

        Of those others a voice of the same gender is preferred, where one was meant.

        Raises:
            LanguageNotSpoken: there is no voice for the language.
            UnknownVoice: there are voices, but none meets the preference.
            NoPremiumVoices: there are none in any language.
        """
        able = [
            (each, voices)
            for each in self._tier(tier)(language)
            if (voices := each.voices(language))
        ]
        if not able:
            raise self._not_spoken(language, tier)
        every = [voice for _, voices in able for voice in voices]
        preferred = choose_voice(every, preference, language)
        meeting = [
            Candidate(each, voices, preference)
            for each, voices in able
            if meets(preference, voices)
        ]
        others = [
            Candidate(each, voices, preferred.gender if meets(preferred.gender, voices) else None)
            for each, voices in able
            if not meets(preference, voices)
        ]
        return (*meeting, *others)

    def need_pair(self, source: str, target: str) -> None:
        """Make sure that somebody translates this pair.

        Raises:
            PairNotTranslatable: nobody does; it names the models to get, which for a pair without
                English are its two halves.
        """
        if self.translates(source, target):
            return
        halves = [(source, target)]
        if "en" not in (source, target):
            halves = [(source, "en"), ("en", target)]
        models = " ".join(f"firefox-{one}-{other}" for one, other in halves)
        raise PairNotTranslatable(source=source, target=target, models=models)

    def close(self) -> None:
        """Close every engine."""
        self.speech_to_text.close()
        if self.diarizer is not None:
            self.diarizer.close()
        self.translator.close()
        for tier in VoiceTier:
            for synthesizer in self._tier(tier):
                synthesizer.close()

    def _tier(self, tier: VoiceTier) -> ByLanguage[Synthesizer]:
        if tier == VoiceTier.PREMIUM:
            return self.premium
        return ByLanguage(self.synthesizers, self.special)

    def _not_spoken(self, language: str, tier: VoiceTier) -> LanguageNotSpoken | NoPremiumVoices:
        spoken = self.spoken(tier)
        if not spoken and tier == VoiceTier.PREMIUM:
            return NoPremiumVoices()
        return LanguageNotSpoken(
            language=NAMES[language],
            languages=", ".join(spoken) or "none",
        )


def meets(preference: str | None, voices: Sequence[Voice]) -> bool:
    """Whether one of the voices meets a preference: an id, a gender, or None."""
    return any(preference in (None, voice.id, voice.gender) for voice in voices)
