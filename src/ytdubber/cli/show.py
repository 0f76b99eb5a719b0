"""`ytdubber show`."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from ytdubber.app.dubs.manifest import LanguageEntry, Manifest, intact
from ytdubber.bootstrap.local import open_dub
from ytdubber.cli.console import out, plain
from ytdubber.cli.review import sentences
from ytdubber.domain.errors import FileNotReadable, YtDubberError
from ytdubber.domain.languages import NAMES
from ytdubber.domain.printable import printable


class DubDamaged(YtDubberError):
    code = "dub_damaged"
    template = "{folder}: {files} do not have the bytes the manifest names. Dub again."
    folder: Path
    files: str


MORE = "Every file is compared with its hash in the manifest."
"""What its help says besides."""


def show(
    folder: Annotated[Path, typer.Argument(help="The folder of a finished dub.")],
) -> None:
    manifest, blobs = open_dub(folder)
    if manifest is None:
        raise FileNotReadable(file=folder / "manifest.json", reason="there is no finished dub")
    for language, entry in manifest.languages.items():
        if entry.status == "complete":
            _lines(folder, language)
            _review(entry)
            _files(language, entry)
    _videos(manifest)
    _timings(manifest)
    files = manifest.files
    damaged = [file.path for file in files if not intact([file], blobs)]
    if damaged:
        raise DubDamaged(folder=folder, files=", ".join(damaged))
    named = printable(str(folder))
    out.print(f"{len(files)} files in {named}, all as the manifest names them.")


def _lines(folder: Path, language: str) -> None:
    lines = json.loads((folder / language / "translation.json").read_bytes())["utterances"]
    table = Table(title=f"{NAMES[language]}: {len(lines)} lines", title_justify="left")
    for heading in ("start", "slot", "spoken", "rate"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("said", ratio=1)
    table.add_column("dubbed", ratio=1)
    for line in lines:
        table.add_row(
            f"{line['dub_start_ms'] / 1000:.2f} s",
            f"{line['slot_ms'] / 1000:.2f} s",
            f"{line['spoken_ms'] / 1000:.2f} s",
            f"{line['rate']:.2f}" + (" !" if line["needs_review"] else ""),
            plain(line["source"]),
            plain(line["target"]),
        )
    out.print(table, soft_wrap=False)


def _review(entry: LanguageEntry) -> None:
    if entry.review:
        out.print("To review:")
    for sentence in sentences(entry.review):
        out.print(f"  {sentence}")


def _files(language: str, entry: LanguageEntry) -> None:
    made_from = f" (made from {entry.source.voice.name})" if entry.source else ""
    table = Table(title=plain(f"{NAMES[language]}: files{made_from}"), title_justify="left")
    table.add_column("file")
    for heading in ("duration", "loudness", "true peak", "size"):
        table.add_column(heading, justify="right")
    for file in entry.files:
        sound = file.duration_ms is not None
        table.add_row(
            plain(file.path),
            f"{(file.duration_ms or 0) / 1000:.3f} s" if sound else "",
            f"{file.integrated_lufs:.1f} LUFS" if file.integrated_lufs is not None else "",
            f"{file.true_peak_dbtp:.1f} dBTP" if file.true_peak_dbtp is not None else "",
            f"{file.bytes / 1000:.0f} kB",
        )
    out.print(table, soft_wrap=False)


def _videos(manifest: Manifest) -> None:
    for video in manifest.videos:
        spoken = ", ".join(NAMES[language] for language in video.languages)
        out.print(plain(f"Video: {video.path}, {video.bytes / 1e6:.1f} MB, with {spoken}"))


def _timings(manifest: Manifest) -> None:
    parts = [f"{name} {ms / 1000:.2f} s" for name, ms in manifest.timings_ms.items()]
    for language, entry in manifest.languages.items():
        parts += [f"{language}: {name} {ms / 1000:.2f} s" for name, ms in entry.timings_ms.items()]
    total_ms = sum(manifest.timings_ms.values()) + sum(
        sum(entry.timings_ms.values()) for entry in manifest.languages.values()
    )
    out.print(f"Time taken: {', '.join(parts)}; in all {total_ms / 1000:.2f} s.")
