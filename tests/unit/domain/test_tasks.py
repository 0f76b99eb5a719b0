from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ytdubber.domain.errors import BadTransition
from ytdubber.domain.job import job_stage
from ytdubber.domain.language_task import LanguageTask
from ytdubber.domain.stage import WORKING, Stage

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def new() -> LanguageTask:
    return LanguageTask(uuid4(), uuid4(), "pt")


@given(st.lists(st.sampled_from([*WORKING, "fail", "cancel"]), max_size=12))
def test_a_task_only_goes_forward_and_ends_once(moves: list[Stage | str]) -> None:
    task = new()
    for move in moves:
        before = task
        try:
            if move == "fail":
                task = task.fail("x", "y", NOW)
            elif move == "cancel":
                task = task.cancel(NOW)
            else:
                task = task.enter(Stage(move), NOW)
        except BadTransition:
            assert task is before
            continue
        assert not before.stage.final
        order = list(Stage)
        assert order.index(task.stage) >= order.index(before.stage)
        assert task.entered_at[task.stage] == NOW


def test_progress_never_goes_backwards_within_a_stage() -> None:
    task = new().enter(Stage.STT, NOW).advance(0.5).advance(0.3)
    assert task.progress == 0.5
    assert task.enter(Stage.MIXING, NOW).progress == 0.0


def test_a_failed_task_says_why() -> None:
    task = new().fail("no_speech", "Nobody speaks.", NOW)
    assert (task.error_code, task.error_message) == ("no_speech", "Nobody speaks.")
    with pytest.raises(BadTransition, match="failed to queued"):
        task.enter(Stage.QUEUED, NOW)


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        ([], Stage.QUEUED),
        ([Stage.COMPLETE, Stage.MIXING], Stage.MIXING),
        ([Stage.DUBBING, Stage.STT], Stage.STT),
        ([Stage.COMPLETE, Stage.FAILED], Stage.COMPLETE),
        ([Stage.CANCELLED, Stage.FAILED], Stage.FAILED),
        ([Stage.CANCELLED], Stage.CANCELLED),
    ],
)
def test_a_job_is_what_its_languages_make_of_it(stages: list[Stage], expected: Stage) -> None:
    assert job_stage(stages) is expected
