"""Speakers told apart: a man who reads for LibriVox, and women's voices of Kokoro's."""

from uuid import UUID

import numpy as np
import pytest
import soundfile as sf
import soxr
from numpy.typing import NDArray
from tests.contract.conftest import EXAMPLE, RATE_HZ, MakeRecording

from ytdubber.adapters.local.campplus import CampplusDiarizer
from ytdubber.adapters.local.kokoro import KokoroSynthesizer
from ytdubber.adapters.models.store import LocalModelStore
from ytdubber.domain.errors import Cancelled
from ytdubber.domain.media import AudioFile
from ytdubber.domain.speakers import SpeakerTurn
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.speech_synthesizer import SynthesisRequest

TEXT = "Nobody had told me that the gardens were so large, or that the river ran behind the house."

pytestmark = [pytest.mark.models, pytest.mark.xdist_group("local-models")]


@pytest.fixture(scope="session")
def diarizer(store: LocalModelStore) -> CampplusDiarizer:
    return CampplusDiarizer(store)


@pytest.fixture(scope="session")
def woman(store: LocalModelStore, tmp_path_factory: pytest.TempPathFactory) -> NDArray[np.float32]:
    path = tmp_path_factory.mktemp("woman") / "line.wav"
    request = SynthesisRequest(TEXT, "en", "af_heart")
    KokoroSynthesizer(store).synthesize(request, path, CallContext(UUID(int=1)))
    samples, rate_hz = sf.read(path, dtype="float32")
    spoken: NDArray[np.float32] = soxr.resample(samples, rate_hz, RATE_HZ)
    return spoken


@pytest.fixture
def conversation(recording: MakeRecording, woman: NDArray[np.float32]) -> AudioFile:
    """The man from 0 to 6.5 s, the woman, the man; and when the woman speaks."""
    man, _ = sf.read(EXAMPLE, dtype="float32")
    first, second = man[: int(6.5 * RATE_HZ)], man[int(7.5 * RATE_HZ) : 14 * RATE_HZ]
    return recording("conversation", np.concatenate([first, woman, second, woman]))


def lengths_ms(turns: tuple[SpeakerTurn, ...], start_ms: float, end_ms: float) -> dict[str, float]:
    """How long each person speaks between two times."""
    found: dict[str, float] = {}
    for turn in turns:
        within = min(turn.end_ms, end_ms) - max(turn.start_ms, start_ms)
        if within > 0:
            found[turn.speaker] = found.get(turn.speaker, 0) + within
    return found


@pytest.mark.parametrize("speakers", [None, 2])
def test_two_people_are_told_apart(
    diarizer: CampplusDiarizer,
    conversation: AudioFile,
    woman: NDArray[np.float32],
    speakers: int | None,
    call: CallContext,
) -> None:
    turns = diarizer.diarize(conversation, speakers, call).turns
    assert {turn.speaker for turn in turns} == {"A", "B"}
    assert list(turns) == sorted(turns, key=lambda turn: turn.start_ms)
    woman_ms = len(woman) * 1000 / RATE_HZ
    theirs = lengths_ms(turns, 6_500, 6_500 + woman_ms)
    assert theirs["B"] > 0.8 * woman_ms
    assert theirs.get("A", 0) < 400
    assert lengths_ms(turns, 0, 6_400).get("B", 0) < 400


@pytest.mark.parametrize(("seconds", "speakers"), [(5.0, None), (5.0, 2), (2.4, 2)])
def test_two_people_in_a_few_seconds(
    diarizer: CampplusDiarizer,
    recording: MakeRecording,
    woman: NDArray[np.float32],
    seconds: float,
    speakers: int | None,
    call: CallContext,
) -> None:
    """Where windows hardly overlap, whoever is heard is heard in few of them."""
    man, _ = sf.read(EXAMPLE, dtype="float32")
    each = int(seconds * RATE_HZ)
    short = recording("short", np.concatenate([man[:each], woman[:each]]))
    turns = diarizer.diarize(short, speakers, call).turns
    assert {turn.speaker for turn in turns} == {"A", "B"}
    assert lengths_ms(turns, seconds * 1000, seconds * 2000)["B"] > 700 * seconds


def test_one_person_is_one(
    diarizer: CampplusDiarizer, example: AudioFile, call: CallContext
) -> None:
    found = diarizer.diarize(example, None, call)
    assert {turn.speaker for turn in found.turns} == {"A"}
    assert float(found.receipt.amount("audio_seconds")) == pytest.approx(27.73, abs=0.01)


def test_nobody_speaks_in_silence(
    diarizer: CampplusDiarizer, recording: MakeRecording, call: CallContext
) -> None:
    silence = recording("silence", np.zeros(3 * RATE_HZ, np.float32))
    assert diarizer.diarize(silence, None, call).turns == ()


def test_it_stops_when_told(diarizer: CampplusDiarizer, example: AudioFile) -> None:
    looked = 0

    def check() -> None:
        nonlocal looked
        looked += 1
        if looked == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        diarizer.diarize(example, None, CallContext(UUID(int=1), raise_if_cancelled=check))
    assert looked == 2
