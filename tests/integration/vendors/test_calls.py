"""What a dub asks vendors for: each line once, each shorter text once, each part heard once."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.integration.vendors.conftest import Open, Serve
from tests.integration.vendors.harness import EXAMPLES, ROOT, ServiceHarness, Workers, billed
from tests.integration.vendors.test_workers import go_on, unknown
from tests.listening import EXAMPLE_ONSETS_MS, EXAMPLE_TEXT
from tests.waiting import PATIENCE_S, until

from ytdubber.domain.job import DubOptions
from ytdubber.domain.voice import VoiceTier
from ytdubber.testing.vendor_double import CannedContent, VendorDouble
from ytdubber.testing.vendor_double.content import Heard, Sound

STANDARD = DubOptions(formats=("flac",))
PREMIUM = DubOptions(formats=("flac",), voice_tier=VoiceTier.PREMIUM)
SPOKEN_S = 10.0
"""What lasts longer is the whole recording, not a part of it heard again."""


class DeafInTheMiddle(CannedContent):
    """Makes out nothing of the second and the fourth utterance when it hears the whole example."""

    def transcribe(self, sound: Sound, language: str | None, terms: Sequence[str]) -> Heard:
        heard = super().transcribe(sound, language, terms)
        if sound.duration_ms < SPOKEN_S * 1000:
            return heard
        missed = [EXAMPLE_ONSETS_MS[at : at + 2] for at in (1, 3)]
        words = (w for w in heard.words if not any(a - 200 <= w.start_ms < b for a, b in missed))
        return Heard(heard.language, tuple(words))


def results(service: ServiceHarness) -> Iterator[Mapping[str, Any]]:
    """What engines gave, sound apart."""
    for key in service.shared.media.keys(""):
        path = service.folder / f"{uuid4()}"
        service.shared.media.fetch(key, path, lambda: None)
        try:
            result: Any = json.loads(path.read_bytes())
        except ValueError:
            continue  # sound
        if isinstance(result, Mapping) and "receipt" in result:
            yield result


def texts(service: ServiceHarness, job_id: UUID, language: str) -> list[str]:
    """The lines of a finished dub."""
    made = json.loads(service.delivered(job_id, f"{language}/translation.json"))
    return [line["target"] for line in made["utterances"]]


def asked_again(service: ServiceHarness, double: VendorDouble) -> Counter[str]:
    """How many lines a language model gave a shorter text for, by language."""
    given = {each["receipt"]["request_id"]: each for each in results(service)}
    found: Counter[str] = Counter()
    for call in double.calls:
        task = json.loads(call.body["input"]) if call.route == "responses" else {}
        if task.get("task") == "shorten":
            before = {line["id"]: len(line["text"]) for line in task["lines"]}
            for line in given[call.request_id]["lines"]:
                shortest = min(map(len, (line["text"], *line["alternatives"])))
                found[task["target"]] += shortest < before[line["id"]]
    return found


@pytest.mark.parametrize(
    ("options", "route", "languages"),
    [(STANDARD, "speak", ("es", "de", "fr")), (PREMIUM, "tts", ("pt", "ko", "hi"))],
    ids=["deepgram", "elevenlabs"],
)
def test_a_dub_speaks_each_line_and_each_shorter_text_once(
    serve: Serve, harness: Open, options: DubOptions, route: str, languages: tuple[str, ...]
) -> None:
    double, service = serve(), harness()
    service.learn_paces(options, *languages, times=0.6)  # texts come too long, and are shortened
    job_id = service.send(*languages, options=options)
    service.dub(job_id)
    calls = [call for call in double.calls if call.route == route]
    lines = {language: texts(service, job_id, language) for language in languages}
    again = asked_again(service, double)
    assert set(again) == set(languages)
    assert len(calls) == sum(map(len, lines.values())) + again.total()
    spoken = {call.body["text"] for call in calls}
    assert spoken >= {text for each in lines.values() for text in each}
    assert not double.repeated
    for call in calls:
        assert "speed" not in dict(call.query)
        assert "voice_settings" not in call.body
    booked = "select count(*) from ytdubber.usage_receipts where operation = 'speak'"
    assert service.rows(booked) == [(len(calls),)]
    assert 0 < service.cost_usd() == billed(double)


def heard(double: VendorDouble) -> int:
    """How often it listened."""
    return len([call for call in double.calls if call.route == "listen"])


def booked(service: ServiceHarness) -> list[tuple[Any, ...]]:
    """How often listening was booked, under how many keys, and how often with success."""
    return service.rows(
        "select count(*), count(distinct work_key), count(*) filter (where outcome = 'succeeded')"
        " from ytdubber.usage_receipts where operation = 'transcribe'"
    )


def test_every_part_that_is_heard_again_is_booked_once(serve: Serve, harness: Open) -> None:
    double, service = serve(content=DeafInTheMiddle(EXAMPLE_TEXT)), harness()
    job_id = service.send("es", "de")
    service.dub(job_id)
    assert heard(double) == 3
    assert booked(service) == [(3, 3, 3)]
    assert not double.repeated
    assert 0 < service.cost_usd() == billed(double)


def test_hearing_again_outlives_its_worker(serve: Serve, harness: Open, workers: Workers) -> None:
    double = serve(content=DeafInTheMiddle(EXAMPLE_TEXT), latency_s={"listen": 2.0})
    service = harness()
    job_id = service.send("es")
    killed = workers.start()
    until(lambda: heard(double) == 2, log=workers.log)
    killed.kill()
    killed.wait()
    assert [call.delivered for call in double.calls if call.route == "listen"] == [True, False]
    go_on(service, job_id, workers)
    assert heard(double) == 3
    assert booked(service) == [(3, 3, 3)]
    assert unknown(service) == 0
    assert not double.repeated
    assert 0 < service.cost_usd() == billed(double)


def test_a_stopped_dub_hears_no_part_again_that_was_heard(serve: Serve, tmp_path: Path) -> None:
    double = serve(content=DeafInTheMiddle(EXAMPLE_TEXT), latency_s={"listen": 2.0})
    words = [EXAMPLES / "voice.flac", "--to", "es", "--format", "flac", "--out", tmp_path / "out"]
    command = [sys.executable, "-m", "ytdubber", "dub", *map(str, words)]
    stopped = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    until(lambda: heard(double) == 2)
    os.killpg(stopped.pid, signal.SIGKILL)
    stopped.wait(PATIENCE_S)
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert heard(double) == 3
    assert not double.repeated
