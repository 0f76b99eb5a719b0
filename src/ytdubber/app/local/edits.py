"""Lines of a finished dub that a person changes, kept beside it until they are spoken.

What is changed stands in `edits/<language>.json`, which names every line of the language, so that
it is a script to be said word for word. How the dub was asked for stands in `recipe.json`, by
language.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ytdubber.app.dubs.manifest import read_manifest
from ytdubber.app.local.edit_line import (
    NOT_THERE,
    EditLine,
    edit_json,
    edit_line,
    line_edits,
    new_id,
    place_of,
)
from ytdubber.domain import line_cuts
from ytdubber.domain.edited_transcript import words_within
from ytdubber.domain.errors import BadField, NoDubToEdit, NoRecipe
from ytdubber.domain.held_levels import levels_of
from ytdubber.domain.line_edit import ADDED, LineEdits
from ytdubber.domain.spacing import one_line
from ytdubber.domain.transcript import Word
from ytdubber.ports.blob_store import BlobStore

RECIPE = "recipe.json"


def edit_key(language: str) -> str:
    """Where a language's changed lines are kept."""
    return f"edits/{language}.json"


@dataclass(frozen=True, slots=True)
class Edits:
    """The lines of the dub in a folder.

    Attributes:
        folder: What errors call it.
        blobs: It.
    """

    folder: Path
    blobs: BlobStore

    def languages(self) -> list[str]:
        """The languages that are finished, sorted.

        Raises:
            NoDubToEdit: there is no finished dub.
        """
        manifest = read_manifest(self.blobs)
        made = manifest.languages.items() if manifest else ()
        finished = sorted(code for code, entry in made if entry.status == "complete")
        if not finished:
            raise NoDubToEdit(folder=self.folder)
        return finished

    def lines(self, language: str) -> list[EditLine]:
        """A language's lines as they are, and as they are to be.

        Raises:
            NoDubToEdit: there is none in this language.
        """
        if language not in self.languages():
            raise NoDubToEdit(folder=self.folder)
        spoken = self._spoken(language)
        made = {each["id"]: each for each in spoken.get("utterances", ())}
        kept = json.loads(self.blobs.read(edit_key(language)) or b"{}").get("utterances", ())
        changed = {each["id"]: each for each in kept}
        originals = {
            each["source_start_ms"]
            for passage in spoken.get("kept", ())
            for each in passage["utterances"]
        }
        lines = [edit_line(name, changed.get(name), made.get(name), originals) for name in made]
        lines += [
            line
            for name in changed.keys() - made.keys()
            if (line := edit_line(name, changed[name], None, originals)).edited
            or not name.startswith(ADDED)
        ]
        lines.sort(key=lambda line: (line.source_start_ms, line.id))
        return [replace(line, number=number) for number, line in enumerate(lines, 1)]

    def edited(self) -> list[str]:
        """The languages in which a line is to be otherwise."""
        return [each for each in self.languages() if any(e.edited for e in self.lines(each))]

    def set(
        self, language: str, changes: Mapping[str, Mapping[str, object]], scratch: Path
    ) -> list[EditLine]:
        """Have lines be otherwise; nothing is spoken yet.

        Args:
            language: Which.
            changes: Fields of `LineEdit` by line, its number or its id; None for what is made by
                itself, but for a text.
            scratch: On the folder's file system.

        Raises:
            NoDubToEdit: there is none in this language.
            LineNotThere: it has no such line, or a text is empty.
            BadField: a line cannot be so.
        """
        lines = self.lines(language)
        for name, change in changes.items():
            text = one_line(str(change.get("text", "x")))
            at = place_of(lines, name if text else "", language, name)
            before = lines[at]
            edit = before.edit.with_changes({k: v for k, v in change.items() if k != "text"})
            said = text if "text" in change else before.text
            lines[at] = replace(before, text=said, edit=edit)
        self._keep(language, lines, scratch)
        return self.lines(language)

    def split(self, language: str, name: str, after: str, scratch: Path) -> list[EditLine]:
        """Have a line be two, the first of which ends with these words.

        Raises:
            NoDubToEdit, LineNotThere, BadField: as `set`.
        """
        lines, said = self.lines(language), self._said()
        line = lines[place_of(lines, name, language)]
        place = line.text.find(one_line(after))
        if place < 0 or not after.strip():
            raise BadField(field="after", reason=f"line {line.number} does not have '{after}'")
        words = words_within(said[0], line.source_start_ms, line.source_end_ms)
        at = place + len(one_line(after))
        edits = line_cuts.split(line_edits(lines), line.as_it_is, at, words, new_id(), said[1])
        return self._cut(language, lines, edits, scratch)

    def merge(self, language: str, name: str, scratch: Path) -> list[EditLine]:
        """Have a line and the next one that is said be one.

        Raises:
            NoDubToEdit, LineNotThere, BadField: as `set`.
        """
        lines = self.lines(language)
        at = place_of(lines, name, language)
        following = next((line for line in lines[at + 1 :] if not line.edit.removed), None)
        if following is None:
            raise BadField(field="line", reason="there is none after it")
        first, second = lines[at].as_it_is, following.as_it_is
        edits = line_cuts.merged(line_edits(lines), first, second, self._said()[1], language)
        return self._cut(language, lines, edits, scratch)

    def insert(
        self, language: str, text: str, start_ms: int, end_ms: int, scratch: Path
    ) -> list[EditLine]:
        """Have something said where nobody heard a line, by whoever speaks before.

        Raises:
            NoDubToEdit, BadField: as `set`.
        """
        lines = self.lines(language)
        before = [line for line in lines if line.source_start_ms <= start_ms]
        speaker = (before[-1:] or lines[:1] or [NOT_THERE])[0].speaker
        edits = line_cuts.added(line_edits(lines), new_id(), text, start_ms, end_ms, speaker)
        return self._cut(language, lines, edits, scratch)

    def _cut(
        self, language: str, lines: Sequence[EditLine], edits: LineEdits, scratch: Path
    ) -> list[EditLine]:
        known = {line.id: line for line in lines}
        for name, edit in edits.by_id.items():
            known[name] = known.get(name, replace(NOT_THERE, id=name)).cut(edit)
        self._keep(language, list(known.values()), scratch)
        return self.lines(language)

    def _said(self) -> tuple[list[Word], str]:
        """The words of the recording, and its language."""
        told = json.loads(self.blobs.read("transcript.json") or b"{}")
        words = [
            Word(each["text"], each["start_ms"], each["end_ms"], each["confidence"])
            for utterance in told.get("utterances", ())
            for each in utterance["words"]
        ]
        return words, str(told.get("language", ""))

    def _keep(self, language: str, lines: Sequence[EditLine], scratch: Path) -> None:
        utterances = [
            {
                "id": line.id,
                "target": line.text,
                "source": line.source,
                "speaker": line.speaker,
                "source_start_ms": line.source_start_ms,
                "source_end_ms": line.source_end_ms,
            }
            | edit_json(line)
            for line in lines
        ]
        levels = levels_of(self._spoken(language).get("levels"))
        anew = {line.id for line in lines if line.spoken_anew}
        held = {"held_levels": levels.without(anew).to_json()} if levels else {}
        self._put({edit_key(language): {"utterances": utterances} | held}, scratch)

    def _spoken(self, language: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.blobs.read(f"{language}/translation.json") or b"{}")
        return found

    def recipe(self, language: str) -> dict[str, Any]:
        """How a language was asked for: what `ytdubber.dub` is called with.

        Raises:
            NoRecipe: it is not known.
        """
        found = self._recipes().get(language)
        if not isinstance(found, dict):
            raise NoRecipe(folder=self.folder)
        return found

    def keep_recipe(self, recipe: Mapping[str, object], scratch: Path) -> None:
        """Note how languages were asked for."""
        before = self._recipes()
        languages = recipe["to"]
        assert isinstance(languages, list)  # noqa: S101 -- the library gives one
        after = before | {each: dict(recipe) | {"to": each} for each in languages}
        if after != before:
            self._put({RECIPE: after}, scratch)

    def _recipes(self) -> dict[str, Any]:
        try:
            found = json.loads(self.blobs.read(RECIPE) or b"{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def _put(self, files: Mapping[str, object], scratch: Path) -> None:
        placed = {}
        for number, (key, value) in enumerate(files.items()):
            placed[key] = scratch / f"edit-{number}"
            # Paths that are no UTF-8 are kept by the escapes of JSON.
            text = json.dumps(value, ensure_ascii=key == RECIPE, indent=2) + "\n"
            placed[key].write_bytes(text.encode(errors="replace"))
        self.blobs.replace(placed, (), scratch)
