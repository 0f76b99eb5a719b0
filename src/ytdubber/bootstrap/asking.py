"""How vendors are asked: by this process, or by one that outlives it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from ytdubber.adapters.calling.engines import (
    CalledShortener,
    CalledSpeechToText,
    CalledSynthesizer,
    CalledTranslator,
)
from ytdubber.adapters.calling.process import VendorProcess
from ytdubber.app.remembered import (
    RememberedShortener,
    RememberedSpeechToText,
    RememberedSynthesizer,
    RememberedTranslator,
)
from ytdubber.app.turns import TakesTurns
from ytdubber.bootstrap.vendors import Vendors
from ytdubber.ports.result_store import ResultStore
from ytdubber.ports.shortener import Shortener
from ytdubber.ports.speech_synthesizer import SpeechSynthesizer
from ytdubber.ports.speech_to_text import SpeechToText
from ytdubber.ports.translator import Translator


class Asking(Protocol):
    """Vendors' engines, each remembering what it makes."""

    def listener(self, vendor: str) -> SpeechToText:
        """Who hears."""
        ...

    def translator(self, vendor: str, place: int) -> Translator:
        """Who translates: the vendor's model in this place."""
        ...

    def shortener(self, vendor: str, place: int) -> Shortener:
        """Who shortens: the same model."""
        ...

    def speaker(self, vendor: str) -> SpeechSynthesizer:
        """Who speaks."""
        ...


AskedFor = Callable[[ResultStore], Asking]
"""How vendors are asked for a job, by what it remembers."""


@dataclass(frozen=True, slots=True)
class AskedHere:
    """By this process: what is remembered is not asked for, the rest goes through the guards.

    Attributes:
        vendors: The engines and their guards.
        turns: Of all that share the results.
        results: What the job remembers.
    """

    vendors: Vendors
    turns: TakesTurns
    results: ResultStore

    def listener(self, vendor: str) -> SpeechToText:
        asked = self.vendors.hearing[vendor]
        return RememberedSpeechToText(asked.engine, self.results, asked.guard, self.turns)

    def translator(self, vendor: str, place: int) -> Translator:
        asked = self.vendors.translating[vendor][place]
        return RememberedTranslator(asked.engine, self.results, asked.guard, self.turns)

    def shortener(self, vendor: str, place: int) -> Shortener:
        asked = self.vendors.translating[vendor][place]
        return RememberedShortener(asked.engine, self.results, asked.guard, self.turns)

    def speaker(self, vendor: str) -> SpeechSynthesizer:
        asked = self.vendors.speaking[vendor]
        return RememberedSynthesizer(asked.engine, self.results, asked.guard, self.turns)


@dataclass(frozen=True, slots=True)
class AskedElsewhere:
    """By another process, which remembers for itself.

    Attributes:
        vendors: The engines, asked here for no more than what they are.
        process: Asks them.
    """

    vendors: Vendors
    process: VendorProcess

    def listener(self, vendor: str) -> SpeechToText:
        return CalledSpeechToText(self.vendors.hearing[vendor].engine, self.process, vendor)

    def translator(self, vendor: str, place: int) -> Translator:
        inner = self.vendors.translating[vendor][place].engine
        return CalledTranslator(inner, self.process, vendor, place)

    def shortener(self, vendor: str, place: int) -> Shortener:
        inner = self.vendors.translating[vendor][place].engine
        return CalledShortener(inner, self.process, vendor, place)

    def speaker(self, vendor: str) -> SpeechSynthesizer:
        return CalledSynthesizer(self.vendors.speaking[vendor].engine, self.process, vendor)
