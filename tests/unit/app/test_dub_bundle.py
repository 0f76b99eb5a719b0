"""What goes to YouTube, beside a dub."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile as sf
from tests.integration.audio.films import Picture, Sound, media, steady
from tests.unit.app.conftest import Studio

from ytdubber.app.dub_request import DubRequest
from ytdubber.domain.errors import BadField
from ytdubber.domain.youtube import TrackForYouTube, YouTubeOptions, instructions

TITLES = YouTubeOptions({"pt": "Uma conversa"}, {"pt": "Sobre tudo."})


@pytest.fixture
def film(studio: Studio) -> Path:
    """The studio's voice under a picture."""
    voice, _ = sf.read(studio.voice, dtype="float32")
    sounds = [Sound(np.repeat(voice, 3), "aac", language="eng")]
    return media(studio.folder / "talk.mp4", "mp4", sounds, picture=Picture(steady(9.0)))


def request(studio: Studio, film: Path, *targets: str) -> DubRequest:
    return replace(studio.request(*targets), voice=film, background=None, bundle=TITLES)


def test_there_is_a_track_and_captions_for_each_language(studio: Studio, film: Path) -> None:
    asked = request(studio, film, "pt", "es")
    manifest = studio.dub(asked).manifest
    assert {file.path for file in manifest.bundle} == {
        f"youtube/{name}"
        for name in (
            "talk.pt-BR.flac", "talk.pt-BR.srt", "talk.es-ES.flac", "talk.es-ES.srt",
            "talk.en-US.srt", "what-to-click.txt", "localizations.json",
        )
    }  # fmt: skip
    track = (studio.out / "youtube/talk.pt-BR.flac").read_bytes()
    assert track == (studio.out / "pt/voice.flac").read_bytes()
    texts = json.loads((studio.out / "youtube/localizations.json").read_bytes())
    assert texts == {"pt-BR": {"title": "Uma conversa", "description": "Sobre tudo."}}
    told = (studio.out / "youtube/what-to-click.txt").read_text("utf-8")
    assert "every track is as long as the video (0:09.000)" in told
    assert manifest.bundle_notes == []
    assert studio.dub(asked).reused == ("pt", "es")


def test_it_is_made_anew_when_something_changes_and_goes_when_it_is_not_asked_for(
    studio: Studio, film: Path
) -> None:
    asked = request(studio, film, "pt")
    studio.dub(asked)
    studio.dub(replace(asked, bundle=YouTubeOptions({"pt": "Outra"})))
    assert "Outra" in (studio.out / "youtube/localizations.json").read_text("utf-8")
    (studio.out / "youtube/talk.pt-BR.srt").write_text("broken")
    studio.dub(asked)
    assert "-->" in (studio.out / "youtube/talk.pt-BR.srt").read_text("utf-8")
    studio.dub(replace(request(studio, film, "pt", "es"), bundle=None))
    assert not (studio.out / "youtube").exists()


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
    studio: Studio, options: YouTubeOptions, reason: str
) -> None:
    with pytest.raises(BadField, match=reason):
        studio.use_case().validate(replace(studio.request(), bundle=options))


def test_a_format_that_youtube_takes_is_needed(studio: Studio) -> None:
    with pytest.raises(BadField, match="flac, wav, m4a, mp3"):
        studio.use_case().validate(replace(studio.request(formats=("opus",)), bundle=TITLES))
