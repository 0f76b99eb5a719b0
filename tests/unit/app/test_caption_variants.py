"""Captions that a dub comes with besides those of its own lines."""

from dataclasses import replace

import pytest
from tests.unit.app.conftest import FakeDubbing

from ytdubber.captions.parse import parse
from ytdubber.captions.scripts import read_script

SCRIPT = """1
00:00:00,500 --> 00:00:02,500
<v Ann>word00 word01 word02 word03.</v>

2
00:00:02,600 --> 00:00:03,100
[applause]
"""


def test_what_was_said_is_captioned_too(fakes: FakeDubbing) -> None:
    manifest = fakes.dub(fakes.request("pt")).manifest
    assert [(file.path, file.kind) for file in manifest.captions] == [
        ("transcript.srt", "captions"),
        ("transcript.vtt", "captions"),
    ]
    cues = parse((fakes.out / "transcript.srt").read_text("utf-8"))
    assert cues[0].start_ms == pytest.approx(500, abs=90)
    assert fakes.dub(fakes.request("pt")).reused == ("pt",)
    (fakes.out / "transcript.srt").unlink()
    fakes.dub(fakes.request("pt"))
    assert (fakes.out / "transcript.srt").exists()


def test_variants_come_where_they_are_asked_for(fakes: FakeDubbing) -> None:
    script = read_script(SCRIPT.encode(), "talk.srt")
    request = replace(fakes.request("pt", captions=("sdh", "bilingual")), script=script)
    manifest = fakes.dub(request).manifest
    made = {file.path: file.kind for file in manifest.languages["pt"].files}
    for variant in ("sdh", "bilingual"):
        for ending in ("srt", "vtt"):
            assert made[f"pt/captions.{variant}.{ending}"] == f"captions-{variant}"
    assert {file.path for file in manifest.captions} == {
        f"transcript{kind}.{ending}" for kind in ("", ".sdh") for ending in ("srt", "vtt")
    }
    shown = parse((fakes.out / "transcript.sdh.srt").read_text("utf-8"))
    assert "[applause]" in [line for cue in shown for line in cue.lines]
    both = parse((fakes.out / "pt/captions.bilingual.srt").read_text("utf-8"))
    usual = parse((fakes.out / "pt/captions.srt").read_text("utf-8"))
    assert both[0].lines[0] == usual[0].lines[0]
    assert len(both[0].lines) == 2
