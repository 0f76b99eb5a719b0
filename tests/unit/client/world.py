"""A world that flows act on: by a script, so that no second passes and no socket is opened."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from ytdubber.client.asking import Retries
from ytdubber.client.effects import Answer, Blocking, Effect, Flow, Sleep

T = TypeVar("T")


class World:
    """Does what a flow wants, by a script; keeps what that was, and the time."""

    def __init__(self, *answers: Answer | Exception | Callable[[Any], Answer]) -> None:
        self.answers = list(answers)
        self.done: list[Effect] = []
        self.now_s = 0.0
        self.retries = Retries(attempts=4, now=lambda: self.now_s, draw=lambda: 1.0)

    def run(self, flow: Flow[T]) -> T:
        came: Any = None
        try:
            effect = next(flow)
            while True:
                self.done.append(effect)
                try:
                    came = self._do(effect)
                except Exception as error:
                    effect = flow.throw(error)
                else:
                    effect = flow.send(came)
        except StopIteration as end:
            result: T = end.value
            return result
        finally:
            flow.close()

    def _do(self, effect: Effect) -> Any:
        match effect:
            case Sleep(seconds):
                self.now_s += seconds
                return None
            case Blocking(function):
                return function()
            case _:
                answer = self.answers.pop(0)
                if isinstance(answer, Exception):
                    raise answer
                return answer if isinstance(answer, Answer) else answer(effect)

    @property
    def slept_s(self) -> list[float]:
        return [each.seconds for each in self.done if isinstance(each, Sleep)]


def problem(status: int, code: str = "x", **headers: str) -> Answer:
    body = {"error": code, "message": "Words.", "request_id": "r1", "details": {"a": 1}}
    return Answer(status, headers, json.dumps(body).encode())


def shown(told: dict[str, Any]) -> Answer:
    return Answer(200, {}, json.dumps(told).encode())
