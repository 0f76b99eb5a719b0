from dataclasses import replace
from itertools import starmap

import pytest
from benchmarks.fitting import SEEDS, SYSTEMS, scored
from benchmarks.segments import synthetic

from ytdubber.domain.media import Interval
from ytdubber.domain.scoreboard import ScoredLine, pauses_between, percentile, score


def line(start: int, end: int, dub: tuple[int, int], rate: float = 1.0) -> ScoredLine:
    return ScoredLine("a", start, end, end - start + 200, dub[0], dub[1], rate)


def test_a_perfect_dub_scores_perfectly() -> None:
    found = score([line(0, 1_000, (0, 1_000)), line(2_000, 3_000, (2_000, 3_000))])
    assert found.speech_overlap == 1.0
    assert found.duration_fit_share == 1.0
    assert (found.double_talk_s, found.lost_speech_s, found.onset_drift_max_s) == (0, 0, 0)


def test_every_fault_shows_in_its_figure() -> None:
    found = score(
        [
            line(0, 1_000, (0, 2_500), 1.3),
            line(2_000, 3_000, (2_300, 2_800), 1.0),
            line(4_000, 5_000, (4_000, 5_000), 1.1),
        ]
    )
    assert found.double_talk_s == 0.2
    assert found.speech_overlap == pytest.approx(2_800 / 4_000, abs=0.01)
    assert found.rate_max == 1.3
    assert found.rate_over_1_2_share == pytest.approx(1 / 3)
    assert found.rate_step_p95 == pytest.approx(1 - 1 / 1.3)
    assert found.onset_drift_max_s == 0.3
    assert found.duration_fit_share == pytest.approx(1 / 3)
    assert found.flagged == 1


def test_speech_without_a_line_is_lost_as_well_as_what_was_cut() -> None:
    cut = replace(line(0, 1_000, (0, 1_000)), lost_ms=250)
    assert score([cut], [Interval(1_500, 2_000), Interval(4_000, 7_000)]).lost_speech_s == 3.75


def test_a_hole_is_speech_over_which_the_dub_is_silent_for_long() -> None:
    """Here 0.6 s of 5 s at an end, 1 s without a line; 0.4 s is no hole."""
    lines = [
        line(0, 2_000, (0, 1_400)),
        line(3_000, 5_000, (3_000, 4_600)),
    ]
    found = score(lines, [Interval(6_000, 7_000)])
    assert found.holes_share == pytest.approx(1_600 / 5_000)
    assert score([lines[1]]).holes_share == 0.0
    assert score([]).holes_share == 0.0


def test_nobody_speaks_in_a_pause_within_a_line() -> None:
    """The original pauses from 1 to 1.5 s, the dub over twice as long."""
    both = replace(
        line(0, 4_000, (0, 4_000)),
        source_pauses=(Interval(1_000, 1_500),),
        dub_pauses=(Interval(1_000, 2_000),),
    )
    found = score([both])
    assert found.speech_overlap == pytest.approx(3_000 / 3_500)
    assert found.holes_share == pytest.approx(500 / 3_500)
    within = line(1_000, 1_500, (1_000, 1_500))
    assert score([both, within]).speech_overlap == pytest.approx(3_500 / 4_000)


def test_pauses_are_between_words_that_are_far_apart() -> None:
    assert pauses_between(()) == ()
    words = ((0, 500), (799, 900), (850, 1_200), (1_100, 1_150), (1_500, 1_600))
    assert pauses_between(starmap(Interval, words)) == (Interval(1_200, 1_500),)


def test_percentiles_are_by_nearest_rank() -> None:
    assert percentile(list(range(1, 101)), 95) == 95
    assert percentile([3.0], 95) == 3.0
    assert percentile([], 95) == 0.0
    assert score([]).speech_overlap == 1.0


@pytest.mark.parametrize("seed", range(5))
def test_synthetic_jobs_never_talk_twice_and_lose_nothing(seed: int) -> None:
    for name in list(SYSTEMS)[:2]:
        found = scored([synthetic(seed)], SYSTEMS[name])
        assert (found.double_talk_s, found.lost_speech_s) == (0, 0)
        assert found.onset_drift_max_s <= 0.40


def test_over_ten_jobs_a_translator_that_shortens_makes_dubs_that_fit() -> None:
    found = scored([synthetic(seed) for seed in SEEDS], SYSTEMS[next(iter(SYSTEMS))])
    assert found.speech_overlap >= 0.92
    assert found.rate_p95 <= 1.15
    assert found.onset_drift_p95_s <= 0.10
    assert found.rate_over_1_2_share <= 0.02
    assert found.flagged <= 0.01 * found.lines
