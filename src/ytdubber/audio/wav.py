"""WAV files written block by block."""

from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ytdubber.files.encrypted import open_file


class WavFile:
    """A WAV file under way; its header has room to become RF64 (EBU Tech 3306) past 4 GiB.

    Rate and channels may be set until the first block.
    """

    HEADER_BYTES = 80

    def __init__(self, path: str, subtype: str) -> None:
        self._file = open_file(Path(path), "wb")
        self._file.write(bytes(self.HEADER_BYTES))
        self._float = subtype == "FLOAT"
        self.rate_hz = self.channels = self.samples = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
            return
        with suppress(OSError):  # on a full disk what is buffered cannot be written either
            self._file.close()

    def write(self, block: NDArray[np.float32]) -> None:
        """Append float32[n, channels]."""
        if self._float:
            data = np.ascontiguousarray(block, "<f4")
        else:
            data = np.clip(np.rint(block * 32768.0), -32768, 32767).astype("<i2")
        self._file.write(data.data)
        self.samples += block.shape[0]

    def close(self) -> None:
        """Write the header, now that the length is known."""

        def u(value: int, size: int) -> bytes:
            return value.to_bytes(size, "little")

        bits = 32 if self._float else 16
        frame_bytes = self.channels * bits // 8
        data_bytes = self.samples * frame_bytes
        riff_bytes = self.HEADER_BYTES - 8 + data_bytes
        large = riff_bytes >= 1 << 32
        ds64 = u(riff_bytes, 8) + u(data_bytes, 8) + u(self.samples, 8) + u(0, 4)
        header = (
            (b"RF64" if large else b"RIFF")
            + (u(0xFFFFFFFF if large else riff_bytes, 4) + b"WAVE")
            + (b"ds64" + u(28, 4) + ds64 if large else b"JUNK" + u(28, 4) + bytes(28))
            + (b"fmt " + u(16, 4) + u(3 if self._float else 1, 2) + u(self.channels, 2))
            + (u(self.rate_hz, 4) + u(self.rate_hz * frame_bytes, 4))
            + (u(frame_bytes, 2) + u(bits, 2))
            + (b"data" + u(0xFFFFFFFF if large else data_bytes, 4))
        )
        with self._file:
            self._file.seek(0)
            self._file.write(header)
