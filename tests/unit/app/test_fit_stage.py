from pathlib import Path

import numpy as np

from ytdubber.app.pipeline.lines import ScriptedLine, SpokenLine
from ytdubber.app.pipeline.stages.fit import fit
from ytdubber.audio.speech import write
from ytdubber.domain.media import Interval
from ytdubber.domain.timing import PlannedLine, slots
from ytdubber.domain.transcript import Utterance, Word

RATE_HZ = 24_000


def test_a_line_knows_when_it_and_its_original_pause(tmp_path: Path) -> None:
    """A second, a pause of 0.6 s, and a second, stretched to 1.25 times the speed."""
    tone = 0.5 * np.sin(np.arange(RATE_HZ) * 0.1)
    sound = np.concatenate([tone, np.zeros(RATE_HZ * 6 // 10), tone]).astype(np.float32)
    words = (Word("one", 500, 1_000, 1.0), Word("two", 1_400, 2_500, 1.0))
    said = Utterance("u0001", "one two", 500, 2_500, None, words)
    line = ScriptedLine(said, slots([said], 10_000)[0], "um dois")
    audio = write(sound, RATE_HZ, tmp_path / "line.wav")
    (fitted,) = fit([SpokenLine(line, audio, PlannedLine(500, 2_080, 1.25))])
    assert fitted.scored.source_pauses == (Interval(1_000, 1_400),)
    (pause,) = fitted.scored.dub_pauses
    assert abs(pause.start_ms - 1_300) <= 5
    assert abs(pause.end_ms - 1_780) <= 5
