"""What `dub` and `evaluate` refuse before any work, in sentences that know no command line."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile as sf

import ytdubber


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YTDUBBER_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    path = tmp_path / "voice.wav"
    sf.write(path, 0.1 * np.sin(np.arange(16_000) * 0.05), 16_000)
    return path


def refused(voice: Path, **options: Any) -> ytdubber.YtDubberError:
    """Why a dub is refused; nothing is made."""
    out = voice.parent / "new" / "out"
    asked: dict[str, Any] = {"to": "pt", "out": out} | options
    with pytest.raises(ytdubber.YtDubberError) as told:
        ytdubber.dub(voice, **asked)
    assert not out.parent.exists()
    return told.value


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    error = refused(tmp_path / "none.wav")
    assert isinstance(error, ytdubber.BadInput)
    assert error.code == "file_not_readable"
    assert str(error).startswith(f"{tmp_path / 'none.wav'}: cannot be read (No such file")


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        ({"to": []}, "bad_field", "to: name a language to dub into."),
        ({"to": "klingon"}, "unknown_language", "'klingon' is not a language we know"),
        ({"to": ["pt", "pt-PT"]}, "locale_not_made", "'pt-PT' is not made here"),
        ({"source_language": "xx"}, "unknown_language", "'xx' is not a language we know"),
        ({"formats": "ogg"}, "unknown_format", "'ogg' is not an output format"),
        ({"formats": ["flac", "aac"]}, "unknown_format", "'aac' is not an output format"),
        ({"voices": {"pt": "nobody"}}, "unknown_voice", "'nobody' is not a voice"),
        ({"voices": "nobody"}, "unknown_voice", "'nobody' is not a voice"),
        ({"voices": {"xx": "male"}}, "unknown_language", "'xx' is not a language we know"),
        ({"loudness": "loud"}, "bad_setting", "loudness: 'loud' is not one of youtube"),
        ({"stems": True}, "bad_setting", "stems: there is no mix"),
        ({"tolerance_ms": -1}, "bad_field", "tolerance_ms: it is at least 0."),
        ({"voice_tier": "best"}, "bad_field", "voice_tier: it is one of standard, premium."),
        ({"video": "avi"}, "bad_field", "video: 'avi' is not one of mp4, mkv."),
        ({"glossary": "x" * 101}, "bad_field", "glossary: at most 100 characters a term."),
        ({"spoken_as": {"LUFS": " "}}, "bad_field", "spoken_as: name a term and what is spoken"),
        ({"to": "en", "source_language": "English"}, "nothing_to_dub", "only target asked for"),
    ],
)
def test_what_is_not_to_be_had(voice: Path, options: dict[str, Any], code: str, says: str) -> None:
    error = refused(voice, **options)
    assert error.code == code
    assert says in str(error)
    assert "--" not in str(error)


def test_a_dub_that_is_cancelled_before_it_begins(voice: Path) -> None:
    token = ytdubber.CancelToken()
    token.cancel()
    assert isinstance(refused(voice, cancel=token), ytdubber.Cancelled)


def test_a_setting_that_is_wrong(voice: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YTDUBBER_THREADS", "x")
    error = refused(voice)
    assert isinstance(error, ytdubber.MachineError)
    assert "YTDUBBER_THREADS" in str(error)


def in_a_thread(function: Callable[[], object]) -> BaseException | None:
    """What a function raises in a thread that is not the main one."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            function()
        except BaseException as error:  # handed to the test
            raised.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return raised[0] if raised else None


def test_it_is_refused_in_another_thread_too(
    voice: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    dubbed = in_a_thread(lambda: ytdubber.dub(voice, to="pt", formats="wav", voices="nobody"))
    evaluated = in_a_thread(lambda: ytdubber.evaluate(tmp_path))
    assert isinstance(dubbed, ytdubber.BadInput)
    assert isinstance(evaluated, ytdubber.BadInput)
    assert evaluated.code == "not_a_dub"
    assert capfd.readouterr() == ("", "")
