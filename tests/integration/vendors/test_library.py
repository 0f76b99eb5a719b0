"""The public library over vendors: a dub, its progress, and stopping it."""

import signal
import threading
from pathlib import Path
from typing import Any

import pytest
from tests.integration.vendors.conftest import Serve
from tests.integration.vendors.harness import EXAMPLES, invoiced_usd
from tests.waiting import PATIENCE_S

import ytdubber
from ytdubber.testing.vendor_double import VendorDouble

VOICE, BACKGROUND = EXAMPLES / "voice.flac", EXAMPLES / "background.flac"


def dub(folder: Path, **options: Any) -> ytdubber.DubResult:
    chosen: dict[str, Any] = {"to": "es", "out": folder, "formats": "flac"} | options
    return ytdubber.dub(VOICE, **chosen)


def spoken(double: VendorDouble) -> int:
    return len([call for call in double.calls if call.route == "speak"])


def test_a_dub_and_what_is_told_of_it(
    serve: Serve, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    double, out = serve(), tmp_path / "out"
    seen: list[ytdubber.Progress] = []
    told: list[str] = []
    handlers = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    threads: set[threading.Thread] = set()

    def see(progress: ytdubber.Progress) -> None:
        seen.append(progress)
        threads.add(threading.current_thread())

    result = dub(
        out,
        to=["Spanish", "de"],
        background=BACKGROUND,
        formats=("flac", "mp3"),
        stems=True,
        on_progress=see,
        on_message=told.append,
    )
    assert result.complete
    assert set(result.languages) == {"es", "de"}
    spanish = result.languages["es"]
    assert spanish.name == "Spanish"
    assert spanish.voice == out / "es" / "voice.flac"
    assert spanish.mix == out / "es" / "mix.flac"
    assert spanish.find("mix", "mp3") == out / "es" / "mix.mp3"
    assert spanish.find("background-stem") == out / "es" / "background-stem.flac"
    assert spanish.find("mix", "wav") is None
    assert spanish.captions_srt == out / "es" / "captions.srt"
    assert spanish.captions_vtt == out / "es" / "captions.vtt"
    assert spanish.translation == out / "es" / "translation.json"
    files = [file.path for each in result.languages.values() for file in each.files]
    originals = [file.path for file in result.captions]
    everything = {*files, *originals, result.transcript, result.script, result.manifest_file}
    recipe = out / "recipe.json"  # how it was asked for is beside the dub, not of it
    assert everything | {recipe} == {path for path in out.rglob("*") if path.is_file()}
    sound = [file for file in spanish.files if file.samples is not None]
    assert {file.samples for file in sound} == {result.source.samples}
    assert spanish.figures.rate_max <= 1.25
    assert spanish.figures.needs_review == len(spanish.review)
    assert result.source.language == "en"
    assert spanish.source == result.source
    assert result.manifest["languages"]["es"]["voice"] == spanish.voice_id
    assert result.charged_usd == invoiced_usd(double) > 0

    shared = [each.done for each in seen if each.language is None]
    of_spanish = [each for each in seen if each.language == "es"]
    assert shared == sorted(shared)
    assert [each.done for each in of_spanish] == sorted(each.done for each in of_spanish)
    assert of_spanish[-1].stage is ytdubber.Stage.COMPLETE
    assert of_spanish[-1].done == 1.0
    assert threads == {threading.current_thread()}
    assert told[0] == "Vendors that may be asked: deepgram, elevenlabs, openai."
    assert told[-1].startswith("Vendors charged about ")
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == handlers
    assert capfd.readouterr() == ("", "")

    again = dub(out, to=["es"], background=BACKGROUND, formats=("flac", "mp3"), stems=True)
    assert again.reused == ("es",)
    assert again.languages == result.languages
    assert again.charged_usd == 0


def test_a_dub_that_is_cancelled_in_the_middle_goes_on_from_there(
    serve: Serve, tmp_path: Path
) -> None:
    double, out, token = serve(), tmp_path / "new" / "out", ytdubber.CancelToken()

    def stop(progress: ytdubber.Progress) -> None:
        if progress.stage is ytdubber.Stage.DUBBING and progress.fraction > 0:
            token.cancel()

    with pytest.raises(ytdubber.Cancelled):
        dub(out, on_progress=stop, cancel=token)
    assert token.cancelled
    assert not out.parent.exists()
    assert not [each for each in threading.enumerate() if each.name == "ytdubber"]
    assert spoken(double) > 0
    assert dub(out).complete
    assert not double.repeated


def test_it_is_cancelled_from_another_thread(serve: Serve, tmp_path: Path) -> None:
    double, out = serve(latency_s={"speak": 0.5}), tmp_path / "out"
    token, speaks = ytdubber.CancelToken(), threading.Event()
    ended: list[BaseException] = []

    def see(progress: ytdubber.Progress) -> None:
        if progress.stage is ytdubber.Stage.DUBBING:
            speaks.set()

    def work() -> None:
        try:
            dub(out, on_progress=see, cancel=token)
        except ytdubber.Cancelled as error:
            ended.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    assert speaks.wait(PATIENCE_S)
    token.cancel()
    thread.join(PATIENCE_S)
    assert len(ended) == 1
    assert not out.exists()
    assert dub(out).complete
    assert not double.repeated


def test_what_a_callback_raises_stops_the_dub_and_is_raised(serve: Serve, tmp_path: Path) -> None:
    serve()
    out = tmp_path / "out"

    def refuse(progress: ytdubber.Progress) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        dub(out, on_progress=refuse)
    assert not out.exists()


def test_several_dubs_at_once(serve: Serve, tmp_path: Path) -> None:
    serve()
    results: dict[str, ytdubber.DubResult] = {}
    threads = [
        threading.Thread(
            target=lambda to=to: results.update({to: dub(tmp_path / to, to=to)}), daemon=True
        )
        for to in ("es", "de")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_S)
    assert {to: list(result.languages) for to, result in results.items()} == {
        "es": ["es"], "de": ["de"],
    }  # fmt: skip


def test_a_language_that_is_spoken_already_is_told(serve: Serve, tmp_path: Path) -> None:
    serve()
    result = dub(tmp_path / "out", to=["en", "es"])
    assert result.complete
    assert list(result.languages) == ["es"]
    assert result.languages["es"].mix is None
    english = result.unmade["en"]
    assert (english.name, english.status, english.code, english.kept) == (
        "English", "skipped", "same_language", False,
    )  # fmt: skip


def test_a_dub_is_evaluated(serve: Serve, tmp_path: Path) -> None:
    serve()
    dub(tmp_path / "out", background=BACKGROUND)
    evaluation = ytdubber.evaluate(tmp_path / "out", voice=VOICE)
    assert evaluation.folder == tmp_path / "out"
    score = evaluation.languages["es"]
    assert {file.path for file in score.files} == {"es/mix.flac", "es/voice.flac"}
    assert all(file.length_samples == 0 for file in score.files)
    assert len(score.levels_apart_lu) == score.timing.lines > 0
    token = ytdubber.CancelToken()
    token.cancel()
    with pytest.raises(ytdubber.Cancelled):
        ytdubber.evaluate(tmp_path / "out", cancel=token)
