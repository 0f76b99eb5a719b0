"""Lines that a person changes, kept beside a finished dub."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from numpy.typing import NDArray
from tests.unit.app.conftest import FakeDubbing

from ytdubber.adapters.filesystem.blobs import FolderBlobStore
from ytdubber.adapters.filesystem.workspace import workspace
from ytdubber.app.dubs.manifest import read_manifest
from ytdubber.app.local.edits import Edits
from ytdubber.captions.scripts import read_script
from ytdubber.domain.errors import BadField, LineNotThere, NoDubToEdit, NoRecipe
from ytdubber.domain.line_edit import LineEdit


@pytest.fixture
def edits(fakes: FakeDubbing) -> Edits:
    fakes.dub(fakes.request("pt", "es"))
    return Edits(fakes.out, FolderBlobStore(fakes.out))


@pytest.fixture
def scratch(fakes: FakeDubbing, edits: Edits) -> Iterator[Path]:
    with workspace(fakes.out) as folder:
        yield folder


def said(line: str, text: str) -> dict[str, dict[str, object]]:
    return {line: {"text": text}}


def test_lines_are_as_the_dub_says_them(edits: Edits) -> None:
    lines = edits.lines("pt")
    assert [line.number for line in lines] == [1, 2, 3]
    assert all(line.text == line.spoken and not line.edited for line in lines)
    assert lines[0].source == "word00 word01 word02 word03."
    assert edits.edited() == []


def test_a_changed_line_is_kept_with_all_others(edits: Edits, scratch: Path) -> None:
    before = [line.spoken for line in edits.lines("pt")]
    edits.set("pt", said("2", "  Outra\n coisa. "), scratch)
    edits.set("pt", said(edits.lines("pt")[2].id, "Mais — é «tudo»."), scratch)
    lines = edits.lines("pt")
    assert [line.text for line in lines] == [before[0], "Outra coisa.", "Mais — é «tudo»."]
    assert [line.spoken for line in lines] == before
    assert [line.edited for line in lines] == [False, True, True]
    assert edits.edited() == ["pt"]
    edits.set("pt", said("2", before[1]) | said("3", before[2]), scratch)
    assert edits.edited() == []


def test_they_are_a_script_to_be_said_word_for_word(
    fakes: FakeDubbing, edits: Edits, scratch: Path
) -> None:
    edits.set("pt", said("1", "Um."), scratch)
    script = read_script((fakes.out / "edits" / "pt.json").read_bytes(), "pt.json")
    assert [line.text for line in script.lines] == [line.text for line in edits.lines("pt")]
    assert [line.utterance_id for line in script.lines] == [e.id for e in edits.lines("pt")]


@pytest.mark.parametrize("name", ["0", "4", "u9999", "", "pt"])
def test_a_line_that_is_not_there_is_refused(name: str, edits: Edits, scratch: Path) -> None:
    with pytest.raises(LineNotThere, match="Its lines are 1 to 3"):
        edits.set("pt", said(name, "Nada."), scratch)
    with pytest.raises(LineNotThere, match="nothing is to be said"):
        edits.set("pt", said("1", "Um.") | said("2", " \n "), scratch)
    assert edits.edited() == []


def test_a_language_without_a_finished_dub_has_no_lines(edits: Edits, tmp_path: Path) -> None:
    with pytest.raises(NoDubToEdit):
        edits.lines("fr")
    with pytest.raises(NoDubToEdit):
        Edits(tmp_path / "none", FolderBlobStore(tmp_path / "none")).lines("pt")


def test_each_language_remembers_how_it_was_asked_for(
    fakes: FakeDubbing, edits: Edits, scratch: Path
) -> None:
    with pytest.raises(NoRecipe):
        edits.recipe("pt")
    edits.keep_recipe({"voice": "/talk\udcff.wav", "to": ["pt", "es"], "duck": False}, scratch)
    edits.keep_recipe({"voice": "/talk\udcff.wav", "to": ["es"], "duck": True}, scratch)
    assert edits.recipe("pt") == {"voice": "/talk\udcff.wav", "to": "pt", "duck": False}
    assert edits.recipe("es") == {"voice": "/talk\udcff.wav", "to": "es", "duck": True}
    (fakes.out / "recipe.json").write_text("nothing")
    with pytest.raises(NoRecipe):
        edits.recipe("pt")


def test_neither_is_part_of_the_dub(fakes: FakeDubbing, edits: Edits, scratch: Path) -> None:
    edits.keep_recipe({"to": ["pt"]}, scratch)
    edits.set("pt", said("1", "Um."), scratch)
    manifest = read_manifest(edits.blobs)
    assert manifest is not None
    assert not {"recipe.json", "edits/pt.json"} & {each.path for each in manifest.files}
    assert json.loads((fakes.out / "edits" / "pt.json").read_text("utf-8"))


def test_a_line_begins_later_is_softer_and_faster_and_the_rest_stays(
    fakes: FakeDubbing, edits: Edits
) -> None:
    def made_anew(change: dict[str, object]) -> NDArray[np.int32]:
        with workspace(fakes.out) as scratch:
            edits.set("es", {"3": change}, scratch)
        assert [line.edited for line in edits.lines("es")] == [False, False, True]
        script = read_script((fakes.out / "edits" / "es.json").read_bytes(), "es.json")
        fakes.dub(replace(fakes.request("pt", "es"), translations={"es": script}))
        assert edits.edited() == []
        return voice()

    def voice() -> NDArray[np.int32]:
        sound, _ = sf.read(fakes.out / "es" / "voice.flac", dtype="int32")
        return np.asarray(sound)

    before, sound = edits.lines("es"), voice()
    otherwise = LineEdit(shift_ms=200, gain_db=-1.0, speed=1.2)
    now = made_anew(otherwise.to_json())
    line = edits.lines("es")[2]
    assert line.start_ms == before[2].start_ms + 200
    assert line.rate >= 1.19
    assert line.edit == line.shown == otherwise
    onset = before[2].start_ms * 48
    assert np.array_equal(now[:onset], sound[:onset])
    assert np.array_equal(made_anew(dict.fromkeys(otherwise.to_json())), sound)


@pytest.mark.parametrize(
    "change", [{"speed": 3.0}, {"gain_db": 99.0}, {"shift_ms": -99_999}], ids=str
)
def test_what_no_line_can_be_is_refused(
    change: dict[str, object], edits: Edits, scratch: Path
) -> None:
    with pytest.raises(BadField, match="give a number from"):
        edits.set("pt", {"1": change}, scratch)
