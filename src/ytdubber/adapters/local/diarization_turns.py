"""When everybody speaks in the whole recording, from who speaks when in each window."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .diarization_clusters import centres, people
from .diarization_windows import FRAME_S, FRAME_SAMPLES, STEP_S, WINDOW_S, LocalSpeaker
from .recording import RATE_HZ

SURE_S = 1.5
"""Voices heard alone for less than this do not say how many people there are."""
WINDOW_FRAMES = 589
STEP_FRAMES = STEP_S * RATE_HZ / FRAME_SAMPLES
SHORTEST_S, GAP_S = 0.15, 0.25
"""Turns shorter than this are none, and pauses shorter than this part no turn."""

Turn = tuple[int, float, float]
"""A person, and when they begin and end, in seconds."""


def turns(local: Sequence[LocalSpeaker], windows: int, speakers: int | None) -> list[Turn]:
    """Who speaks when, people numbered from 0.

    Args:
        local: The people of all windows.
        windows: How many windows there are.
        speakers: How many people there are, or None to find out.
    """
    whose = _whose(local, windows, speakers)
    known = sorted({person for person in whose if person is not None})
    if not known:
        return []
    activity = _activity(local, whose, windows, len(known))
    return sorted(
        (turn for person in known for turn in _turns(person, activity[:, person])),
        key=lambda turn: (turn[1], turn[0]),
    )


def _whose(local: Sequence[LocalSpeaker], windows: int, speakers: int | None) -> list[int | None]:
    """Which person each of the people of a window is; None where nothing says so."""
    voiced = [each for each in local if each.voice is not None]
    if not voiced:
        return [None] * len(local)
    sure = [each for each in voiced if each.alone_s >= SURE_S]
    if len(sure) < (speakers or 1):
        sure = voiced
    voices = np.stack([each.voice for each in sure if each.voice is not None])
    # Windows overlap: all of them together are longer than the recording.
    once = ((windows - 1) * STEP_S + WINDOW_S) / (windows * WINDOW_S)
    seconds = np.array([max(each.alone_s, 0.1) * once for each in sure])
    labels = people(voices, seconds, speakers)
    middles = centres(voices, labels)
    known = {id(each): int(label) for each, label in zip(sure, labels, strict=True)}
    taken: dict[int, set[int]] = {}
    for each in sure:
        taken.setdefault(each.window, set()).add(known[id(each)])
    found: list[int | None] = []
    for each in local:
        person = known.get(id(each))
        if person is None and each.voice is not None:
            similarity = middles @ each.voice
            others = taken.get(each.window, set())
            free = [i for i in range(len(middles)) if i not in others] or [*range(len(middles))]
            person = max(free, key=lambda i: float(similarity[i]))
        found.append(person)
    return found


def _activity(
    local: Sequence[LocalSpeaker], whose: Sequence[int | None], windows: int, count: int
) -> NDArray[np.bool_]:
    """When each person speaks, bool[frames, people]: as many at once as windows say on average,
    those whom most windows say. The middle of a window counts most.
    """
    frames = round((windows - 1) * STEP_FRAMES) + WINDOW_FRAMES
    weight = np.bartlett(WINDOW_FRAMES + 2)[1:-1] + 1e-3
    said, weights = np.zeros((frames, count)), np.zeros(frames)
    for window in range(windows):
        weights[_span(window)] += weight
    for each, person in zip(local, whose, strict=True):
        if person is not None:
            said[_span(each.window), person] += each.active * weight
    share = np.minimum(1.0, said / weights[:, None])
    at_once = np.rint(share.sum(axis=1)).astype(int)
    rank = np.argsort(np.argsort(-share, axis=1, kind="stable"), axis=1)
    active: NDArray[np.bool_] = (rank < at_once[:, None]) & (share > 0)
    return active


def _span(window: int) -> slice:
    start = round(window * STEP_FRAMES)
    return slice(start, start + WINDOW_FRAMES)


def _turns(person: int, active: NDArray[np.bool_]) -> list[Turn]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], active, [False]]).astype(int)))
    spans: list[list[float]] = []
    for start, end in edges.reshape(-1, 2) * FRAME_S:
        if spans and start - spans[-1][1] < GAP_S:
            spans[-1][1] = end
        else:
            spans.append([start, end])
    return [(person, start, end) for start, end in spans if end - start >= SHORTEST_S]
