"""Decodes a file as it is and out of an encrypted folder: `-m decode_by_itself FILE FOLDER LIMITS`.

Prints a line for each; the WAV files are left in the folder in the clear, as 0.plain and 1.plain.
"""

import json
import sys
from pathlib import Path

from ytdubber.audio.decode import DecodeLimits, DecodeOutput, decode
from ytdubber.domain.errors import BadInput
from ytdubber.files.encrypted import encrypted, read_bytes, write_bytes


def main(source: Path, folder: Path, limits: DecodeLimits) -> None:
    """Decode, and tell of each what it held or why it was refused."""
    with encrypted(folder):
        hidden = folder / "hidden"
        write_bytes(hidden, source.read_bytes())
        for number, media in enumerate((source, hidden)):
            output = DecodeOutput(folder / f"{number}.wav")
            try:
                made = decode(media, [output], limits, display_name="media")
            except BadInput as error:
                sys.stdout.write(f"{error}\n")
                continue
            plain = read_bytes(made.files[0].path)
            with (folder / f"{number}.plain").open("wb") as file:
                file.write(plain)
            sys.stdout.write(f"{made.container} {made.samples}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), DecodeLimits(**json.loads(sys.argv[3])))
