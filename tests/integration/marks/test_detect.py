"""What `ytdubber detect` says of finished files."""

import json
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile as sf
from numpy.typing import NDArray
from tests.integration.marks.sounds import sound
from tests.unit.app.conftest import FakeDubbing
from tests.unit.audio.sounds import music, speech, write_media
from typer.testing import CliRunner

from ytdubber.adapters.c2pa.certificates import own_identity
from ytdubber.adapters.c2pa.signing import C2paSigner
from ytdubber.audio.files import write_wav
from ytdubber.audio.mixer import master
from ytdubber.audio.profiles import AudioFormat, Content, Deliverable
from ytdubber.audio.timeline import Clip
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


def test_the_watermark_is_heard_where_all_else_is_gone(tmp_path: Path) -> None:
    """Of a dub that somebody put music under and encoded anew, without its fields."""
    take = write_wav(tmp_path / "take.wav", speech(9.0), 24_000)
    clips = [Clip(take, 48_000, 9 * 48_000, synthetic=True)]
    bed = write_wav(tmp_path / "bed.wav", 0.3 * music(11.0), 48_000)
    said = {}
    for marked in (True, False):
        wanted = [Deliverable(Content.MIX, AudioFormat.FLAC, tmp_path / f"{marked}.flac")]
        (made,) = master(clips, bed, 11 * 48_000, wanted, watermark=marked)
        assert made.watermark is marked
        sound, rate_hz = sf.read(made.path, dtype="float32")
        path = tmp_path / f"{marked}.mp3"
        write_media(path, sound, rate_hz, "libmp3lame", "mp3")
        said[marked] = CliRunner().invoke(app, ["detect", str(path)])
    assert said[True].exit_code == 0, said[True].output
    assert "True.mp3: made by AI. Nothing tells whether" in said[True].stdout
    assert "watermark: present (score " in said[True].stdout
    assert said[False].exit_code == 1
    assert "watermark: not found (score " in said[False].stdout


def test_it_is_heard_in_that_sound_of_a_video_that_carries_it(tmp_path: Path) -> None:
    take = write_wav(tmp_path / "take.wav", speech(9.0), 24_000)
    wanted = [Deliverable(Content.VOICE, AudioFormat.WAV, tmp_path / "voice.wav")]
    clips = [Clip(take, 0, 9 * 48_000, synthetic=True)]
    (made,) = master(clips, None, 9 * 48_000, wanted, watermark=True)
    sounds = [speech(9.0, 48_000, 3), sf.read(made.path, dtype="float32")[0]]
    film = with_sounds(tmp_path / "film.mkv", sounds)
    (found,) = detect(film)
    assert found["by_ai"] is True
    assert isinstance(found["watermark"], dict)
    assert found["watermark"]["presence"] == "present"
    (plain,) = detect(with_sounds(tmp_path / "plain.mkv", sounds[:1]), code=1)
    assert isinstance(plain["watermark"], dict)
    assert plain["watermark"]["presence"] == "not found"


def with_sounds(path: Path, sounds: list[NDArray[np.float32]]) -> Path:
    """A film of some sounds, one channel each."""
    with av.open(str(path), "w") as file:
        streams = [file.add_stream("pcm_s16le", rate=48_000, layout="mono") for _ in sounds]
        for stream, sound in zip(streams, sounds, strict=True):
            whole = np.rint(sound * 32_767).astype(np.int16)[np.newaxis]
            frame = av.AudioFrame.from_ndarray(whole, format="s16", layout="mono")
            frame.sample_rate, frame.pts = 48_000, 0
            frame.time_base = Fraction(1, 48_000)
            file.mux([*stream.encode(frame), *stream.encode(None)])
    return path


def test_a_dub_carries_it_when_asked_and_only_where_a_machine_speaks(fakes: FakeDubbing) -> None:
    def sound(kind: str) -> NDArray[np.int32]:
        return np.asarray(sf.read(fakes.out / "pt" / f"{kind}.flac", dtype="int32")[0])

    plain = fakes.dub(fakes.request("pt", stems=True))
    assert not any(each.watermark for each in plain.manifest.languages["pt"].files)
    voice = sound("voice")
    marked = fakes.dub(fakes.request("pt", stems=True, watermark=True))
    assert marked.reused == ()
    assert {each.kind for each in marked.manifest.languages["pt"].files if each.watermark} == {
        "voice",
        "mix",
        "voice-stem",
    }
    after = sound("voice")
    assert len(after) == len(voice)
    assert (after != voice).any()
    silent = np.convolve(voice != 0, np.ones(4_801), "same") == 0
    assert silent.any()
    assert not after[silent].any()
    assert fakes.dub(fakes.request("pt", stems=True, watermark=True)).reused == ("pt",)


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
