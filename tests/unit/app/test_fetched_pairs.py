"""What translates is fetched, and what cannot be translated is refused before anything is heard."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from tests.unit.app.conftest import FakeDubbing, words

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


def offering(fakes: FakeDubbing, *pairs: tuple[str, str]) -> list[tuple[str, str]]:
    """Only these pairs can be fetched; returns what was asked for."""
    at_hand = [("en", "es")]
    fakes.translator = FakeTranslator(pairs=at_hand)
    asked = []

    def fetch(source: str, target: str) -> None:
        asked.append((source, target))
        if (source, target) not in pairs:
            raise missing(source, target)
        at_hand.append((source, target))

    fakes.fetch_pair = fetch
    return asked


@pytest.mark.parametrize("named", ["en", None])
def test_a_pair_that_is_not_here_is_fetched(fakes: FakeDubbing, named: str | None) -> None:
    asked = offering(fakes, ("en", "pt"))
    outcome = fakes.dub(replace(fakes.request("pt", "es"), source_language=named))
    assert asked == [("en", "pt")]
    assert {entry.status for entry in outcome.manifest.languages.values()} == {"complete"}


def test_what_cannot_be_fetched_is_refused_before_anything_is_heard(fakes: FakeDubbing) -> None:
    offering(fakes)
    with pytest.raises(ModelMissing, match="firefox-en-pt"):
        fakes.dub(replace(fakes.request("es", "pt"), source_language="en"))
    assert fakes.counts()[0] == 0
    assert not fakes.out.exists()


def test_when_no_target_can_be_reached_the_recording_is_not_heard_to_its_end(
    fakes: FakeDubbing,
) -> None:
    offering(fakes)
    with pytest.raises(ModelMissing, match="firefox-en-pt"):
        fakes.dub(fakes.request("pt"))
    assert fakes.counts()[0] == 0
    assert not fakes.out.exists()


def test_when_one_target_can_be_reached_it_is_made_and_the_other_told(fakes: FakeDubbing) -> None:
    offering(fakes)
    outcome = fakes.dub(fakes.request("pt", "es"))
    assert outcome.manifest.languages["es"].status == "complete"
    assert outcome.unmade["pt"].error_code == PairNotTranslatable.code
    assert fakes.counts()[0] == 1


def test_the_language_spoken_alone_is_refused_before_the_rest_is_heard(fakes: FakeDubbing) -> None:
    with pytest.raises(NothingToDub):
        fakes.dub(fakes.request("en"))
    assert fakes.counts()[0] == 0


def test_a_language_nobody_speaks_is_refused_before_anything_is_fetched(fakes: FakeDubbing) -> None:
    asked = offering(fakes, ("en", "pt"))
    with pytest.raises(LanguageNotSpoken):
        fakes.dub(replace(fakes.request("pt", "de"), source_language="en"))
    assert asked == []


def test_an_engine_that_hears_all_at_once_is_checked_afterwards(fakes: FakeDubbing) -> None:
    class Late(FakeSpeechToText):
        """Tells nothing of the language before it has heard everything, as vendors do."""

        def transcribe(
            self, audio: AudioFile, language: str | None, glossary: Sequence[str], call: CallContext
        ) -> Transcription:
            return super().transcribe(audio, language, glossary, replace(call, spoken=print))

    fakes.speech_to_text = Late(words())
    offering(fakes)
    with pytest.raises(ModelMissing):
        fakes.dub(fakes.request("pt"))
    assert fakes.counts() == (1, 0, 0)


def test_what_nobody_delivers_is_said_so(fakes: FakeDubbing) -> None:
    offering(fakes)

    def fetch(source: str, target: str) -> None:
        raise PairNotOffered(source=source, target=target)

    fakes.fetch_pair = fetch
    with pytest.raises(PairNotOffered, match="Mozilla has no model for it"):
        fakes.dub(fakes.request("pt"))


@pytest.mark.parametrize("named", ["en", None])
def test_what_is_here_in_part_is_fetched_before_anything_is_heard(
    fakes: FakeDubbing, named: str | None
) -> None:
    asked = offering(fakes)
    fakes.whole_pair = lambda *_: False
    with pytest.raises(ModelMissing, match="firefox-en-es"):
        fakes.dub(replace(fakes.request("es"), source_language=named))
    assert asked == [("en", "es")]
    assert fakes.counts()[0] == 0
