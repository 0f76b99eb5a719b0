"""What every speaker does: checks the request, trims what was spoken, writes it."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from ytdubber.domain.errors import Fault, VendorError
from ytdubber.domain.media import AudioFile
from ytdubber.domain.voice import Voice
from ytdubber.ports.speech_synthesizer import SpeakRequest, SpeechSynthesizer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FRAME_MS = 5
KEEP_MS = 20
"""Silence left before and after."""

FADE_MS = 5
SILENCE = 0.01
"""The share of the loudest sample under which a frame at either end is silence: -40 dB."""

HIGHEST = 0.98
"""Samples are scaled down to this where they would exceed it."""


def voice_of(speaker: SpeechSynthesizer, request: SpeakRequest) -> Voice:
    """The voice asked for.

    Raises:
        VendorError: `unsupported` for a voice the speaker does not have in this language;
            `bad_input` for a text too long or a speed outside its range.
    """
    provider = speaker.engine.provider
    if len(request.text) > speaker.max_chars:
        raise VendorError(
            provider,
            Fault.BAD_INPUT,
            f"{len(request.text)} characters; at most {speaker.max_chars}",
        )
    slowest, fastest = speaker.speed_range
    if not slowest - 1e-6 <= request.speed <= fastest + 1e-6:
        raise VendorError(
            provider, Fault.BAD_INPUT, f"speed {request.speed}; it must be {slowest} to {fastest}"
        )
    voices: Iterable[Voice] = speaker.voices(request.language)
    for voice in voices:
        if voice.id == request.voice_id:
            return voice
    raise VendorError(
        provider, Fault.UNSUPPORTED, f"no voice '{request.voice_id}' for '{request.language}'"
    )


def trimmed(samples: "NDArray[np.float32]", rate_hz: int) -> "NDArray[np.float32]":
    """The samples without the silence at their ends but for KEEP_MS, faded; pauses stay.

    Empty when all of it is silence.
    """
    import numpy as np

    frame = rate_hz * FRAME_MS // 1000
    loud = np.abs(samples).max(initial=0.0)
    if loud < 1e-3:
        return samples[:0]
    padded = np.pad(samples, (0, -len(samples) % frame))
    peaks = np.abs(padded).reshape(-1, frame).max(axis=1)
    heard = np.flatnonzero(peaks > SILENCE * loud)
    keep = rate_hz * KEEP_MS // 1000
    start = max(0, int(heard[0]) * frame - keep)
    end = min(len(samples), (int(heard[-1]) + 1) * frame + keep)
    cut = samples[start:end].copy()
    fade = min(rate_hz * FADE_MS // 1000, len(cut) // 2)
    ramp = np.linspace(0.0, 1.0, fade, endpoint=False, dtype=np.float32)
    cut[:fade] *= ramp
    cut[len(cut) - fade :] *= ramp[::-1]
    return cut * np.float32(min(1.0, HIGHEST / loud))


def write(samples: "NDArray[np.float32]", rate_hz: int, into: Path) -> AudioFile:
    """A 16-bit mono WAV file. (A float one would carry the time of day in its PEAK chunk.)"""
    import soundfile

    soundfile.write(into, samples, rate_hz, subtype="PCM_16", format="WAV")
    return AudioFile(into, rate_hz, 1, len(samples))
