"""The work that a worker does, as it is written on the command line."""

import pytest

from ytdubber.bootstrap.lanes import lane_threads, named_lanes
from ytdubber.domain.fair_share import Lane
from ytdubber.settings import Settings


@pytest.mark.parametrize(
    ("text", "lanes"),
    [
        ("io,cpu", {Lane.IO: 8, Lane.CPU: 2}),
        ("cpu", {Lane.CPU: 2}),
        (" io ", {Lane.IO: 8}),
        ("io:16, cpu:3", {Lane.IO: 16, Lane.CPU: 3}),
        ("cpu,io:1", {Lane.IO: 1, Lane.CPU: 2}),
    ],
)
def test_lanes_are_named_with_threads_where_they_are_others(
    text: str, lanes: dict[Lane, int]
) -> None:
    assert lane_threads(Settings(cores=2), None, named_lanes(text)) == lanes


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "there is no queue ''; there are io and cpu"),
        ("gpu", "there is no queue 'gpu'; there are io and cpu"),
        ("io,io:2", "io is there twice"),
        ("io:0", "io:0: threads are a number from 1 to 256"),
        ("io:257", "io:257: threads are a number from 1 to 256"),
        ("io:", "io:: threads are a number from 1 to 256"),
        ("io:²", "io:²: threads are a number from 1 to 256"),
    ],
)
def test_lanes_that_are_none_are_refused_in_words(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=r".") as raised:
        named_lanes(text)
    assert str(raised.value) == told


def test_all_lanes_are_done_where_none_is_named() -> None:
    assert lane_threads(Settings(cores=2)) == {Lane.IO: 8, Lane.CPU: 2}
    assert lane_threads(Settings(cores=16), 4) == {Lane.IO: 4, Lane.CPU: 4}
