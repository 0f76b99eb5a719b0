"""`ytdubber dub` on a machine of one's own whose settings name vendors."""

import json
import os
import signal
import subprocess
import sys
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.integration.vendors.conftest import Serve, Setting
from tests.integration.vendors.harness import EXAMPLES, ROOT, invoiced_usd
from tests.log_lines import fields
from tests.waiting import PATIENCE_S, until

from ytdubber.adapters.filesystem.speaking_rates import FileSpeakingRates
from ytdubber.app.dubs.code_version import code_version
from ytdubber.bootstrap.local import evaluation, examine, local_runtime
from ytdubber.bootstrap.vendors import bare_vendors
from ytdubber.cli.evaluate import rows
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import NoPremiumVoices
from ytdubber.domain.spending import shown_usd
from ytdubber.domain.voice import VoiceTier
from ytdubber.settings import load_settings
from ytdubber.testing.vendor_double import VendorDouble
from ytdubber.testing.vendor_double.canned import char_ms

AURA = EngineId("deepgram", "aura-2", code_version("ytdubber.adapters.deepgram.tts"))


def ytdubber(*words: object) -> Any:
    """A command's JSON, by the environment of the test."""
    command = [sys.executable, "-m", "ytdubber", *map(str, words), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def charged(double: VendorDouble) -> int:
    return len([call for call in double.calls if call.billed])


def test_a_dub_by_vendors_meets_the_scoreboard_and_a_second_costs_nothing(
    serve: Serve, tmp_path: Path
) -> None:
    double = serve()
    with local_runtime() as machine:
        synthesizer, voice = machine.engines.cast("es", None)
        assert (synthesizer.engine, machine.vendors) == (AURA, ("deepgram", "elevenlabs", "openai"))
    rates = FileSpeakingRates(tmp_path / "home" / "speaking-rates.json")
    for _ in range(12):
        rates.learn(AURA, voice, 1_000, 1_000 * char_ms(voice.language))
    voice_file, background = EXAMPLES / "voice.flac", EXAMPLES / "background.flac"
    terms = tmp_path / "terms.txt"
    terms.write_text("John Dashwood\n\n  Norland Park\n", encoding="utf-8")
    stems = [voice_file, "--background", background, "--to", "es"]
    stems += ["--glossary", terms, "--glossary", "Fanny, Norland Park"]
    out = tmp_path / "out"
    made = ytdubber("dub", *stems, "--format", "flac", "--out", out)["manifest"]
    assert made["languages"]["es"]["engines"]["synthesizer"]["provider"] == "deepgram"
    assert made["engines"]["speech_to_text"]["provider"] == "deepgram"
    with evaluation(lambda: None) as evaluate:
        (score,) = evaluate(out, voice_file)
    assert [row for row in rows(score) if not row[3]] == []
    heard = next(call for call in double.calls if call.route == "listen")
    keyterms = [value for name, value in heard.query if name == "keyterm"]
    assert keyterms == ["John Dashwood", "Norland Park", "Fanny"]
    before = charged(double)
    again = ytdubber("dub", *stems, "--format", "mp3", "--out", tmp_path / "again")["manifest"]
    assert again["languages"]["es"]["status"] == "complete"
    assert charged(double) == before == len(double.calls)


def test_languages_are_dubbed_side_by_side_within_the_accounts_limit(
    serve: Serve, tmp_path: Path
) -> None:
    at_once = 6
    double = serve(
        {"YTDUBBER_DEEPGRAM_SPEAK_AT_ONCE": f"{at_once}"},
        latency_s={"speak": 0.3},
        limits={"speak": at_once},  # one more would be refused
    )
    languages = ("de", "es", "fr", "it", "nl")
    stems = [EXAMPLES / "voice.flac", "--to", ",".join(languages), "--format", "flac"]
    made = ytdubber("dub", *stems, "--out", tmp_path / "out")["manifest"]
    assert {entry["status"] for entry in made["languages"].values()} == {"complete"}
    spoken = [dict(call.query)["model"][-2:] for call in double.calls if call.route == "speak"]
    assert set(spoken) == set(languages)
    changes = sum(before != after for before, after in pairwise(spoken))
    assert changes > len(languages)  # one after the other would be one fewer than there are
    assert not double.repeated
    assert all(call.billed for call in double.calls if call.route == "speak")


def test_a_dubs_budget_stops_it_before_the_call_that_would_pass_it(
    serve: Serve, set_up: Setting, tmp_path: Path
) -> None:
    double = serve()
    limit_usd = Decimal("0.006")  # listening takes half of it
    set_up(YTDUBBER_JOB_BUDGET_USD=f"{limit_usd}")
    stems = [EXAMPLES / "voice.flac", "--to", "es", "--format", "flac", "--out", tmp_path / "out"]
    command = [sys.executable, "-m", "ytdubber", "dub", *map(str, stems)]
    refused = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert refused.returncode == 1
    assert "The budget of a job is 0.006 US dollars" in refused.stderr
    assert "YTDUBBER_JOB_BUDGET_USD allows more." in refused.stderr
    spent_usd = invoiced_usd(double)
    assert Decimal(0) < spent_usd <= limit_usd
    assert f"Vendors charged about {shown_usd(spent_usd)} US dollars." in refused.stderr
    set_up(YTDUBBER_JOB_BUDGET_USD="1")
    assert ytdubber("dub", *stems)["manifest"]["languages"]["es"]["status"] == "complete"
    assert not double.repeated


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_a_stopped_dub_goes_on_without_asking_for_anything_again(
    serve: Serve, tmp_path: Path, end: signal.Signals
) -> None:
    double = serve({"YTDUBBER_DEEPGRAM_SPEAK_AT_ONCE": "2"}, latency_s={"speak": 1.0})
    stems = [
        EXAMPLES / "voice.flac",
        "--to",
        "es,de",
        "--format",
        "flac",
        "--out",
        tmp_path / "out",
    ]
    command = [sys.executable, "-m", "ytdubber", "dub", *map(str, stems)]
    stopped = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    until(lambda: len([c for c in double.calls if c.route == "speak"]) >= 4)
    os.killpg(stopped.pid, end)
    assert stopped.wait(PATIENCE_S) in (-signal.SIGKILL, 130)
    before = len(double.calls)
    made = ytdubber("dub", *stems)["manifest"]
    assert {entry["status"] for entry in made["languages"].values()} == {"complete"}
    assert len(double.calls) > before
    assert not double.repeated


def test_what_vendors_speak_lies_in_the_swept_scratch_alone(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system = tmp_path / "system"
    system.mkdir()
    monkeypatch.setenv("TMPDIR", str(system))
    double = serve(latency_s={"speak": 3.0})
    stems = [EXAMPLES / "voice.flac", "--to", "es", "--format", "flac", "--out", tmp_path / "out"]
    command = [sys.executable, "-m", "ytdubber", "dub", *map(str, stems)]
    dub = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    try:
        until(lambda: any(call.route == "speak" for call in double.calls))
        assert list(system.glob("ytdubber-*")) == []
        assert list((tmp_path / "home" / "scratch").glob("process-*/tmp*"))
    finally:
        os.killpg(dub.pid, signal.SIGKILL)
        dub.wait()


def test_what_is_at_hand_follows_the_settings(serve: Serve, tmp_path: Path) -> None:
    serve({"YTDUBBER_LISTEN": "local", "YTDUBBER_SPEAK": "deepgram; pt:elevenlabs"})
    with local_runtime() as machine:
        engines = machine.engines
        assert engines.recognizer.provider == "faster-whisper"
        assert engines.cast("es", None)[0].engine == AURA
        assert engines.cast("pt", None)[0].engine.provider == "elevenlabs"
        assert engines.cast("de", None, VoiceTier.PREMIUM)[0].engine.provider == "elevenlabs"
        assert engines.spoken() == ["de", "en", "es", "fr", "it", "ja", "nl", "pt"]
        assert machine.needed(("es", "pt")) == ("whisper-base",)
    found = {finding.what: finding for finding in examine()}
    assert found["deepgram"].ok
    assert not found["model kokoro-82m"].needed


def test_without_keys_everything_is_local(serve: Serve) -> None:
    nothing = {f"{name}_API_KEY": "" for name in ("DEEPGRAM", "OPENAI", "ELEVENLABS")}
    urls = {f"YTDUBBER_{name}_URL": "" for name in ("DEEPGRAM", "OPENAI", "ELEVENLABS")}
    double = serve(nothing | urls)
    with local_runtime() as machine:
        engines = machine.engines
        assert machine.vendors == ()
        assert engines.recognizer.provider == "faster-whisper"
        assert {s.engine.provider for s in engines.synthesizers} == {"kokoro", "espeak-ng"}
        assert engines.shortener is None
        with pytest.raises(NoPremiumVoices):
            engines.cast("es", None, VoiceTier.PREMIUM)
    assert double.calls == []


def test_a_language_model_of_ones_own_is_not_paid_for(serve: Serve) -> None:
    serve({"OPENAI_API_KEY": "", "YTDUBBER_OPENAI_MODEL": "tiny"})
    with local_runtime() as machine:
        engine = machine.engines.translated_by("en", "pt")
    assert (engine.provider, engine.model) == ("openai-compatible", "tiny")


def test_an_operator_is_told_of_models_that_go(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    serve({"YTDUBBER_OPENAI_MODEL": "gpt-4o-mini"})
    made = bare_vendors(load_settings().vendors)
    for month, told in ((9, False), (12, True)):
        caplog.clear()
        made.warn_of_shutdowns(date(2026, month, 20))
        ends = [fields(each) for each in caplog.records if each.getMessage() == "model.ends_soon"]
        known = [(each["model"], each["ends"]) for each in ends]
        assert (("gpt-4o-mini", "2027-01-14") in known) is told
    made.close()
