"""Whose work is next."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import count
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from ytdubber.domain.fair_share import (
    LEAST_S,
    PREFETCH,
    Pace,
    Piece,
    Place,
    Share,
    in_turn,
    over_share,
    places,
    rank_s,
    room,
)

ANN, BOB, CAT = (UUID(int=number) for number in (1, 2, 3))
_ids = count(1_000)


def job(user: UUID, *sizes_s: float, at_s: float = 0.0) -> list[Piece]:
    """A job's pieces, in order."""
    rank = rank_s(at_s, sum(sizes_s))
    number = UUID(int=next(_ids))
    return [
        Piece(UUID(int=next(_ids)), number, user, size_s, rank, order)
        for order, size_s in enumerate(sizes_s)
    ]


def line(*jobs: list[Piece], shares: dict[UUID, Share] | None = None) -> list[Piece]:
    return [piece for piece, _ in in_turn([p for each in jobs for p in each], shares or {})]


_users = st.integers(1, 6).map(lambda number: UUID(int=number))
_sizes = st.lists(st.floats(0.5, 5_000), min_size=1, max_size=5)
_jobs = st.builds(
    lambda user, sizes, at: job(user, *sizes, at_s=at), _users, _sizes, st.floats(0, 10_000)
)
_lines = st.lists(_jobs, min_size=1, max_size=25).map(
    lambda jobs: [p for each in jobs for p in each]
)
_clocks = st.dictionaries(
    _users,
    st.tuples(st.floats(0, 10_000), st.floats(1, 5_000)).map(lambda t: Share(t[0], t[0] + t[1])),
)


def test_the_hundredth_job_of_one_does_not_go_before_the_first_of_another() -> None:
    many = [job(ANN, 10, at_s=number) for number in range(100)]
    one = job(BOB, 10, at_s=1_000)
    assert line(*many, one).index(one[0]) <= 1


def test_a_job_goes_on_in_its_place_when_it_was_heard() -> None:
    hearing, *languages = job(ANN, 30, 10, 10)
    later = job(ANN, 30, 10, 10, at_s=60)
    assert line(later, [hearing, *languages])[:3] == [hearing, *languages]
    assert line([later[0]], languages)[:2] == languages


def test_a_short_job_goes_before_a_long_one_that_came_shortly_before() -> None:
    long, short = job(ANN, 3_600), job(ANN, 20, at_s=600)
    assert line(long, short) == [*short, *long]
    late = job(ANN, 20, at_s=3_700)
    assert line(long, late) == [*long, *late]


def test_whoever_was_away_saved_nothing_up() -> None:
    shares = {ANN: Share(900, 1_000), BOB: Share(0, 10)}
    order = line(*[job(user, 10) for _ in range(20) for user in (ANN, BOB)], shares=shares)
    assert [piece.user for piece in order[:10]] == [BOB] * 10  # until the clocks are level
    assert Counter(piece.user for piece in order[10:20])[ANN] == 5


@given(_lines, _clocks)
def test_all_that_waits_is_in_the_line_once(
    waiting: list[Piece], shares: dict[UUID, Share]
) -> None:
    order = [piece for piece, _ in in_turn(waiting, shares)]
    assert sorted(piece.id for piece in order) == sorted(piece.id for piece in waiting)


@given(_lines, _clocks, st.randoms(use_true_random=False))
def test_the_line_is_the_same_however_it_is_read(
    waiting: list[Piece], shares: dict[UUID, Share], random: object
) -> None:
    shuffled = sorted(waiting, key=lambda piece: hash((piece.id, str(random))))
    assert list(in_turn(waiting, shares)) == list(in_turn(shuffled, shares))


@given(_lines, _clocks, st.integers(0, 40))
def test_the_line_goes_on_as_it_was_when_some_of_it_was_begun(
    waiting: list[Piece], shares: dict[UUID, Share], first: int
) -> None:
    """Dispatching one by one or all at once comes to the same."""
    whole = list(in_turn(waiting, shares))
    done = {piece.id for piece, _ in whole[:first]}
    left = [piece for piece in waiting if piece.id not in done]
    after = shares | {piece.user: share for piece, share in whole[:first]}
    assert [p.id for p, _ in in_turn(left, after)] == [p.id for p, _ in whole[first:]]


@given(_lines, _clocks)
def test_whoever_waits_gets_no_less_than_another_by_more_than_a_piece_of_each(
    waiting: list[Piece], shares: dict[UUID, Share]
) -> None:
    """Theorem 1 of the paper: while both have something waiting, the work of two users differs by
    at most the largest piece of the one and of the other; a clock that is ahead waits first.
    """
    total = {
        user: sum(p.cost_s for p in waiting if p.user == user) for user in {*shares, *_all(waiting)}
    }
    now_s = max((share.began_s for share in shares.values()), default=0.0)
    ahead = {u: max(0.0, shares[u].ends_s - now_s) if u in shares else 0.0 for u in total}
    largest = {u: max((p.cost_s for p in waiting if p.user == u), default=0.0) for u in total}
    given_s: defaultdict[UUID, float] = defaultdict(float)
    for piece, _ in in_turn(waiting, shares):
        given_s[piece.user] += piece.cost_s
        for other in _all(waiting):
            if given_s[other] < total[other] - 1e-6:  # it still waits
                lead = (given_s[piece.user] + ahead[piece.user]) - (given_s[other] + ahead[other])
                assert lead <= largest[piece.user] + largest[other] + ahead[piece.user] + 1e-6


def _all(waiting: Sequence[Piece]) -> set[UUID]:
    return {piece.user for piece in waiting}


@given(st.integers(1, 60), st.integers(1, 60), st.floats(LEAST_S * 60, 10_000))
def test_a_users_share_is_the_same_however_many_jobs_they_make_of_it(
    one: int, other: int, work_s: float
) -> None:
    """Two users with the same work end within a piece of each other, however it is cut up."""
    order = line(
        *[job(ANN, work_s / one, at_s=number) for number in range(one)],
        *[job(BOB, work_s / other, at_s=number) for number in range(other)],
    )
    done_s = 0.0
    ends_s = {}
    for piece in order:
        done_s += piece.cost_s
        ends_s[piece.user] = done_s
    assert abs(ends_s[ANN] - ends_s[BOB]) <= work_s / one + work_s / other + 1e-6


@given(_jobs, st.lists(_jobs, max_size=60))
def test_nobody_waits_for_ever(mine: list[Piece], others: list[list[Piece]]) -> None:
    """However much others submit, my first piece waits for about as much work of each of them as
    is the largest piece there is.
    """
    theirs = [p for each in others for p in each if p.user != mine[0].user]
    order = line(theirs, mine)
    before = order[: next(n for n, p in enumerate(order) if p.user == mine[0].user)]
    for user in _all(before):
        row = [p.cost_s for p in before if p.user == user]
        assert sum(row[:-1]) <= 1e-6  # at most one piece: the clocks were level


@given(_jobs, st.lists(_jobs, max_size=30))
def test_no_job_waits_for_one_of_its_users_that_came_later_than_its_own_length(
    mine: list[Piece], others: list[list[Piece]]
) -> None:
    same = [p for each in others for p in each if p.user == mine[0].user]
    order = line(same, mine)
    for piece in order[: order.index(mine[0])]:
        assert piece.rank_s <= mine[0].rank_s


@given(st.integers(0, 64), st.integers(0, 8), st.integers(0, 100))
def test_no_thread_is_idle_while_something_waits(threads: int, workers: int, in_hand: int) -> None:
    free = room(threads, workers, in_hand)
    assert free >= threads - in_hand
    assert in_hand + free <= max(in_hand, threads + PREFETCH * workers)


def test_a_job_is_told_its_place_and_when_it_begins() -> None:
    first, second, third = job(ANN, 10, 10), job(BOB, 30), job(ANN, 50, at_s=100)
    found = places([], [*first, *second, *third], {}, [5.0], Pace(1))
    assert found == {
        first[0].job: Place(1, 5.0),
        second[0].job: Place(2, 15.0),
        third[0].job: Place(3, 55.0),
    }


def test_nobody_is_told_a_time_where_no_thread_is() -> None:
    (mine,) = job(ANN, 10)
    assert places([], [mine], {}, [], Pace(0)) == {mine.job: Place(1, None)}
    assert places([], [mine], {}, [], Pace(1, guessed=True)) == {mine.job: Place(1, None)}


def test_what_has_begun_has_no_place_and_takes_its_time() -> None:
    begun_one, waiting = job(ANN, 10, 10), job(BOB, 10)
    shares = {ANN: Share(0, 10)}
    found = places([], [begun_one[1], *waiting], shares, [10.0], Pace(1), {begun_one[0].job})
    assert found == {waiting[0].job: Place(1, 10.0)}


def test_what_workers_were_told_of_is_first_whoever_is_behind() -> None:
    told, waiting = job(ANN, 10), job(BOB, 10)
    found = places(told, waiting, {ANN: Share(0, 100)}, [5.0], Pace(1))
    assert found == {told[0].job: Place(1, 5.0), waiting[0].job: Place(2, 15.0)}


def test_a_lane_that_gets_half_as_much_done_takes_twice_as_long() -> None:
    first, second = job(ANN, 10), job(BOB, 10)
    found = places([], [*first, *second], {}, [4.0], Pace(1, a_second=0.5))
    assert [place.starts_in_s for place in found.values()] == [8.0, 28.0]


@given(_lines, _clocks, st.integers(1, 16))
def test_places_are_in_a_row_and_later_ones_begin_later(
    waiting: list[Piece], shares: dict[UUID, Share], threads: int
) -> None:
    found = list(places([], waiting, shares, [], Pace(threads)).values())
    assert [place.number for place in found] == list(range(1, len(found) + 1))
    times = [place.starts_in_s for place in found if place.starts_in_s is not None]
    assert times == sorted(times)
    assert times[0] == 0.0


@given(st.integers(0, 500), st.integers(0, 5_000), st.integers(1, 20), st.integers(1, 500))
def test_only_whoever_is_over_their_share_is_turned_away(
    own: int, others: int, users: int, limit: int
) -> None:
    refused = over_share(own, own + others, users, limit)
    if own * users < limit or own + others < limit:
        assert not refused
    else:
        assert refused


@given(_lines, _clocks, st.integers(1, 16), st.lists(st.floats(0, 5_000), max_size=20))
def test_when_a_job_begins_is_when_all_before_it_leave_a_thread_free(
    waiting: list[Piece], shares: dict[UUID, Share], threads: int, left_s: list[float]
) -> None:
    """No sooner than if the work before it were cut up for all threads, and no later than that and
    a piece more.
    """
    found = places([], waiting, shares, left_s, Pace(threads))
    in_hand = sorted(left_s)[:threads]
    before_s = sum(in_hand)
    largest_s = max([*in_hand, *(piece.cost_s for piece in waiting)])
    begun = set[UUID]()
    for piece, _ in in_turn(waiting, shares):
        starts_s = found[piece.job].starts_in_s
        if piece.job not in begun:
            assert starts_s is not None
            assert before_s / threads - largest_s - 1e-6 <= starts_s <= before_s / threads + 1e-6
        begun.add(piece.job)
        before_s += piece.cost_s
