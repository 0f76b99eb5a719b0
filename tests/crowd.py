"""A service in virtual time: who waits how long for what, in which order work is taken up."""

import heapq
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from statistics import fmean
from uuid import UUID

from ytdubber.domain.fair_share import Piece, Share, in_turn, rank_s

Order = Callable[[Sequence[Piece]], Piece]
"""Chooses one of those that wait, which are in the order in which they came to wait."""


@dataclass(frozen=True)
class Work:
    """A job as it was submitted: the hearing takes so long, then each language, in seconds."""

    user: UUID
    at_s: float
    hearing_s: float
    languages_s: tuple[float, ...]

    @property
    def work_s(self) -> float:
        return self.hearing_s + sum(self.languages_s)


def first_come(waiting: Sequence[Piece]) -> Piece:
    """A job's languages come to wait when it was heard: behind everything that waits then."""
    return waiting[0]


class Fair:
    """By the rule, as the dispatcher applies it."""

    def __init__(self) -> None:
        self._shares: dict[UUID, Share] = {}

    def __call__(self, waiting: Sequence[Piece]) -> Piece:
        piece, self._shares[piece.user] = next(in_turn(waiting, self._shares))
        return piece


def ends_s(jobs: Sequence[Work], threads: int, order: Order) -> list[float]:
    """When each job ends."""
    numbers = count()
    waiting: list[Piece] = []
    of_job = {UUID(int=number): work for number, work in enumerate(jobs)}
    left = {job: len(work.languages_s) for job, work in of_job.items()}
    ended: dict[UUID, float] = {}
    happens: list[tuple[float, int, Piece | None]] = []
    for job, work in of_job.items():
        heapq.heappush(happens, (work.at_s, next(numbers), _piece(job, work, 0)))
    free, running = threads, set[UUID]()
    while happens:
        now_s, _, piece = heapq.heappop(happens)
        assert piece is not None
        if piece.id in running:
            running.remove(piece.id)
            free += 1
            work = of_job[piece.job]
            if piece.order == 0:
                waiting += [
                    _piece(piece.job, work, order) for order in range(1, left[piece.job] + 1)
                ]
            else:
                left[piece.job] -= 1
            if left[piece.job] == 0:
                ended[piece.job] = now_s
        else:
            waiting.append(piece)
        if happens and happens[0][0] == now_s:
            continue  # all that happens at once, before anything is taken up
        while free and waiting:
            taken = order(waiting)
            waiting.remove(taken)
            running.add(taken.id)
            free -= 1
            heapq.heappush(happens, (now_s + taken.size_s, next(numbers), taken))
    return [ended[job] for job in of_job]


def _piece(job: UUID, work: Work, order: int) -> Piece:
    size_s = work.languages_s[order - 1] if order else work.hearing_s
    number = UUID(int=job.int * 1_000 + order + 1)
    return Piece(number, job, work.user, size_s, rank_s(work.at_s, work.work_s), order)


def turnarounds_s(jobs: Sequence[Work], ended_s: Sequence[float]) -> dict[UUID, list[float]]:
    """How long each user's jobs took, from when they were submitted."""
    found: dict[UUID, list[float]] = defaultdict(list)
    for work, end_s in zip(jobs, ended_s, strict=True):
        found[work.user].append(end_s - work.at_s)
    return found


def equal_share_s(work_s: Mapping[UUID, float], threads: int) -> dict[UUID, float]:
    """When each user is done if all share the threads equally at every moment, and whoever is done
    leaves their part to the others.
    """
    done_s, before_s, found = 0.0, 0.0, {}
    by_size = sorted(work_s, key=lambda user: work_s[user])
    for number, user in enumerate(by_size):
        done_s += (work_s[user] - before_s) * (len(by_size) - number) / threads
        before_s = work_s[user]
        found[user] = done_s
    return found


def slowdowns(jobs: Sequence[Work], ended_s: Sequence[float], threads: int) -> dict[UUID, float]:
    """How long all of a user's work took over what it takes at an equal share; all of it was
    submitted at once.
    """
    work_s: dict[UUID, float] = defaultdict(float)
    for work in jobs:
        work_s[work.user] += work.work_s
    shared_s = equal_share_s(work_s, threads)
    took_s = turnarounds_s(jobs, ended_s)
    return {user: max(took_s[user]) / shared_s[user] for user in work_s}


def jain(values: Sequence[float]) -> float:
    """Jain's index: 1 when all are equal, 1/n when one has everything."""
    return fmean(values) ** 2 / fmean([value**2 for value in values])
