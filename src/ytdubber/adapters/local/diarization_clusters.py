"""Whose voice is whose: voices that are alike belong to one person.

Agglomerative clustering with average linkage, by the chain of nearest neighbours (Murtagh 1983):
O(n²) time and memory, for which n is bounded by `LARGEST`.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SAME_PERSON = 0.55
"""Voices further apart than this (1 - cosine, on average) are two people's."""
LEAST_S = 3.0
"""Who is heard less than this is no person of their own but the one they are most like."""
SHORTER_S = 1.5, 0.75, 0.3
"""What is enough in turn where fewer people are heard for long than there are."""
MOST_UNDONE = 200
"""How many merges are undone at most to find as many people as there are."""
LARGEST = 4_000
"""Voices clustered at once: three hours of a conversation, and 64 MB of distances."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Two groups that become one, by the numbers of one voice in each, and how far apart."""

    one: int
    other: int
    distance: float


def merges(voices: NDArray[np.float32]) -> list[Merge]:
    """How all voices become one group, nearest groups first.

    Args:
        voices: float32[n, 192], each of length 1.
    """
    count = len(voices)
    distances = 1.0 - voices @ voices.T
    np.fill_diagonal(distances, np.inf)
    sizes = np.ones(count)
    open_ = np.ones(count, bool)
    found: list[Merge] = []
    chain: list[int] = []
    for _ in range(count - 1):
        if not chain:
            chain = [int(np.flatnonzero(open_)[0])]
        while True:
            last = chain[-1]
            near = int(np.argmin(distances[last]))
            if len(chain) > 1 and distances[last, chain[-2]] <= distances[last, near]:
                near = chain[-2]
            if len(chain) > 1 and near == chain[-2]:
                break
            chain.append(near)
        one, other = sorted((chain.pop(), chain.pop()))
        found.append(Merge(one, other, float(distances[one, other])))
        whole = sizes[one] + sizes[other]
        row = (sizes[one] * distances[one] + sizes[other] * distances[other]) / whole
        distances[one], distances[:, one] = row, row
        distances[other], distances[:, other] = np.inf, np.inf
        distances[one, one] = np.inf
        sizes[one], open_[other] = whole, False
    return sorted(found, key=lambda each: each.distance)


def groups(count: int, found: list[Merge]) -> NDArray[np.int64]:
    """The group of each voice, numbered from 0 by their first voices, after these merges."""
    parent = list(range(count))

    def root(each: int) -> int:
        while parent[each] != each:
            parent[each] = parent[parent[each]]
            each = parent[each]
        return each

    for merge in found:
        parent[root(merge.other)] = root(merge.one)
    _, first, labels = np.unique(
        [root(each) for each in range(count)], return_index=True, return_inverse=True
    )
    order = np.argsort(np.argsort(first))
    return order[labels].astype(np.int64)


def people(
    voices: NDArray[np.float32], seconds: NDArray[np.float64], speakers: int | None
) -> NDArray[np.int64]:
    """Whose each voice is, numbered from 0 in the order they are first heard.

    Args:
        voices: float32[n, 192], each of length 1; of more than `LARGEST`, so many say who there is.
        seconds: How long each was heard.
        speakers: How many people there are, or None to find out.
    """
    if len(voices) > LARGEST:
        kept = np.linspace(0, len(voices) - 1, LARGEST).astype(int)
        whose = people(voices[kept], seconds[kept] * len(voices) / LARGEST, speakers)
        return _renumbered(nearest(voices, centres(voices[kept], whose)))
    found = merges(voices)
    if speakers is None:
        kept_apart = sum(each.distance > SAME_PERSON for each in found)
        labels = groups(len(voices), found[: len(found) - kept_apart])
        heard = _heard(labels, seconds)
    else:
        labels, heard = _so_many(len(voices), seconds, found, speakers)
    middles = np.stack([_centre(voices[labels == label]) for label in heard])
    own = {label: number for number, label in enumerate(heard)}
    other = nearest(voices, middles).tolist()
    return _renumbered(
        np.array([own.get(label, other[at]) for at, label in enumerate(labels.tolist())])
    )


def _so_many(
    count: int, seconds: NDArray[np.float64], found: list[Merge], speakers: int
) -> tuple[NDArray[np.int64], list[int]]:
    """So many groups, the fewest merges undone that leave as many that are heard long enough; and
    which they are. As many as there are, where there are fewer.
    """
    for least_s in (LEAST_S, *SHORTER_S):
        labels, heard = _parted(count, seconds, found, speakers, least_s)
        if len(heard) >= speakers:
            break
    longest = sorted(heard, key=lambda label: -_heard_s(labels, seconds, label))
    return labels, sorted(longest[:speakers])


def _parted(
    count: int, seconds: NDArray[np.float64], found: list[Merge], speakers: int, least_s: float
) -> tuple[NDArray[np.int64], list[int]]:
    """As many groups that are heard so long as can be had, up to so many; and which they are."""
    labels = groups(count, found)
    heard = _heard(labels, seconds, least_s)
    for undone in range(1, min(len(found), MOST_UNDONE) + 1):
        if len(heard) >= speakers:
            break
        parted = groups(count, found[: len(found) - undone])
        if len(more := _heard(parted, seconds, least_s)) > len(heard):
            labels, heard = parted, more
    return labels, heard


def _heard(
    labels: NDArray[np.int64], seconds: NDArray[np.float64], least_s: float = LEAST_S
) -> list[int]:
    """The groups that are heard long enough; the longest, where none is."""
    lengths = np.bincount(labels, seconds)
    heard: list[int] = np.flatnonzero(lengths >= least_s).tolist()
    return heard or [int(lengths.argmax())]


def _heard_s(labels: NDArray[np.int64], seconds: NDArray[np.float64], label: int) -> float:
    return float(seconds[labels == label].sum())


def centres(voices: NDArray[np.float32], whose: NDArray[np.int64]) -> NDArray[np.float32]:
    """What each person sounds like, float32[people, 192]."""
    return np.stack([_centre(voices[whose == person]) for person in range(int(whose.max()) + 1)])


def nearest(voices: NDArray[np.float32], middles: NDArray[np.float32]) -> NDArray[np.int64]:
    """The person each voice is most like."""
    found: NDArray[np.int64] = (voices @ middles.T).argmax(axis=1).astype(np.int64)
    return found


def _centre(voices: NDArray[np.float32]) -> NDArray[np.float32]:
    middle: NDArray[np.float32] = voices.mean(axis=0)
    return middle / max(float(np.linalg.norm(middle)), 1e-9)


def _renumbered(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same, numbered from 0 by who comes first."""
    order: dict[int, int] = {}
    return np.array([order.setdefault(label, len(order)) for label in labels.tolist()], np.int64)
