"""16 kHz mono recordings, read a piece at a time."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from ytdubber.domain.errors import ErrorKind, VendorError
from ytdubber.domain.media import AudioFile, Interval

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RATE_HZ = 16_000


class Recording:
    """An open 16 kHz mono sound file."""

    def __init__(self, file: Any) -> None:
        self._file = file

    @property
    def samples(self) -> int:
        """Its length."""
        return int(self._file.frames)

    def read(self, start: int, count: int) -> "NDArray[np.float32]":
        """Up to `count` samples from `start` on, between -1 and 1."""
        self._file.seek(min(start, self.samples))
        samples: NDArray[np.float32] = self._file.read(count, dtype="float32")
        return samples

    def part(self, interval: Interval) -> "NDArray[np.float32]":
        """The samples of an interval."""
        per_ms = RATE_HZ // 1000
        return self.read(interval.start_ms * per_ms, interval.duration_ms * per_ms)


@contextmanager
def open_recording(audio: AudioFile, provider: str) -> Iterator[Recording]:
    """Open what a recognizer of speech listens to.

    Raises:
        VendorError: `bad_input` for a file that cannot be read, or is not 16 kHz mono.
    """
    import soundfile

    from ytdubber.files.encrypted import open_sound

    with ExitStack() as files:
        try:
            file = files.enter_context(open_sound(audio.path))
        except (soundfile.LibsndfileError, OSError) as error:
            raise VendorError(
                provider, ErrorKind.BAD_INPUT, f"{audio.path.name}: {error}"
            ) from error
        if (file.samplerate, file.channels) != (RATE_HZ, 1):
            raise VendorError(
                provider,
                ErrorKind.BAD_INPUT,
                f"{audio.path.name} is {file.samplerate} Hz with {file.channels} channels;"
                f" {RATE_HZ} Hz mono is needed",
            )
        yield Recording(file)
