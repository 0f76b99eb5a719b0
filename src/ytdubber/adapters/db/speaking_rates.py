"""How fast voices speak, learned by all workers together."""

from sqlalchemy import Engine, text

from ytdubber.adapters.db.connection.service_role import service_role
from ytdubber.domain.budget import first_guess, learned
from ytdubber.domain.engine import EngineId
from ytdubber.domain.voice import Voice

_READ = text("select chars_per_second from ytdubber.speaking_rates where voice = :voice")
_LOCKED = text(f"{_READ.text} for update")
_SAVE = text(
    """
    insert into ytdubber.speaking_rates (voice, chars_per_second) values (:voice, :rate)
    on conflict (voice) do update
    set chars_per_second = excluded.chars_per_second, updated_at = now()
    """
)


class SqlSpeakingRates:
    """`SpeakingRates` in their table."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def chars_per_second(self, engine: EngineId, voice: Voice, recording: str = "") -> float:
        del recording
        with service_role(self._engine) as connection:
            known = connection.execute(_READ, {"voice": _key(engine, voice)}).scalar_one_or_none()
        return first_guess(voice.language) if known is None else float(known)

    def learn(self, engine: EngineId, voice: Voice, chars: int, spoken_ms: int) -> None:
        key = _key(engine, voice)
        with service_role(self._engine) as connection:
            known = connection.execute(_LOCKED, {"voice": key}).scalar_one_or_none()
            before = first_guess(voice.language) if known is None else float(known)
            rate = learned(before, chars, spoken_ms)
            connection.execute(_SAVE, {"voice": key, "rate": rate})


def _key(engine: EngineId, voice: Voice) -> str:
    return f"{engine.provider}/{engine.model}/{voice.id}/{voice.language}"
