import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytdubber.domain.budget import budget, choose, first_guess, learned
from ytdubber.domain.timing import Slot

SLOT = Slot("u1", 0, 2_000, 2_300)


def test_a_budget_is_the_time_the_original_took() -> None:
    found = budget(SLOT, 15.0)
    assert (found.target_chars, found.min_chars, found.max_chars) == (30, 26, 33)


@given(st.integers(1, 10_000), st.integers(0, 5_000), st.floats(2, 40))
def test_a_budget_is_in_order_and_never_empty(
    source_ms: int, spare_ms: int, chars_per_second: float
) -> None:
    found = budget(Slot("u", 0, source_ms, source_ms + spare_ms), chars_per_second)
    assert 1 <= found.min_chars <= found.target_chars <= found.max_chars


def test_the_candidate_nearest_to_the_original_is_chosen() -> None:
    assert choose(["x" * 50, "x" * 31, "x" * 20], SLOT, 15.0) == "x" * 31
    assert choose(["x" * 50, "x" * 40], SLOT, 15.0) == "x" * 40
    assert choose(["x" * 12], SLOT, 15.0) == "x" * 12


def test_a_rate_is_learned_slowly_and_within_bounds() -> None:
    assert learned(15.0, 200, 10_000) == pytest.approx(16.5)
    assert learned(10.0, 1_000, 1_000) == pytest.approx(11.5)
    assert learned(10.0, 1, 10_000) == pytest.approx(8.5)
    assert learned(10.0, 0, 0) == 10.0
    assert first_guess("zh") < first_guess("pt")
