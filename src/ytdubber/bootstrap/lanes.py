"""Which threads do a job: it computes where this machine's engines hear or speak it."""

import os
from collections.abc import Collection, Mapping

from ytdubber.bootstrap.engines import LOCAL_VOICES, Orders, orders
from ytdubber.domain.fair_share import JobLanes, Lane
from ytdubber.domain.job import Job
from ytdubber.domain.voice import VoiceTier
from ytdubber.settings import EngineOrder, Settings

_HERE = {"local", *LOCAL_VOICES}


def lanes_of(settings: Settings, job: Job) -> JobLanes:
    """Where the pieces of a job are done, by the engines that are asked first."""
    return _lanes(orders(settings.vendors), job)


def lane_threads(
    settings: Settings, threads: int | None = None, lanes: Collection[Lane] | None = None
) -> Mapping[Lane, int]:
    """The lanes a worker serves and its threads for each.

    What computes gets a thread for each core that may be used, whatever there is to wait for.

    Args:
        settings: The settings in force.
        threads: How many pieces may be in hand in each lane; by the settings when None.
        lanes: Those that are served; all when None.
    """
    most = threads or settings.worker_threads
    cores = settings.cores or os.cpu_count() or 1
    usual = {Lane.IO: most, Lane.CPU: min(most, cores)}
    return {lane: count for lane, count in usual.items() if lanes is None or lane in lanes}


def _lanes(made: Orders, job: Job) -> JobLanes:
    premium = job.options.voice_tier == VoiceTier.PREMIUM
    speak = made.premium_speak if premium else made.speak
    return JobLanes(
        _lane(made.listen, job.source_language),
        {language: _lane(speak, language) for language in job.target_languages},
    )


def _lane(order: EngineOrder, language: str | None) -> Lane:
    names = order.special.get(language, order.usual) if language else order.usual
    return Lane.CPU if names and names[0] in _HERE else Lane.IO
