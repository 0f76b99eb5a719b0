"""Who speaks: by tier, preference and speaker, and somebody else when an engine cannot."""

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.unit.app.conftest import FakeDubbing, TickingClock, words

from ytdubber.app.casting.voices import Cast, casts, taken_up
from ytdubber.app.local.dub_languages import MadeFiles
from ytdubber.app.pipeline.artifacts import HeardBefore, Stem
from ytdubber.app.pipeline.runner import Runner
from ytdubber.domain.casting import Casting
from ytdubber.domain.engine import EngineId
from ytdubber.domain.errors import (
    AllLanguagesFailed,
    Cancelled,
    ErrorKind,
    LanguageNotSpoken,
    NoPremiumVoices,
    UnknownVoice,
    VendorError,
)
from ytdubber.domain.job import DubOptions, Job
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.transcript import Transcript, Utterance
from ytdubber.domain.voice import Gender, Voice, VoiceTier
from ytdubber.engines.synthesizer import Synthesizer
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_synthesizer import Speech, SynthesisRequest, TTSCapabilities
from ytdubber.ports.translator import Line, TranslatedLine, Translation
from ytdubber.testing.engines import FakeSpeechToText, FakeSynthesizer, FakeTranslator

EVERY = tuple(range(99))


class Speaker(FakeSynthesizer):
    """A fake of another name, with voices of its own; keeps what it is asked."""

    def __init__(
        self,
        name: str,
        genders: Sequence[Gender] = (Gender.FEMALE, Gender.MALE),
        faults: Mapping[int, VendorError] | None = None,
        listens: bool = False,
        languages: Sequence[str] = ("es", "pt"),
    ) -> None:
        super().__init__(languages, faults)
        self._name = name
        self._genders = genders
        self._listens = listens
        self.asked: list[SynthesisRequest] = []
        self.calls_made: list[CallContext] = []
        self.broken = False

    @property
    def engine(self) -> EngineId:
        return EngineId(self._name, "tones", "1")

    @property
    def capabilities(self) -> TTSCapabilities:
        return replace(super().capabilities, uses_context=self._listens)

    def voices(self, language: str) -> Sequence[Voice]:
        if language not in self._languages:
            return ()
        return [
            Voice(f"{self._name}-{place}", language, gender, "")
            for place, gender in enumerate(self._genders)
        ]

    def synthesize(self, request: SynthesisRequest, into: Path, call: CallContext) -> Speech:
        self.asked.append(request)
        self.calls_made.append(call)
        if self.broken:
            raise VendorError(self._name, ErrorKind.UNAVAILABLE, "no")
        return super().synthesize(request, into, call)


class Offering(FakeTranslator):
    """Offers every line in many lengths."""

    def translate(
        self,
        lines: Sequence[Line],
        source: str,
        target: str,
        glossary: Sequence[str],
        call: CallContext,
    ) -> Translation:
        made = super().translate(lines, source, target, glossary, call)
        lengths = [
            TranslatedLine(line.id, "a" * 20, tuple("a" * chars for chars in range(21, 60)))
            for line in lines
        ]
        return dataclasses.replace(made, lines=tuple(lengths))


def failing(fault: ErrorKind, *calls: int) -> dict[int, VendorError]:
    return dict.fromkeys(calls, VendorError("a", fault, "no"))


def conversation() -> FakeSpeechToText:
    """The first and last of three lines by one speaker, the middle one by another."""
    who = ["0"] * 4 + ["1"] * 4 + ["0"] * 4
    return FakeSpeechToText(
        [dataclasses.replace(word, speaker=s) for word, s in zip(words(), who, strict=True)]
    )


def lines(fakes: FakeDubbing, language: str = "pt") -> list[str]:
    text = (fakes.out / language / "translation.json").read_bytes()
    return [line["target"] for line in json.loads(text)["utterances"]]


def test_speakers_have_voices_of_their_own(fakes: FakeDubbing) -> None:
    speaker = Speaker("a", [Gender.FEMALE, Gender.FEMALE], listens=True)
    fakes.speech_to_text, fakes.synthesizer = conversation(), speaker
    entry = fakes.dub(fakes.request()).manifest.languages["pt"]
    assert (entry.voice, entry.voices) == ("a-0", {"0": "a-0", "1": "a-1"})
    said = lines(fakes)
    first = {request.text: request for request in speaker.asked}
    assert [first[text].voice_id for text in said] == ["a-0", "a-1", "a-0"]
    assert {(request.before, request.after) for request in speaker.asked} == {("", "")}
    rates = json.loads((fakes.folder / "rates.json").read_bytes())
    assert set(rates) == {"a/tones/a-0/pt", "a/tones/a-1/pt"}


def test_speakers_of_whom_there_are_too_many_share_a_voice_and_it_is_told(
    fakes: FakeDubbing,
) -> None:
    fakes.speech_to_text, fakes.synthesizer = conversation(), Speaker("a")
    voices = {"*:1": "male", "pt:9": "a-1"}
    entry = fakes.dub(fakes.request("pt", voices=voices)).manifest.languages["pt"]
    assert entry.voices == {"0": "a-0", "1": "a-1"}
    assert entry.notes == ["No speaker 9 is heard; the voice that was asked for is not used."]
    manifest = fakes.dub(fakes.request("pt")).manifest
    assert manifest.languages["pt"].voices == {"0": "a-0", "1": "a-0"}
    assert manifest.languages["pt"].notes == [
        "0 and 1 have one voice: there are no more that fit them."
    ]
    assert [each.voices for each in manifest.speakers] == [{"pt": "a-0"}, {"pt": "a-0"}]
    with pytest.raises(UnknownVoice):
        fakes.dub(fakes.request("pt", voices={"pt:0": "nobody"}))


def test_one_speaker_has_one_voice_and_hears_the_lines_around(fakes: FakeDubbing) -> None:
    speaker = fakes.synthesizer = Speaker("a", listens=True)
    entry = fakes.dub(fakes.request()).manifest.languages["pt"]
    assert (entry.voice, entry.voices) == ("a-0", {})
    one, two, three = lines(fakes)
    assert all(call.deadline_ms is not None for call in speaker.calls_made)
    around = {request.text: (request.before, request.after) for request in speaker.asked}
    assert around == {one: ("", two), two: (one, three), three: (two, "")}


def test_an_engine_that_cannot_hands_over_the_whole_language(fakes: FakeDubbing) -> None:
    first = Speaker("a", faults=failing(ErrorKind.QUOTA, *EVERY[1:]))
    second = Speaker("b", [Gender.MALE])
    fakes.synthesizer, fakes.others = first, (second,)
    outcome = fakes.dub(fakes.request("pt"))
    entry = outcome.manifest.languages["pt"]
    assert (entry.engines["synthesizer"].provider, entry.voice) == ("b", "b-0")
    assert {request.text for request in second.asked} == set(lines(fakes))


@pytest.mark.parametrize("fault", [each for each in ErrorKind if not each.falls_back])
def test_nobody_is_asked_where_that_does_not_help(fakes: FakeDubbing, fault: ErrorKind) -> None:
    second = Speaker("b")
    fakes.synthesizer, fakes.others = Speaker("a", faults=failing(fault, *EVERY)), (second,)
    with pytest.raises(AllLanguagesFailed):
        fakes.dub(fakes.request())
    assert second.asked == []


def test_who_meets_a_wish_goes_first_and_the_others_have_its_gender(fakes: FakeDubbing) -> None:
    women, men = Speaker("a", [Gender.FEMALE]), Speaker("b", [Gender.FEMALE, Gender.MALE])
    fakes.synthesizer, fakes.others = women, (men,)
    engines = fakes.engines()

    def found(preference: str | None) -> list[tuple[str, str | None]]:
        each = engines.candidates("pt", preference)
        return [(candidate.synthesizer.engine.provider, candidate.preference) for candidate in each]

    assert found(None) == [("a", None), ("b", None)]
    assert found("male") == [("b", "male"), ("a", None)]
    assert found("b-0") == [("b", "b-0"), ("a", "female")]
    assert found("b-1") == [("b", "b-1"), ("a", None)]
    with pytest.raises(UnknownVoice, match="a-0, b-0, b-1"):
        engines.candidates("pt", "c-0")


def test_a_language_may_have_an_order_of_its_own(fakes: FakeDubbing) -> None:
    a, b = Synthesizer.direct(Speaker("a")), Synthesizer.direct(Speaker("b"))
    engines = dataclasses.replace(fakes.engines(), synthesizers=(a, b), special={"pt": (b, a)})
    assert [engines.cast(code, None)[0] for code in ("es", "pt")] == [a, b]
    assert [voice.id for voice in engines.voices("pt")] == ["b-0", "b-1", "a-0", "a-1"]


def test_the_premium_tier_has_engines_of_its_own(fakes: FakeDubbing) -> None:
    with pytest.raises(NoPremiumVoices):
        fakes.dub(fakes.request(voice_tier=VoiceTier.PREMIUM))
    fakes.premium = (Speaker("best", languages=["pt"]),)
    with pytest.raises(LanguageNotSpoken, match=r"voice: pt\."):
        fakes.dub(fakes.request("es", voice_tier=VoiceTier.PREMIUM))
    outcome = fakes.dub(fakes.request(voice_tier=VoiceTier.PREMIUM))
    assert outcome.manifest.languages["pt"].engines["synthesizer"].provider == "best"
    assert fakes.dub(fakes.request()).manifest.languages["pt"].voice == "pt-female"


def test_a_term_is_spoken_as_one_wants_and_written_as_it_is(fakes: FakeDubbing) -> None:
    speaker = fakes.synthesizer = Speaker("a", listens=True)
    fakes.dub(fakes.request(spoken_as={"*:word11": "ZZZ"}))
    written = lines(fakes)
    assert "word11" in written[1]
    assert {request.text for request in speaker.asked} == {
        text.replace("word11", "ZZZ") for text in written
    }
    around = " ".join(f"{request.before} {request.after}" for request in speaker.asked)
    assert "ZZZ" in around
    assert "word11" not in around


def test_the_glossary_is_heard_and_translated_by(fakes: FakeDubbing) -> None:
    heard: list[Sequence[str]] = []

    class Ears(FakeSpeechToText):
        def transcribe(self, audio, language, glossary, call):  # type: ignore[no-untyped-def]  # as the fake's
            heard.append(glossary)
            return super().transcribe(audio, language, glossary, call)

    class Words(FakeTranslator):
        def translate(self, lines, source, target, glossary, call):  # type: ignore[no-untyped-def]  # as the fake's
            heard.append(glossary)
            return super().translate(lines, source, target, glossary, call)

    fakes.speech_to_text, fakes.translator = Ears(words()), Words()
    fakes.dub(fakes.request(glossary=("Ada", "Bletchley Park")))
    assert heard == [("Ada", "Bletchley Park")] * 2


def test_the_same_texts_are_chosen_again_whatever_was_learned_meanwhile(fakes: FakeDubbing) -> None:
    fakes.translator = Offering()
    fakes.dub(fakes.request("pt"))
    before, said = fakes.counts(), lines(fakes)
    (fakes.folder / "rates.json").write_text(
        json.dumps({"fake/tones/pt-female/pt": 30.0}), encoding="utf-8"
    )
    fakes.dub(fakes.request("pt", formats=("wav",)))
    assert (fakes.counts(), lines(fakes)) == (before, said)


def attempt(fakes: FakeDubbing, check: Callable[[], None] = lambda: None) -> tuple[Runner, UUID]:
    """A runner as another worker would have it, and the task of a job that is prepared."""
    scratch = fakes.folder / f"{uuid4()}"
    scratch.mkdir()
    runner = Runner(
        fakes.engines(),
        fakes.database.begin,
        MadeFiles(),
        TickingClock(),
        scratch,
        lambda _: None,
        check,
    )
    if not fakes.database.rows.jobs:
        job = Job(uuid4(), None, ("pt",), TickingClock().now(), DubOptions(formats=("flac",)))
        with fakes.database.begin() as work:
            work.jobs.add(job)
            work.tasks.add(LanguageTask(uuid4(), job.id, "pt"))
            work.commit()
    (task_id,) = fakes.database.rows.tasks
    return runner, task_id


def dub(fakes: FakeDubbing, runner: Runner, task_id: UUID) -> str:
    """The voice of the main speaker."""
    voice = Stem(fakes.voice, "voice.wav")
    (job_id,) = fakes.database.rows.jobs
    if fakes.database.rows.transcripts:
        with ThreadPoolExecutor(1) as decoding:
            again = runner.prepare_again(job_id, HeardBefore(9_000), voice, None, decoding)
            made = runner.dub(task_id, again)
    else:
        made = runner.dub(task_id, runner.prepare(job_id, voice, None, {}))
    return next(iter(made.voices.values())).id


def test_an_interrupted_dub_goes_on_with_the_voices_it_had(fakes: FakeDubbing) -> None:
    first = Speaker("a", faults=failing(ErrorKind.UNAVAILABLE, *EVERY))
    second = Speaker("b")
    fakes.synthesizer, fakes.others = first, (second,)

    def check() -> None:
        if second.asked:
            raise Cancelled

    runner, task_id = attempt(fakes, check)
    with pytest.raises(Cancelled):
        dub(fakes, runner, task_id)
    assert fakes.database.rows.tasks[task_id].casting == Casting(second.engine, {None: "b-0"})
    asked, runner = len(first.asked), attempt(fakes)[0]
    assert dub(fakes, runner, task_id) == "b-0"
    assert len(first.asked) == asked
    assert second.calls.count == len({request.text for request in second.asked})


def test_when_everybody_fails_the_next_attempt_begins_with_the_first(fakes: FakeDubbing) -> None:
    first, second = Speaker("a"), Speaker("b", faults=failing(ErrorKind.UNAVAILABLE, *EVERY))
    first.broken = True
    fakes.synthesizer, fakes.others = first, (second,)
    runner, task_id = attempt(fakes)
    with pytest.raises(VendorError):
        dub(fakes, runner, task_id)
    assert fakes.database.rows.tasks[task_id].casting is None
    first.broken = False
    assert dub(fakes, attempt(fakes)[0], task_id) == "a-0"


def test_voices_are_kept_while_the_engine_has_them(fakes: FakeDubbing) -> None:
    said = [Utterance(f"u{n}", "x", n, n + 1, s, ()) for n, s in enumerate(["0", "1", "0"])]
    a, b = Speaker("a"), Speaker("b", [Gender.MALE] * 3)
    fakes.synthesizer, fakes.others = a, (b,)
    found = casts(fakes.engines(), Transcript("en", tuple(said)), "pt", DubOptions())

    def voices(cast: Cast) -> dict[str | None, str]:
        return {who: voice.id for who, voice in cast.voices.items()}

    before = Casting(dataclasses.replace(b.engine, version="0"), {"1": "b-0", "0": "b-2"})
    again = taken_up(found, before)
    assert [voices(cast) for cast in again] == [before.voices, {"0": "a-0", "1": "a-1"}]
    for gone in (Casting(b.engine, {"0": "b-2"}), Casting(b.engine, {"0": "b-2", "1": "b-9"})):
        assert next(voices(cast) for cast in taken_up(found, gone)) == {"0": "b-0", "1": "b-1"}
    assert taken_up(found, None) == found
    assert taken_up(found, Casting(EngineId("c", "", ""), {})) == found
