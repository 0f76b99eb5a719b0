"""The load that was measured on the service, in virtual time: 150 jobs of one user and 50 of four
others, three languages each, on two workers of eight threads."""

from itertools import chain
from statistics import median
from uuid import UUID

import pytest
from tests.crowd import Fair, Work, ends_s, first_come, jain, slowdowns, turnarounds_s

THREADS = 16
HEARING_S, LANGUAGE_S = 18.4, 3.7
"""From the service as it was: 200 hearings took 230 s, and 600 languages the other 139 s."""
BIG, *SMALL = (UUID(int=number) for number in range(1, 6))
BIG_ALONE = [Work(BIG, 0.0, HEARING_S, (LANGUAGE_S,) * 3)] * 150
OTHERS = [Work(SMALL[n % 4], 0.0, HEARING_S, (LANGUAGE_S,) * 3) for n in range(50)]


@pytest.mark.parametrize(
    "jobs",
    [
        [*BIG_ALONE, *OTHERS],
        [*OTHERS, *BIG_ALONE],
        [*chain(*zip(BIG_ALONE[:50], OTHERS, strict=True)), *BIG_ALONE[50:]],
    ],
    ids=["the big one first", "the big one last", "mixed"],
)
def test_a_user_with_many_jobs_keeps_no_other_waiting(jobs: list[Work]) -> None:
    before_s, after_s = ends_s(jobs, THREADS, first_come), ends_s(jobs, THREADS, Fair())
    alone_s = turnarounds_s(OTHERS, ends_s(OTHERS, THREADS, Fair()))
    took_s = turnarounds_s(jobs, after_s)
    small_s = median(chain(*(took_s[user] for user in SMALL)))
    assert small_s <= 2 * median(chain(*alone_s.values()))
    big_before_s = turnarounds_s(jobs, before_s)[BIG]
    assert median(took_s[BIG]) <= 1.15 * median(big_before_s)
    assert max(took_s[BIG]) <= 1.15 * max(big_before_s)
    assert jain([*slowdowns(jobs, after_s, THREADS).values()]) >= 0.95
    # No thread is idle for it, but for the last job, whose languages wait for its hearing.
    assert max(after_s) <= max(before_s) + HEARING_S + 3 * LANGUAGE_S


def test_the_load_is_the_one_that_was_measured() -> None:
    """First come first served, as the service was: the others waited 351 to 369 s."""
    jobs = [*BIG_ALONE, *OTHERS]
    took_s = turnarounds_s(jobs, ends_s(jobs, THREADS, first_come))
    assert 340 < min(max(took_s[user]) for user in SMALL) < 380
    assert jain([*slowdowns(jobs, ends_s(jobs, THREADS, first_come), THREADS).values()]) < 0.95


def test_one_with_thirteen_jobs_of_forty_languages_shuts_nobody_out() -> None:
    big = [Work(BIG, 0.0, HEARING_S, (LANGUAGE_S,) * 40)] * 13
    one = Work(SMALL[0], 100.0, HEARING_S, (LANGUAGE_S,))
    ended_s = ends_s([*big, one], THREADS, Fair())
    alone_s = one.work_s
    assert ended_s[-1] - one.at_s <= alone_s + 2 * HEARING_S


def test_short_jobs_are_not_behind_long_ones() -> None:
    long = [Work(BIG, 0.0, 600.0, (200.0,) * 20)] * 4
    short = [Work(user, 10.0, 2.0, (1.0,)) for user in SMALL]
    ended_s = ends_s([*long, *short], 4, Fair())
    # Each begins as soon as the first long piece ends, all four threads being taken when it came.
    assert max(ended_s[-4:]) <= 600 + 2.0 + 1.0 + 1.0
    assert min(ends_s([*long, *short], 4, first_come)[-4:]) > 800
