"""The result of a dub from what the use case and the manifest say."""

from decimal import Decimal
from pathlib import Path

from ytdubber.app.dubs.manifest import NAME, LanguageEntry, Manifest, SourceEntry
from ytdubber.app.local.dub_outcome import DubOutcome
from ytdubber.app.pipeline.file_entry import FileEntry
from ytdubber.domain.languages import NAMES
from ytdubber.domain.media import Interval
from ytdubber.domain.review import Place
from ytdubber.library.results import (
    DubbedLanguage,
    DubFile,
    DubResult,
    DubVideo,
    Figures,
    Source,
    UnmadeLanguage,
)


def result_of(outcome: DubOutcome, folder: Path, charged_usd: Decimal) -> DubResult:
    """What came of a call, with paths under its folder."""
    manifest = outcome.manifest
    source = _source(manifest.source)
    return DubResult(
        folder=folder,
        source=source,
        languages={
            language: dubbed
            for language, entry in manifest.languages.items()
            if (dubbed := _dubbed(language, entry, folder, source)) is not None
        },
        reused=outcome.reused,
        unmade={
            language: _unmade(language, entry, manifest)
            for language, entry in outcome.unmade.items()
        },
        videos=tuple(
            DubVideo(
                path=folder / each.path,
                languages=tuple(each.languages),
                default=each.default,
                bytes=each.bytes,
                sha256=each.sha256,
                notes=tuple(each.notes),
            )
            for each in manifest.videos
        ),
        bundle=tuple(_file(each, folder) for each in manifest.bundle),
        bundle_notes=tuple(manifest.bundle_notes),
        transcript=folder / manifest.transcript.path,
        script=folder / manifest.script.path if manifest.script else None,
        captions=tuple(_file(each, folder) for each in manifest.captions),
        manifest_file=folder / NAME,
        manifest=manifest.model_dump(mode="json"),
        charged_usd=charged_usd,
    )


def _dubbed(
    language: str, entry: LanguageEntry, folder: Path, source: Source
) -> DubbedLanguage | None:
    if entry.status != "complete" or entry.figures is None:
        return None
    return DubbedLanguage(
        language=language,
        name=NAMES[language],
        files=tuple(_file(file, folder) for file in entry.files),
        voice_id=entry.voice or "",
        voices=entry.voices,
        figures=Figures(**dict(entry.figures)),
        review=tuple(
            Place(each.start_ms, each.end_ms, each.line, tuple(each.reasons))
            for each in entry.review
        ),
        notes=tuple(entry.notes),
        source=_source(entry.source) if entry.source else source,
    )


def _unmade(language: str, entry: LanguageEntry, manifest: Manifest) -> UnmadeLanguage:
    there = manifest.languages.get(language)
    return UnmadeLanguage(
        language=language,
        name=NAMES[language],
        status="skipped" if entry.status == "skipped" else "failed",
        code=entry.error_code or "",
        message=entry.error_message or "",
        kept=there is not None and there.status == "complete",
    )


def _file(entry: FileEntry, folder: Path) -> DubFile:
    return DubFile(**{**dict(entry), "path": folder / entry.path})


def _source(entry: SourceEntry) -> Source:
    return Source(
        voice=entry.voice.name,
        background=entry.background.name if entry.background else None,
        language=entry.language,
        samples=entry.samples,
        sample_rate_hz=entry.sample_rate_hz,
        duration_ms=entry.duration_ms,
        track=entry.track,
        notes=tuple(entry.notes),
        uncovered=tuple(Interval(each.start_ms, each.end_ms) for each in entry.uncovered.stretches),
    )
