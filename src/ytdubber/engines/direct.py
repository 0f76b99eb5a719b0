"""An adapter as an engine."""

from dataclasses import dataclass
from typing import Any

from ytdubber.domain.engine import EngineId
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.engine import Operation, Result
from ytdubber.ports.shortener import Shortener
from ytdubber.ports.speaker_diarizer import SpeakerDiarizer
from ytdubber.ports.speech_synthesizer import SpeechSynthesizer
from ytdubber.ports.speech_to_text import SpeechToText
from ytdubber.ports.translator import Translator
from ytdubber.ports.voice_separator import VoiceSeparator

Port = SpeechToText | SpeakerDiarizer | Translator | Shortener | SpeechSynthesizer | VoiceSeparator


@dataclass(frozen=True, slots=True)
class Direct:
    """The `Engine` that asks a port, with nothing between."""

    port: Port

    def describe(self, operation: Operation[Any]) -> EngineId:
        """Who the port is."""
        return operation.engine_of(self.port)

    def supports(self, operation: Operation[Any]) -> bool:
        """As the port says."""
        return operation.supported_by(self.port)

    def run(self, operation: Operation[Result], call: CallContext) -> Result:
        """As the port."""
        return operation.ask(self.port, call)

    def warm_up(self) -> None:
        """Warm up the port."""
        self.port.warm_up()

    def close(self) -> None:
        """Close the port."""
        self.port.close()
