"""What goes to YouTube, beside a dub."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from tests.integration.audio.films import Picture, Sound, media, steady
from tests.unit.app.conftest import FakeDubbing

from ytdubber.app.local.dub_request import DubRequest
from ytdubber.domain.errors import BadField
from ytdubber.domain.youtube import TrackForYouTube, YouTubeOptions, instructions

TITLES = YouTubeOptions({"pt": "Uma conversa"}, {"pt": "Sobre tudo."})


@pytest.fixture
def film(fakes: FakeDubbing) -> Path:
    """The fakes' voice under a picture."""
    voice, _ = sf.read(fakes.voice, dtype="float32")
    sounds = [Sound(np.repeat(voice, 3), "aac", language="eng")]
    return media(fakes.folder / "talk.mp4", "mp4", sounds, picture=Picture(steady(9.0)))


def request(fakes: FakeDubbing, film: Path, *targets: str) -> DubRequest:
    return replace(fakes.request(*targets), voice=film, background=None, bundle=TITLES)


def test_there_is_a_track_and_captions_for_each_language(fakes: FakeDubbing, film: Path) -> None:
    asked = request(fakes, film, "pt", "es")
    manifest = fakes.dub(asked).manifest
    assert {file.path for file in manifest.bundle} == {
        f"youtube/{name}"
        for name in (
            "talk.pt-BR.flac", "talk.pt-BR.srt", "talk.es-ES.flac", "talk.es-ES.srt",
            "talk.en-US.srt", "what-to-click.txt", "localizations.json",
        )
    }  # fmt: skip
    track = (fakes.out / "youtube/talk.pt-BR.flac").read_bytes()
    assert track == (fakes.out / "pt/voice.flac").read_bytes()
    texts = json.loads((fakes.out / "youtube/localizations.json").read_bytes())
    assert texts == {"pt-BR": {"title": "Uma conversa", "description": "Sobre tudo."}}
    told = (fakes.out / "youtube/what-to-click.txt").read_text("utf-8")
    assert "every track is as long as the video (0:09.000)" in told
    assert manifest.bundle_notes == []
    assert fakes.dub(asked).reused == ("pt", "es")


def test_it_is_made_anew_when_something_changes_and_goes_when_it_is_not_asked_for(
    fakes: FakeDubbing, film: Path
) -> None:
    asked = request(fakes, film, "pt")
    fakes.dub(asked)
    fakes.dub(replace(asked, bundle=YouTubeOptions({"pt": "Outra"})))
    assert "Outra" in (fakes.out / "youtube/localizations.json").read_text("utf-8")
    (fakes.out / "youtube/talk.pt-BR.srt").write_text("broken")
    fakes.dub(asked)
    assert "-->" in (fakes.out / "youtube/talk.pt-BR.srt").read_text("utf-8")
    fakes.dub(replace(request(fakes, film, "pt", "es"), bundle=None))
    assert not (fakes.out / "youtube").exists()


def test_a_track_that_is_not_as_long_as_the_video_is_told() -> None:
    track = TrackForYouTube("Portuguese", "talk.pt-BR.flac", "talk.pt-BR.srt", 9_000)
    told = instructions("talk", [track], ("English", "talk.en-US.srt"), 9_500)
    assert "talk.pt-BR.flac is 0.50 s shorter than the video" in told


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (YouTubeOptions({"pt": "x" * 101}), "100 characters"),
        (YouTubeOptions({"pt": "a < b"}), "none of them"),
        (YouTubeOptions({"pt": "a"}, {"pt": "é" * 2_501}), "5000 bytes"),
        (YouTubeOptions({}, {"pt": "a"}), "with a title only"),
    ],
)
def test_what_youtube_would_refuse_is_refused(
    fakes: FakeDubbing, options: YouTubeOptions, reason: str
) -> None:
    with pytest.raises(BadField, match=reason):
        fakes.use_case().validate(replace(fakes.request(), bundle=options))


def test_a_format_that_youtube_takes_is_needed(fakes: FakeDubbing) -> None:
    with pytest.raises(BadField, match="flac, wav, m4a, mp3"):
        fakes.use_case().validate(replace(fakes.request(formats=("opus",)), bundle=TITLES))
