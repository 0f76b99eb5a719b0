"""Which engine did a piece of work."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EngineId:
    """A provider's model at a version; equal ids give equal results for equal input.

    Attributes:
        provider: Who runs it: `faster-whisper`, `kokoro`, a vendor's name.
        model: The provider's name of the model.
        version: The versions of the software, ours as a hash of its code, and the hash of the
            model's bytes where they are at hand.
    """

    provider: str
    model: str
    version: str
