"""Whose work is next: start-time fair queueing between users, and a job's own place among them.

Every user has a virtual clock that runs by the work begun for them. Who is furthest behind comes
next (Goyal, Vin and Cheng, "Start-time Fair Queueing", 1997). So a user gets the same share of the
threads however many jobs they make of their work, nobody's hundredth job goes before another's
first, and whoever comes back after a while has saved nothing up.
"""

import enum
import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from uuid import UUID

PREFETCH = 1
"""How many pieces a worker has waiting for it beside those its threads have in hand: it begins the
next without asking the database."""
LEAST_S = 1.0
"""What the smallest piece counts as: to begin one takes time, too."""


class Lane(enum.StrEnum):
    """A kind of work, which has threads of its own."""

    IO = "io"
    """Waits for vendors."""
    CPU = "cpu"
    """Computes here: local engines."""


@dataclass(frozen=True, slots=True)
class JobLanes:
    """Where the pieces of a job are done.

    Attributes:
        transcribing: Its recording is heard.
        languages: Each language is dubbed.
    """

    transcribing: Lane = Lane.IO
    languages: Mapping[str, Lane] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Piece:
    """Something a worker takes up in one go: a recording to hear or a language to dub.

    Attributes:
        id: Its row.
        job: The job it belongs to.
        user: Whose it is.
        size_s: How long a thread will take for it, about.
        rank_s: The job's, by `rank_s`: the lower goes first among a user's own.
        order: Its place within the job.
    """

    id: UUID
    job: UUID
    user: UUID
    size_s: float
    rank_s: float
    order: int = 0

    @property
    def cost_s(self) -> float:
        """What the user's clock runs on by."""
        return max(self.size_s, LEAST_S)


@dataclass(frozen=True, slots=True)
class Share:
    """A user's virtual clock in one lane, in seconds of work.

    Attributes:
        began_s: Where it stood when their last piece was begun.
        ends_s: Where it stands since.
    """

    began_s: float
    ends_s: float


@dataclass(frozen=True, slots=True)
class Place:
    """A job that has not begun.

    Attributes:
        number: The how-manieth in the line, from 1.
        starts_in_s: About how long until it begins; None where nobody can know.
    """

    number: int
    starts_in_s: float | None


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a lane gets on.

    Attributes:
        threads: Those of its live workers.
        a_second: Seconds of work that all of them get done in a second, as measured while work was
            waiting; None where it was not.
        guessed: Whether nobody has measured yet how long pieces take.
    """

    threads: int
    a_second: float | None = None
    guessed: bool = False

    def lasts_s(self, work_s: float) -> float:
        """How long a piece holds a thread; each gets its part of what is done in all."""
        return work_s * self.threads / self.a_second if self.a_second else work_s


def rank_s(submitted_s: float, work_s: float) -> float:
    """A job's rank among those of its user: when it would have been done, had it begun at once.

    A short job goes before a long one that was submitted within the long one's own length before,
    and no job waits for one that was submitted later than that.

    Args:
        submitted_s: When it was submitted, in seconds since any moment.
        work_s: How long a thread would take for all of it.
    """
    return submitted_s + work_s


def room(threads: int, workers: int, in_hand: int) -> int:
    """How many more pieces the live workers of a lane take.

    Args:
        threads: Those of all of them.
        workers: How many they are.
        in_hand: What they work on, or have been told to.
    """
    return max(0, threads + workers * PREFETCH - in_hand)


def in_turn(
    waiting: Iterable[Piece], shares: Mapping[UUID, Share]
) -> Iterator[tuple[Piece, Share]]:
    """All pieces in the order in which they are to be begun, each with its user's clock after it.

    Args:
        waiting: Those of one lane, in any order.
        shares: The clocks of whoever had something begun in it; others begin with what is begun
            just now.
    """
    now_s = max((share.began_s for share in shares.values()), default=0.0)
    own: dict[UUID, list[Piece]] = defaultdict(list)
    for piece in waiting:
        own[piece.user].append(piece)
    line: list[tuple[float, float, float, int, UUID]] = []

    def stand_in(user: UUID, begins_s: float) -> None:
        first = own[user][-1]
        entry = (begins_s, begins_s + first.cost_s, first.rank_s, first.order, user)
        heapq.heappush(line, entry)

    for user, pieces in own.items():
        pieces.sort(key=lambda each: (each.rank_s, each.job, each.order), reverse=True)
        share = shares.get(user)
        stand_in(user, max(now_s, share.ends_s) if share else now_s)
    while line:
        begins_s, ends_s, _, _, user = heapq.heappop(line)
        yield own[user].pop(), Share(begins_s, ends_s)
        if own[user]:
            stand_in(user, ends_s)


def places(
    told: Sequence[Piece],
    waiting: Iterable[Piece],
    shares: Mapping[UUID, Share],
    left_s: Sequence[float],
    pace: Pace,
    begun: Collection[UUID] = (),
) -> dict[UUID, Place]:
    """Where the jobs that have not begun stand, and when each will begin.

    Args:
        told: What workers were told of and have not begun, in that order.
        waiting: All else that has not begun in one lane, also what waits for its job to be heard.
        shares: As of `in_turn`.
        left_s: How much work is left of each piece in hand, in seconds.
        pace: How fast the lane gets on.
        begun: The jobs of which something is in hand or done.
    """
    idle = [0.0] * max(0, pace.threads - len(left_s))
    free_at_s = [*idle, *sorted(pace.lasts_s(each) for each in left_s)][: pace.threads]
    found: dict[UUID, Place] = {}
    for piece in chain(told, (piece for piece, _ in in_turn(waiting, shares))):
        starts_s = heapq.heappop(free_at_s) if free_at_s else None
        if starts_s is not None:
            heapq.heappush(free_at_s, starts_s + pace.lasts_s(piece.cost_s))
        if piece.job not in found and piece.job not in begun:
            found[piece.job] = Place(len(found) + 1, None if pace.guessed else starts_s)
    return found


def over_share(own: float, everybody: float, users: int, limit: float) -> bool:
    """Whether a user has more waiting than may be while the service is full.

    Args:
        own: What waits of theirs.
        everybody: What waits of all.
        users: How many have something waiting, whoever asks included.
        limit: How much may wait before somebody is turned away.
    """
    return everybody >= limit and own * max(users, 1) >= limit
