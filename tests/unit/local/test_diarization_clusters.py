"""Which voices are one person's."""

import numpy as np
import pytest
from numpy.typing import NDArray

from ytdubber.adapters.local import diarization_clusters
from ytdubber.adapters.local.diarization_clusters import merges, people


def voices(whose: list[int], spread: float = 0.05) -> NDArray[np.float32]:
    """Voices of people who are nothing alike; those of one are near to each other."""
    random = np.random.default_rng(4)
    middles = np.linalg.qr(random.normal(size=(192, 8)))[0].T
    found = middles[whose] + spread * random.normal(size=(len(whose), 192))
    made: NDArray[np.float32] = found / np.linalg.norm(found, axis=1, keepdims=True)
    return made.astype(np.float32)


WHOSE = [0, 1, 0, 2, 2, 1, 0, 1, 2, 2]


@pytest.mark.parametrize("speakers", [None, 3])
def test_everybody_is_found(speakers: int | None) -> None:
    seconds = np.full(len(WHOSE), 2.0)
    assert people(voices(WHOSE), seconds, speakers).tolist() == WHOSE


def test_as_many_as_are_said_and_no_more_than_there_are() -> None:
    seconds = np.full(len(WHOSE), 2.0)
    assert set(people(voices(WHOSE), seconds, 2).tolist()) == {0, 1}
    assert set(people(voices(WHOSE), seconds, 1).tolist()) == {0}
    assert people(voices([0]), np.array([9.0]), 3).tolist() == [0]


def test_who_is_hardly_heard_is_whom_they_are_most_like() -> None:
    heard = voices([0, 0, 1, 1, 2])
    heard[4] += heard[2] * 0.6
    heard[4] /= np.linalg.norm(heard[4])
    assert people(heard, np.array([4, 4, 4, 4, 0.5]), None).tolist() == [0, 0, 1, 1, 1]


def test_merges_are_those_of_average_linkage() -> None:
    found = voices([0, 1, 2, 3, 4, 5], spread=0.2)
    distances = [each.distance for each in merges(found)]
    assert len(distances) == 5
    assert distances == sorted(distances)
    nearest = 1 - (found @ found.T)[np.triu_indices(6, 1)]
    assert distances[0] == pytest.approx(nearest.min(), abs=1e-6)


def test_of_very_many_voices_a_part_says_who_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diarization_clusters, "LARGEST", 30)
    whose = WHOSE * 10
    assert people(voices(whose), np.full(100, 2.0), None).tolist() == whose
