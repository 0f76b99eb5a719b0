import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from decimal import Decimal
from typing import Any

import openai
import pytest
from openai import OpenAI
from tests.integration.vendor_double.conftest import Served
from tests.integration.vendor_double.official import Official
from tests.waiting import PATIENCE_S

from ytdubber.testing.vendor_double import KEY, Fault, VendorDouble, running

ITEM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "candidates": {"type": "array", "items": {"type": "string"}},
    },
    "required": ["id", "candidates"],
    "additionalProperties": False,
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"lines": {"type": "array", "items": ITEM}},
    "required": ["lines"],
    "additionalProperties": False,
}
LINES: list[dict[str, Any]] = [
    {"id": "u1", "text": "Good morning.", "target_chars": 20, "min_chars": 16, "max_chars": 22},
    {"id": "u2", "text": "The river is long."},
]


Connect = Callable[..., OpenAI]


@pytest.fixture
def client() -> Iterator[Connect]:
    """Makes clients at a URL, with the right key or another."""
    with ExitStack() as made:

        def connect(url: str, key: str = KEY) -> OpenAI:
            ai = OpenAI(api_key=key, base_url=f"{url}/v1", max_retries=0, timeout=PATIENCE_S)
            return made.enter_context(ai)

        yield connect


def prompt(lines: Sequence[dict[str, Any]] = LINES, task: str = "translate", **more: Any) -> str:
    return json.dumps({"task": task, "source": "en", "target": "pt", "lines": lines} | more)


def respond(ai: OpenAI, text: str, schema: dict[str, Any] = SCHEMA, **wishes: Any) -> Any:
    form = {"type": "json_schema", "name": "lines", "strict": True, "schema": schema}
    usual: dict[str, Any] = {
        "model": "gpt-6-luna",
        "instructions": "Translate.",
        "input": text,
        "text": {"format": form},
        "reasoning": {"effort": "none"},
        "store": False,
        "prompt_cache_key": "en-pt",
    }
    return ai.responses.create(**(usual | wishes))


def chat(ai: OpenAI, text: str, **wishes: Any) -> Any:
    form = {"name": "lines", "strict": True, "schema": SCHEMA}
    usual: dict[str, Any] = {
        "model": "some-local-model",
        "messages": [
            {"role": "system", "content": "Translate."},
            {"role": "user", "content": text},
        ],
        "response_format": {"type": "json_schema", "json_schema": form},
    }
    return ai.chat.completions.create(**(usual | wishes))


def test_a_translation_has_three_candidates_of_the_lengths_asked_for(
    client: Connect, served: Served
) -> None:
    answer = respond(client(served.url), prompt())
    assert answer.status == "completed"
    first, second = json.loads(answer.output_text)["lines"]
    assert (first["id"], second["id"]) == ("u1", "u2")
    lengths = [len(text) for text in first["candidates"]]
    assert all(abs(one - two) <= 2 for one, two in zip(lengths, (20, 18, 16), strict=True))
    assert len(second["candidates"]) == 3


def test_prose_around_the_lines_does_no_harm(client: Connect, served: Served) -> None:
    message = {"role": "user", "content": f"Do {{this}} well:\n{prompt()}\nThank you."}
    answer = respond(client(served.url), "", input=[message])
    assert len(json.loads(answer.output_text)["lines"]) == 2


def test_shortening_keeps_what_matters(client: Connect, served: Served) -> None:
    text = "Bem, na verdade a Maria não comprou 3 livros, muito pelo contrário, vendeu alguns."
    lines = [{"id": "u1", "source_text": "...", "text": text, "max_chars": 66}]
    answer = respond(client(served.url), prompt(lines, "shorten"))
    (line,) = json.loads(answer.output_text)["lines"]
    best = line["candidates"][0]
    assert 0.72 * len(text) <= len(best) <= 66
    for kept in ("Maria", "não", "3"):
        assert kept in best.replace(".", " ").split()
    assert best.endswith(".")


def test_tokens_are_four_characters_each(client: Connect, served: Served) -> None:
    text = prompt()
    answer = respond(client(served.url), text)
    said = "Translate." + json.dumps(SCHEMA) + text
    assert answer.usage.input_tokens == -(-len(said) // 4)
    assert answer.usage.output_tokens == -(-len(answer.output_text) // 4)
    assert answer.usage.input_tokens_details.cached_tokens == 0
    assert served.double.books == {
        "openai/gpt-6-luna/input_tokens": Decimal(answer.usage.input_tokens),
        "openai/gpt-6-luna/output_tokens": Decimal(answer.usage.output_tokens),
    }
    assert served.double.calls[0].tag == "en-pt"
    assert served.double.calls[0].billed[0].operation == "translate"


def test_chat_completions_give_the_same_of_any_model(client: Connect, served: Served) -> None:
    ai = client(served.url)
    text = prompt()
    answer = chat(ai, text)
    same = json.loads(respond(ai, text).output_text)
    assert json.loads(answer.choices[0].message.content) == same
    assert answer.choices[0].finish_reason == "stop"
    assert served.double.books["openai/some-local-model/input_tokens"] == (
        answer.usage.prompt_tokens
    )


def test_models_say_when_they_end(client: Connect, served: Served) -> None:
    found = {model.id: model.shutdown_date for model in client(served.url).models.list()}
    assert found["gpt-6-luna"] is None
    assert found["gpt-4o-mini"] == "2027-01-14"


def test_a_refusal_is_billed(client: Connect, served: Served) -> None:
    ai = client(served.url)
    served.double.script("responses", Fault.refusal())
    served.double.script("chat", Fault.refusal())
    answer, chatted = respond(ai, prompt()), chat(ai, prompt())
    assert answer.output[0].content[0].type == "refusal"
    assert answer.output_text == ""
    assert chatted.choices[0].message.refusal
    assert chatted.choices[0].message.content is None
    assert served.double.books["openai/gpt-6-luna/output_tokens"] > 0
    assert served.double.books["openai/some-local-model/output_tokens"] > 0


def test_an_answer_that_ends_in_the_middle_is_billed(client: Connect, served: Served) -> None:
    ai = client(served.url)
    served.double.script("responses", Fault.incomplete())
    answers = [respond(ai, prompt()), respond(ai, prompt(), max_output_tokens=16)]
    for answer in answers:
        assert answer.status == "incomplete"
        assert answer.incomplete_details.reason == "max_output_tokens"
        with pytest.raises(json.JSONDecodeError):
            json.loads(answer.output_text)
    assert answers[1].usage.output_tokens == 16
    billed = sum(answer.usage.output_tokens for answer in answers)
    assert served.double.books["openai/gpt-6-luna/output_tokens"] == billed


def test_ids_nobody_asked_for(client: Connect, served: Served) -> None:
    served.double.script("responses", Fault.bad_ids())
    answer = respond(client(served.url), prompt())
    assert [line["id"] for line in json.loads(answer.output_text)["lines"]] == [
        "u1-other",
        "u2-other",
    ]


OPEN = {**SCHEMA, "additionalProperties": True}
LOOSE = {**SCHEMA, "properties": {"lines": {"type": "array", "items": {**ITEM, "required": []}}}}


@pytest.mark.parametrize(
    ("wishes", "says"),
    [
        ({"schema": OPEN}, "'additionalProperties' is required"),
        ({"schema": LOOSE}, "'required' must include every key"),
        ({"schema": {"type": "array", "items": ITEM}}, "must be a JSON Schema of 'type"),
        ({"extra_body": {"colour": "red"}}, "colour: unknown"),
        ({"model": "gpt-9"}, "does not exist"),
        ({"model": "gpt-4o-mini"}, "reasoning.effort"),
        ({"input": "What is the weather like?"}, "only translates"),
        ({"input": prompt(target="xx")}, "not a language"),
        ({"input": prompt([{"id": 1, "text": "One"}])}, "lines.0.id"),
    ],
)
def test_what_openai_refuses(
    client: Connect, served: Served, wishes: dict[str, Any], says: str
) -> None:
    with pytest.raises(openai.APIStatusError) as caught:
        respond(client(served.url), prompt(), **wishes)
    assert caught.value.status_code in (400, 404)
    assert says in caught.value.message
    assert served.double.books == {}


def test_a_wrong_key_is_refused(client: Connect, served: Served) -> None:
    with pytest.raises(openai.AuthenticationError) as caught:
        respond(client(served.url, key="wrong"), prompt())
    assert caught.value.code == "invalid_api_key"


def test_a_used_up_quota_is_a_429_with_a_code_of_its_own(client: Connect, served: Served) -> None:
    served.double.script("responses", Fault.quota(), Fault.retry_after(2))
    with pytest.raises(openai.RateLimitError) as quota:
        respond(client(served.url), prompt())
    with pytest.raises(openai.RateLimitError) as busy:
        respond(client(served.url), prompt())
    assert (quota.value.code, busy.value.code) == ("insufficient_quota", "rate_limit_exceeded")
    assert busy.value.response.headers["retry-after"] == "2"


def test_the_published_contract_holds(client: Connect, official: Official) -> None:
    """OpenAI's own words: requests and replies, refused and cut short ones too."""
    with running(double := VendorDouble(contracts=official)) as url:
        ai = client(url)
        double.script("responses", Fault.refusal(), Fault.incomplete(), Fault.quota())
        for _ in range(2):
            respond(ai, prompt())
        with pytest.raises(openai.RateLimitError):
            respond(ai, prompt())
        respond(ai, prompt())
        with pytest.raises(openai.BadRequestError, match="input"):
            respond(ai, prompt(), input=[{"role": "nobody", "content": "x"}])
    assert official.looked_at == {
        ("responses", "request", 0),
        ("responses", "reply", 200),
        ("responses", "reply", 429),
    }
