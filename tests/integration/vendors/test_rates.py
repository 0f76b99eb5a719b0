from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ytdubber.adapters.db.database import make_engine
from ytdubber.adapters.db.speaking_rates import SqlSpeakingRates
from ytdubber.domain.engine import EngineId
from ytdubber.domain.voice import Gender, Voice

AURA = EngineId("deepgram", "aura-2", "1")
VOICE = Voice("nestor", "es", Gender.MALE, "Nestor")


@pytest.fixture
def rates(database_url: str) -> Iterator[SqlSpeakingRates]:
    engine = make_engine(database_url, pool_size=4, name="rates")
    yield SqlSpeakingRates(engine)
    engine.dispose()


def test_a_pace_is_guessed_then_learned_for_each_voice(rates: SqlSpeakingRates) -> None:
    assert rates.chars_per_second(AURA, VOICE) == 15.0
    rates.learn(AURA, VOICE, 1_000, 50_000)
    assert rates.chars_per_second(AURA, VOICE) == pytest.approx(0.7 * 15 + 0.3 * 20)
    other = Voice("nestor", "ja", Gender.MALE, "Nestor")
    assert rates.chars_per_second(AURA, other) == 5.0
    assert rates.chars_per_second(EngineId("elevenlabs", "x", "1"), VOICE) == 15.0


def test_workers_learn_together(rates: SqlSpeakingRates) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: rates.learn(AURA, VOICE, 1_000, 50_000), range(40)))
    assert rates.chars_per_second(AURA, VOICE) == pytest.approx(20, abs=0.1)
