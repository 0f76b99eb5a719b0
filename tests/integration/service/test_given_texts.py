"""What a person writes of a job, and what of it they keep, by a worker of the service."""

import json

import pytest
from tests.integration.vendors.harness import RATE_HZ, USER, ServiceHarness, example

from ytdubber.app.uploads.given_texts import GivenTexts
from ytdubber.captions.parse import parse
from ytdubber.domain.job import DubOptions
from ytdubber.ports.leases import Kind

pytestmark = [pytest.mark.models, pytest.mark.xdist_group("models")]

SAID = """WEBVTT

00:00.244 --> 00:06.714
<v Narrator>And Mister John Dashwood had then leisure to consider how much there might be prudently in his power
to do for them.</v>

00:07.958 --> 00:10.360
<v Narrator>He was not an ill-disposed young man,</v>

00:10.500 --> 00:11.400
[a door closes]

00:11.564 --> 00:16.308
<v Narrator>unless to be rather cold-hearted and rather selfish is to be ill-disposed.</v>
"""  # noqa: E501 -- one caption
TO_SAY = """1
00:00:00,244 --> 00:00:10,360
O senhor John tinha tempo para pensar no que faria por elas, e não era má pessoa.
"""
LINE = "O senhor John tinha tempo para pensar no que faria por elas, e não era má pessoa."
"""Two lines of the recording, cut as the translation is."""


def test_a_job_is_dubbed_as_it_is_written_and_keeps_what_is_asked_for(
    harness: ServiceHarness,
) -> None:
    options = DubOptions(formats=("flac",), keep=("11.4-16.5",), captions=("sdh",), editable=True)
    texts = GivenTexts(SAID, {"Portuguese": TO_SAY})
    recording = example()[: round(16.5 * RATE_HZ)]
    job_id = harness.send("pt", recording=recording, options=options, texts=texts)
    harness.dub(job_id)
    lines = json.loads(harness.delivered(job_id, "pt/translation.json"))
    assert [each["target"] for each in lines["utterances"]] == [LINE]
    (kept,) = lines["kept"]
    assert kept["start_ms"] == 11_400
    said = json.loads(harness.delivered(job_id, "transcript.json"))
    assert "Mister John Dashwood" in said["utterances"][0]["text"]
    assert len(said["utterances"]) == 2
    assert said["kept"][0]["utterances"][0]["text"].startswith("unless to be rather")
    manifest = harness.manifest(job_id)
    assert [(each.start_ms, each.end_ms) for each in manifest.source.kept] == [(11_400, 16_500)]
    assert manifest.languages["pt"].engines["translator"].provider == "person"
    shown = parse(harness.delivered(job_id, "transcript.sdh.srt").decode())
    assert [cue.lines[0] for cue in shown][-2:] == [
        "[a door closes]",
        "unless to be rather cold-hearted",
    ]

    lines = harness.service.edit_lines
    preview = lines.begin_preview(USER, job_id, "pt", "1", {"text": "Pensou muito."})
    harness.parts.preview(preview)
    heard = lines.preview(USER, preview)
    assert heard is not None
    assert heard.made is not None, heard.error_message
    change = {"1": {"text": "Pensou muito."}}
    harness.service.edit_lines.change(USER, job_id, "pt", change, None)
    harness.service.revise.render(USER, job_id, "pt", None)
    harness.work(Kind.TASK, harness.tasks(job_id)["pt"])
    lines = json.loads(harness.delivered(job_id, "pt/translation.json"))
    assert [each["target"] for each in lines["utterances"]] == ["Pensou muito."]
