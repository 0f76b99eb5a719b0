"""Which threads do a job: it computes where this machine's engines hear or speak it."""

import os
from collections.abc import Mapping

from ytdubber.bootstrap.engines import EngineRouting, engine_routing
from ytdubber.domain.fair_share import JobLanes, Lane
from ytdubber.domain.job import Job
from ytdubber.domain.voice import VoiceTier
from ytdubber.settings import LOCAL_VOICES, EngineOrder, Settings

MOST_THREADS = 256
_HERE = {"local", *LOCAL_VOICES}


def lanes_of(settings: Settings, job: Job) -> JobLanes:
    """Where the pieces of a job are done, by the engines that are asked first."""
    return _lanes(engine_routing(settings.vendors), job)


def named_lanes(text: str) -> Mapping[Lane, int | None]:
    """Lanes as `--queues` has them: `io,cpu`, or `io:16,cpu:2` with the threads for each.

    Raises:
        ValueError: they are written otherwise; in words for whoever wrote them.
    """
    found: dict[Lane, int | None] = {}
    for part in text.split(","):
        name, colon, threads = part.strip().partition(":")
        if name not in [*Lane]:
            raise ValueError(f"there is no queue {name!r}; there are {' and '.join(Lane)}")
        if colon and not (threads.isdecimal() and 1 <= int(threads) <= MOST_THREADS):
            raise ValueError(f"{part.strip()}: threads are a number from 1 to {MOST_THREADS}")
        if Lane(name) in found:
            raise ValueError(f"{name} is there twice")
        found[Lane(name)] = int(threads) if colon else None
    return found


def lane_threads(
    settings: Settings,
    threads: int | None = None,
    lanes: Mapping[Lane, int | None] | None = None,
) -> Mapping[Lane, int]:
    """The lanes a worker serves and its threads for each.

    What computes gets a thread for each core that may be used, whatever there is to wait for.

    Args:
        settings: The settings in force.
        threads: How many pieces may be in hand in each lane; by the settings when None.
        lanes: Those that are served, with threads where they are others; all when None.
    """
    most = threads or settings.worker_threads
    cores = settings.cores or os.cpu_count() or 1
    usual = {Lane.IO: most, Lane.CPU: min(most, cores)}
    wanted = dict.fromkeys(Lane) if lanes is None else lanes
    return {lane: wanted[lane] or count for lane, count in usual.items() if lane in wanted}


def _lanes(made: EngineRouting, job: Job) -> JobLanes:
    premium = job.options.voice_tier == VoiceTier.PREMIUM
    speak = made.premium_speak if premium else made.speak
    return JobLanes(
        _lane(made.listen, job.source_language),
        {language: _lane(speak, language) for language in job.target_languages},
    )


def _lane(order: EngineOrder, language: str | None) -> Lane:
    names = order.special.get(language, order.usual) if language else order.usual
    return Lane.CPU if names and names[0] in _HERE else Lane.IO
