"""A language's finished files: captions written, sound signed, all of it put where it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ytdubber.app.pipeline.artifacts import Captions, Mixed
from ytdubber.app.pipeline.file_entry import FileEntry, TextFile
from ytdubber.app.pipeline.kept_mixes import KeptMixes
from ytdubber.app.pipeline.lines import FittedLine
from ytdubber.app.pipeline.original_texts import said_event
from ytdubber.app.pipeline.stages.caption import caption
from ytdubber.app.pipeline.stages.publish import publish
from ytdubber.app.pipeline.stages.sign import sign
from ytdubber.app.pipeline.texts import translation_json
from ytdubber.app.pipeline.translated_script import TranslatedScript
from ytdubber.captions.dapt import ScriptEvent, dapt
from ytdubber.domain.caption_variant import variants_of
from ytdubber.domain.job import DubOptions
from ytdubber.domain.languages import language_of
from ytdubber.domain.provenance import Provenance
from ytdubber.ports.blob_store import BlobSink
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.signer import Signer


@dataclass(frozen=True, slots=True)
class Exported:
    """What a language comes to; `notes` are what its user should know of the files."""

    captions: Captions
    files: tuple[FileEntry, ...]
    notes: tuple[str, ...]


def export(
    script: TranslatedScript,
    lines: Sequence[FittedLine],
    mixed: Mixed,
    options: DubOptions,
    provenance: Provenance,
    signer: Signer | None,
    blobs: BlobSink,
    scratch: Path,
    call: CallContext,
    mixes: KeptMixes | None = None,
) -> Exported:
    """Write what is missing, sign what can be, and put all under `<language>/`."""
    (language,) = provenance.languages
    captions = caption(script, lines, variants_of(options.captions), provenance)
    sound = sign(mixed.files, signer, call)
    if mixes is not None:
        mixes.keep(sound.files)
    uncovered = script.transcript.uncovered
    text = translation_json(language, lines, uncovered, script.kept, mixed.levels, script.edits)
    texts = (
        *captions.files,
        TextFile(f"{language}/translation.ttml", "script", _dapt(script, lines, provenance)),
        TextFile(f"{language}/translation.json", "translation", text),
    )
    files = publish(language, sound, texts, blobs, scratch)
    return Exported(captions, files, (*mixed.notes, *sound.notes))


def _dapt(script: TranslatedScript, lines: Sequence[FittedLine], provenance: Provenance) -> bytes:
    """What was said and what is said instead, as a script for dubbing."""
    events = [said_event(line.utterance, line.text) for line in lines]
    events += [said_event(each) for passage in script.kept for each in passage.said]
    events += [
        ScriptEvent(each.interval, "", each.text, sound=True)
        for each in script.sounds
        if each.interval
    ]
    events.sort(key=lambda event: event.interval)
    spoken = language_of(script.transcript.language).locale
    return dapt(events, provenance.title, spoken, provenance.locales[0]).encode()
