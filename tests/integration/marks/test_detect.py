"""What `ytdubber detect` says of finished files."""

import json
from pathlib import Path

import pytest
from tests.integration.marks.sounds import sound
from tests.unit.app.conftest import FakeDubbing
from typer.testing import CliRunner

from ytdubber.adapters.c2pa.certificates import own_identity
from ytdubber.adapters.c2pa.signing import C2paSigner
from ytdubber.audio.profiles import AudioFormat
from ytdubber.cli.main import app
from ytdubber.domain.errors import NotSigned

FORMATS = ("flac", "mp3", "m4a", "opus", "wav")


@pytest.fixture
def fakes(tmp_path: Path) -> FakeDubbing:
    return FakeDubbing(tmp_path, signer=C2paSigner(lambda: own_identity(tmp_path / "c2pa")))


def detect(*files: Path, code: int = 0) -> list[dict[str, object]]:
    shown = CliRunner().invoke(app, ["detect", *map(str, files), "--json"])
    assert shown.exit_code == code, shown.output
    found: list[dict[str, object]] = json.loads(shown.stdout)
    return found


def test_every_file_of_a_dub_says_that_ai_made_it(fakes: FakeDubbing) -> None:
    outcome = fakes.dub(fakes.request("pt", formats=FORMATS, stems=True))
    files = outcome.manifest.languages["pt"].files
    sounds = {f"{each.kind}.{each.format}": each for each in files if each.samples}
    assert {name for name, each in sounds.items() if each.signed} == {
        f"{kind}.{name}"
        for kind in ("voice", "mix", "voice-stem")
        for name in ("flac", "m4a", "mp3", "wav")
        if kind != "voice-stem" or name in ("flac", "wav")
    }
    assert {name for name, each in sounds.items() if not each.synthetic} == {
        "background-stem.flac",
        "background-stem.wav",
    }
    spoken = [fakes.out / each.path for each in sounds.values() if each.synthetic]
    captions = fakes.out / "pt" / "captions.vtt"
    for each in detect(*spoken, captions):
        assert (each["by_ai"], each["whole"], each["as_manifest"]) == (True, True, True)
        assert each["comment"] == "Dubbed by AI: Português."
    assert captions.read_text("utf-8").startswith(
        "WEBVTT\nKind: captions\nLanguage: pt-BR\n\nNOTE Dubbed by AI: Português.\n\n"
    )
    (background,) = detect(fakes.out / "pt" / "background-stem.wav", code=1)
    assert (background["by_ai"], background["credentials"]) == (False, None)


def test_a_changed_file_is_told_by_what_it_carries_itself(
    fakes: FakeDubbing, tmp_path: Path
) -> None:
    fakes.dub(fakes.request("pt"))
    moved = tmp_path / "talk.flac"
    data = bytearray((fakes.out / "pt" / "mix.flac").read_bytes())
    moved.write_bytes(data)
    (found,) = detect(moved)
    assert (found["whole"], found["as_manifest"]) == (True, None)
    data[-100] ^= 1
    moved.write_bytes(data)
    shown = CliRunner().invoke(app, ["detect", str(moved)])
    assert shown.exit_code == 1
    assert "talk.flac: made by AI. It was CHANGED since it was made." in shown.stdout
    assert "signed by This installation, whom no list of trust names" in shown.stdout


def test_one_that_holds_no_signature_is_compared_with_its_dub(fakes: FakeDubbing) -> None:
    fakes.dub(fakes.request("pt", formats=("opus",)))
    mix = fakes.out / "pt" / "mix.opus"
    assert detect(mix)[0]["whole"] is True
    with mix.open("ab") as file:
        file.write(b"more")
    assert detect(mix, code=1)[0]["as_manifest"] is False


def test_other_files_say_nothing(tmp_path: Path) -> None:
    own = tmp_path / "own.wav"
    sound(tmp_path, AudioFormat.WAV).rename(own)
    text = tmp_path / "notes.txt"
    text.write_text("Nothing of that.\n")
    media, notes = detect(own, text, code=1)
    assert (media["by_ai"], media["whole"]) == (True, None)  # its fields say so
    assert (notes["by_ai"], notes["whole"]) == (False, None)
    missing = CliRunner().invoke(app, ["detect", str(tmp_path / "none.wav")])
    assert missing.exit_code != 0
    assert "none.wav" in str(missing.exception)


class Refuses(C2paSigner):
    """A key that cannot be had."""

    def sign(self, path: Path, *_: object, **__: object) -> None:
        raise NotSigned(file=path.name, reason="no key")


def test_what_could_not_be_signed_is_delivered_and_told(fakes: FakeDubbing) -> None:
    fakes.signer = Refuses(lambda: own_identity(fakes.folder / "c2pa"))
    made = fakes.dub(fakes.request("pt")).manifest.languages["pt"]
    assert made.status == "complete"
    assert not any(each.signed for each in made.files)
    assert "mix.flac could not be signed as made by AI." in made.notes
    assert "voice.flac could not be signed as made by AI." in made.notes


def test_a_dub_is_made_anew_when_signing_is_switched_on(fakes: FakeDubbing) -> None:
    signer, fakes.signer = fakes.signer, None
    assert fakes.dub(fakes.request("pt")).reused == ()
    assert fakes.dub(fakes.request("pt")).reused == ("pt",)
    fakes.signer = signer
    outcome = fakes.dub(fakes.request("pt"))
    assert outcome.reused == ()
    assert all(each.signed for each in outcome.manifest.languages["pt"].files if each.samples)
