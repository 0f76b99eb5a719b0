"""How much is done, of a language and of what all languages share."""

from ytdubber.domain.stage import Stage
from ytdubber.library.progress import ProgressMeter


def test_what_is_done_is_never_less_again() -> None:
    meter = ProgressMeter()
    assert meter.read("pt", Stage.MIXING, 0.5).done > 0.8
    assert meter.read("pt", Stage.MIXING, 0.2).done > 0.8
    assert meter.read("pt", Stage.COMPLETE, 1.0).done == 1.0


def test_videos_at_the_end_are_a_work_of_their_own() -> None:
    meter = ProgressMeter()
    assert meter.read(None, Stage.STT, 1.0).done == 1.0
    assert meter.read(None, Stage.EXPORTING, 0.25).done == 0.25
    assert meter.read(None, Stage.EXPORTING, 1.0).done == 1.0
