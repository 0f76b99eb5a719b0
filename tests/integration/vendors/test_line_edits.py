"""A line of a finished dub made anew with vendors: one call, booked once, and nothing lost."""

from dataclasses import replace
from uuid import UUID

import pytest
from tests.integration.vendors.conftest import Open, Serve
from tests.integration.vendors.harness import FLAC, USER, ServiceHarness, Workers, billed, brief
from tests.integration.vendors.test_workers import reaper
from tests.waiting import until

from ytdubber.domain.errors import HandedBack
from ytdubber.domain.job import DubOptions
from ytdubber.domain.voice import VoiceTier
from ytdubber.ports.leases import Kind
from ytdubber.testing.vendor_double import Fault as Wrong
from ytdubber.testing.vendor_double import VendorDouble

STANDARD = replace(FLAC, editable=True)
PREMIUM = replace(STANDARD, voice_tier=VoiceTier.PREMIUM)


def asked(double: VendorDouble) -> list[str]:
    return [call.route for call in double.calls if call.route != "models"]


def test_a_line_that_was_heard_is_not_spoken_again(serve: Serve, harness: Open) -> None:
    double, service = serve(), harness()
    service.learn_paces(STANDARD, "es")
    job_id = service.send("es", recording=brief(), options=STANDARD)
    service.dub(job_id)
    before = asked(double)
    lines = service.service.edit_lines
    for _ in range(2):
        preview = lines.begin_preview(USER, job_id, "es", "2", {"text": "Esto es otra cosa."})
        service.parts.preview(preview)
        heard = lines.preview(USER, preview)
        assert heard is not None
        assert heard.made is not None, heard.error_message
    assert asked(double)[len(before) :] == ["speak"]
    service.work(Kind.TASK, corrected(service, job_id, "2", "Esto es otra cosa."))
    assert asked(double)[len(before) :] == ["speak"]
    assert service.cost_usd() == billed(double)


def test_what_was_misheard_is_asked_for_alone(serve: Serve, harness: Open) -> None:
    double, service = serve(), harness()
    service.learn_paces(STANDARD, "es")
    job_id = service.send("es", recording=brief(), options=STANDARD)
    service.dub(job_id)
    before = asked(double)
    lines = service.service.edit_lines
    lines.change(USER, job_id, "es", {"2": {"source": "It is another matter."}}, None)
    service.parts.preview(lines.begin_preview(USER, job_id, "es", "2", {}))
    assert asked(double)[len(before) :] == ["responses", "speak"]
    service.service.revise.render(USER, job_id, "es", None)
    service.work(Kind.TASK, service.tasks(job_id)["es"])
    assert asked(double)[len(before) :] == ["responses", "speak"]
    assert service.cost_usd() == billed(double)


def test_a_worker_that_is_killed_in_a_render_loses_no_edit(
    serve: Serve, harness: Open, workers: Workers
) -> None:
    double, service = serve(latency_s={"speak": 1.5}), harness()
    service.learn_paces(STANDARD, "es")
    job_id = service.send("es", recording=brief(), options=STANDARD)
    service.dub(job_id)
    before = asked(double)
    corrected(service, job_id, "2", "Esto es otra cosa.")
    killed = workers.start()
    until(lambda: len(double.calls) > len(before), log=workers.log)
    killed.kill()
    killed.wait()
    reaper(service).abandon(None)
    workers.start()
    shown = "select revision from ytdubber.language_tasks"
    until(lambda: service.rows(shown) == [(2,)], log=workers.log)
    until(lambda: service.ended(job_id), log=workers.log)
    assert asked(double)[len(before) :] == ["speak"]
    assert "Esto es otra cosa." in service.delivered(job_id, "es/captions.srt").decode()
    assert service.cost_usd() == billed(double)


def test_why_a_line_is_not_heard_is_told_in_words(serve: Serve, harness: Open) -> None:
    double, service = serve(), harness()
    service.learn_paces(STANDARD, "es")
    job_id = service.send("es", recording=brief(), options=STANDARD)
    service.dub(job_id)
    double.script("speak", Wrong.status(401))
    lines = service.service.edit_lines
    preview = lines.begin_preview(USER, job_id, "es", "2", {"text": "Esto es otra cosa."})
    service.parts.preview(preview)
    heard = lines.preview(USER, preview)
    assert heard is not None
    assert heard.error_code == "vendor_error"
    assert heard.error_message is not None
    assert "Deepgram" in heard.error_message


def corrected(service: ServiceHarness, job_id: UUID, line: str, text: str) -> UUID:
    """The language, queued for a revision in which a line says something else."""
    service.service.edit_lines.change(USER, job_id, "es", {line: {"text": text}}, None)
    service.service.revise.render(USER, job_id, "es", None)
    return service.tasks(job_id)["es"]


@pytest.mark.parametrize(
    ("options", "speaks"), [(STANDARD, "speak"), (PREMIUM, "tts")], ids=["Deepgram", "ElevenLabs"]
)
def test_a_line_that_says_something_else_is_one_call(
    serve: Serve, harness: Open, options: DubOptions, speaks: str
) -> None:
    double, service = serve(), harness()
    service.learn_paces(options, "es")
    job_id = service.send("es", recording=brief(), options=options)
    service.dub(job_id)
    before, first = asked(double), service.cost_usd()
    service.service.edit_lines.change(
        USER, job_id, "es", {"2": {"text": "Esto es otra cosa."}}, None
    )
    quoted = service.service.quote_render(USER, job_id, "es")
    heard = service.service.quote_render.preview(USER, job_id, "es", "2", {})
    assert heard.cost == quoted.cost, "a line that is heard first is what the render would pay"
    task_id = corrected(service, job_id, "2", "Esto es otra cosa.")

    def gone() -> None:
        if len(asked(double)) > len(before):
            raise HandedBack

    with pytest.raises(HandedBack):  # its worker stops in the middle of it
        service.work(Kind.TASK, task_id, gone)
    service.work(Kind.TASK, task_id)
    assert asked(double)[len(before) :] == [speaks]
    assert not double.repeated
    assert first < service.cost_usd() == billed(double)
    assert service.cost_usd() - first == quoted.cost.usd.low == quoted.cost.usd.high
    assert "Esto es otra cosa." in service.delivered(job_id, "es/captions.srt").decode()
    service.service.revise.restore(USER, job_id, "es", 1, None)
    service.work(Kind.TASK, task_id)
    assert asked(double)[len(before) :] == [speaks]
    assert "otra cosa" not in service.delivered(job_id, "es/captions.srt").decode()
    assert service.manifest(job_id).languages["es"].status == "complete"
