from uuid import UUID

import pytest

from ytdubber.app.pipeline.stages.translate import translate
from ytdubber.domain.timing import slots
from ytdubber.domain.transcript import Transcript, Utterance
from ytdubber.ports.call import Call
from ytdubber.testing.engines import FakeTranslator


@pytest.mark.parametrize(
    ("target", "expected"),
    [("pt", "pt:It costs $1.299,50 now."), ("ja", "ja:It costs $1,299.50 now.")],
)
def test_numbers_a_translator_took_over_are_put_in_the_target_s_way_of_writing(
    target: str, expected: str
) -> None:
    call = Call(UUID(int=1))
    said = Utterance("1", "It costs $1,299.50 now.", 0, 3000, None, ())
    transcript = Transcript("en", (said,))
    made = translate(
        transcript, slots([said], 5000), target, {None: 15.0}, FakeTranslator(), (), call
    )
    assert made.texts == {"1": expected}
