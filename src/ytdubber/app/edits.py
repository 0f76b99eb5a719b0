"""Lines of a finished dub that a person changes, kept beside it until they are spoken.

What is changed stands in `edits/<language>.json`, which names every line of the language, so that
it is a script to be said word for word. How the dub was asked for stands in `recipe.json`, by
language.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ytdubber.app.manifest import read_manifest
from ytdubber.domain.errors import LineNotThere, NoDubToEdit, NoRecipe
from ytdubber.domain.held_levels import levels_of
from ytdubber.domain.line_edit import LineEdit
from ytdubber.domain.spacing import one_line
from ytdubber.ports.blob_store import BlobStore

RECIPE = "recipe.json"


@dataclass(frozen=True, slots=True)
class EditLine:
    """A line of a finished dub.

    Attributes:
        number: Its place, from 1.
        id: The utterance it is of.
        start_ms: When it begins in the dub.
        source: What was said.
        spoken: What the dub says.
        text: What it is to say; the same where nothing was changed.
        rate: How much faster than its voice's own pace it is heard.
        review: Why a person should listen to it.
        edit: How it is to be besides its text, where that is not as it would be made.
        shown: How it is in the dub.
    """

    number: int
    id: str
    start_ms: int
    source: str
    spoken: str
    text: str
    rate: float
    review: tuple[str, ...]
    edit: LineEdit = field(default_factory=LineEdit)
    shown: LineEdit = field(default_factory=LineEdit)

    @property
    def edited(self) -> bool:
        """Whether it is to be otherwise than it is."""
        return self.text != self.spoken or self.edit != self.shown

    @property
    def spoken_anew(self) -> bool:
        """Whether another take of it is needed."""
        return self.text != self.spoken or self.edit.voice != self.shown.voice


def _edit_of(utterance: Mapping[str, Any]) -> LineEdit:
    return LineEdit().with_changes(utterance.get("edit", {}))


def _edit_json(edit: LineEdit) -> dict[str, object]:
    differs = edit.to_json()
    return {"edit": differs} if differs else {}


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
        kept = json.loads(self.blobs.read(edit_key(language)) or b"{}").get("utterances", ())
        changed = {each["id"]: each for each in kept}
        return [
            EditLine(
                number,
                each["id"],
                each["dub_start_ms"],
                each["source"],
                each["target"],
                changed.get(each["id"], each)["target"],
                each["rate"],
                tuple(each.get("review", ())),
                _edit_of(changed.get(each["id"], each)),
                _edit_of(each),
            )
            for number, each in enumerate(spoken.get("utterances", ()), 1)
        ]

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
        known = {name: at for at, line in enumerate(lines) for name in (str(at + 1), line.id)}
        for name, change in changes.items():
            text = one_line(str(change.get("text", "x")))
            if name not in known or not text:
                raise LineNotThere(line=name, language=language, lines=len(lines))
            before = lines[known[name]]
            edit = before.edit.with_changes({k: v for k, v in change.items() if k != "text"})
            said = text if "text" in change else before.text
            lines[known[name]] = replace(before, text=said, edit=edit)
        self._keep(language, lines, scratch)
        return self.lines(language)

    def _keep(self, language: str, lines: Sequence[EditLine], scratch: Path) -> None:
        utterances = [
            {"id": line.id, "target": line.text} | _edit_json(line.edit) for line in lines
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
