"""What translates is fetched, and what cannot be translated is refused before anything is heard."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests.unit.app.conftest import Studio, words

from ytdubber.domain.errors import (
    LanguageNotSpoken,
    ModelMissing,
    NothingToDub,
    PairNotOffered,
    PairNotTranslatable,
)
from ytdubber.domain.media import AudioFile
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_to_text import Transcription
from ytdubber.testing.engines import FakeSpeechToText, FakeTranslator


def missing(source: str, target: str) -> ModelMissing:
    name = f"firefox-{source}-{target}"
    return ModelMissing(model=name, reason="offline", command=f"pull {name}", folder="models")


def offering(studio: Studio, *pairs: tuple[str, str]) -> list[tuple[str, str]]:
    """Only these pairs can be fetched; returns what was asked for."""
    at_hand = [("en", "es")]
    studio.translator = FakeTranslator(pairs=at_hand)
    asked = []

    def fetch(source: str, target: str) -> None:
        asked.append((source, target))
        if (source, target) not in pairs:
            raise missing(source, target)
        at_hand.append((source, target))

    studio.fetch_pair = fetch
    return asked


@pytest.mark.parametrize("named", ["en", None])
def test_a_pair_that_is_not_here_is_fetched(studio: Studio, named: str | None) -> None:
    asked = offering(studio, ("en", "pt"))
    outcome = studio.dub(replace(studio.request("pt", "es"), source_language=named))
    assert asked == [("en", "pt")]
    assert {entry.status for entry in outcome.manifest.languages.values()} == {"complete"}


def test_what_cannot_be_fetched_is_refused_before_anything_is_heard(studio: Studio) -> None:
    offering(studio)
    with pytest.raises(ModelMissing, match="firefox-en-pt"):
        studio.dub(replace(studio.request("es", "pt"), source_language="en"))
    assert studio.counts()[0] == 0
    assert not studio.out.exists()


def test_when_no_target_can_be_reached_the_recording_is_not_heard_to_its_end(
    studio: Studio,
) -> None:
    offering(studio)
    with pytest.raises(ModelMissing, match="firefox-en-pt"):
        studio.dub(studio.request("pt"))
    assert studio.counts()[0] == 0
    assert not studio.out.exists()


def test_when_one_target_can_be_reached_it_is_made_and_the_other_told(studio: Studio) -> None:
    offering(studio)
    outcome = studio.dub(studio.request("pt", "es"))
    assert outcome.manifest.languages["es"].status == "complete"
    assert outcome.unmade["pt"].error_code == PairNotTranslatable.code
    assert studio.counts()[0] == 1


def test_the_language_spoken_alone_is_refused_before_the_rest_is_heard(studio: Studio) -> None:
    with pytest.raises(NothingToDub):
        studio.dub(studio.request("en"))
    assert studio.counts()[0] == 0


def test_a_language_nobody_speaks_is_refused_before_anything_is_fetched(studio: Studio) -> None:
    asked = offering(studio, ("en", "pt"))
    with pytest.raises(LanguageNotSpoken):
        studio.dub(replace(studio.request("pt", "de"), source_language="en"))
    assert asked == []


def test_an_engine_that_hears_all_at_once_is_checked_afterwards(studio: Studio) -> None:
    class Late(FakeSpeechToText):
        """Tells nothing of the language before it has heard everything, as vendors do."""

        def transcribe(
            self, audio: AudioFile, language: str | None, glossary: Sequence[str], call: CallContext
        ) -> Transcription:
            return super().transcribe(audio, language, glossary, replace(call, spoken=print))

    studio.speech_to_text = Late(words())
    offering(studio)
    with pytest.raises(ModelMissing):
        studio.dub(studio.request("pt"))
    assert studio.counts() == (1, 0, 0)


def test_what_nobody_delivers_is_said_so(studio: Studio) -> None:
    offering(studio)

    def fetch(source: str, target: str) -> None:
        raise PairNotOffered(source=source, target=target)

    studio.fetch_pair = fetch
    with pytest.raises(PairNotOffered, match="Mozilla has no model for it"):
        studio.dub(studio.request("pt"))


@pytest.mark.parametrize("named", ["en", None])
def test_what_is_here_in_part_is_fetched_before_anything_is_heard(
    studio: Studio, named: str | None
) -> None:
    asked = offering(studio)
    studio.whole_pair = lambda *_: False
    with pytest.raises(ModelMissing, match="firefox-en-es"):
        studio.dub(replace(studio.request("es"), source_language=named))
    assert asked == [("en", "es")]
    assert studio.counts()[0] == 0
