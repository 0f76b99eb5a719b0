"""What holds for every route: all are found by the OpenAPI document, new ones too."""

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import HTTPException
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # it ships no types
from tests.integration.api.api_user import ApiUser, api_user
from tests.integration.api.harness import ORIGIN, ApiHarness
from tests.integration.api.routes import operations

from ytdubber.api.errors import respond
from ytdubber.domain import errors

METHODS = ("DELETE", "GET", "HEAD", "PATCH", "POST", "PUT")
NO_ID = "5f0c9a3e-0d7e-4b52-9a52-2d1d9c3b8f10"
NO_BOOLEAN = (1, 0, "1", "yes", "true", "on", 1.0)
NO_NUMBER = ("1", True, "1.0")
NO_DATE = ("1700000000", "2026-01-01T00:00:00", "20260101", "2026-1-1", "0", "1")
NO_COUNT = ("1.0", "1_0", "+1", "%201", "01", "1e1", "true")


@pytest.fixture(scope="module")
def addresses(dora: ApiUser, dubbed: UUID) -> dict[str, str]:
    """An address for every path, with something there where that is needed to look at it."""
    link = dora.http.get(f"/api/jobs/{dubbed}/download").json()["links"][0]["url"]
    file = dora.job(dubbed)["files"][0]["url"]
    made = dora.http.post(f"/api/jobs/{dubbed}/languages/pt/shares", json={}).json()
    shared = f"/api/shared/{made['url'].partition('#')[2]}"
    known = {
        "/api/downloads/{token}": _path(link),
        "/api/shared/{token}": shared,
        "/storage/{folder}/{name}": _path(file),
    }
    paths = {path for _, path, _ in operations(dora.harness.app)}
    return {
        path: known.get(
            path,
            path.replace("{job_id}", str(dubbed))
            .replace("{webhook_id}", NO_ID)
            .replace("{share_id}", NO_ID),
        )
        for path in paths
    }


def _path(url: str) -> str:
    return "/" + url.split("/", 3)[3]


@pytest.fixture(scope="module")
def admin(harness: ApiHarness) -> Iterator[ApiUser]:
    with api_user(harness, admin=True) as admin:
        yield admin


def test_head_is_get_without_a_body(
    dora: ApiUser, admin: ApiUser, addresses: dict[str, str]
) -> None:
    asked = 0
    for method, path, operation in operations(dora.harness.app):
        if method != "GET":
            continue
        who = admin if "/admin/" in path else dora
        http = who.http if operation.get("security") else who.anonymous
        looked = http.head(addresses[path])
        with http.stream("GET", addresses[path]) as got:
            assert (looked.status_code, looked.content) == (got.status_code, b""), path
            for name in ("cache-control", "content-type", "content-disposition", "etag"):
                assert looked.headers.get(name) == got.headers.get(name), (path, name)
            length = looked.headers.get("content-length", got.headers.get("content-length"))
            assert length == got.headers.get("content-length") or "/api/users" in path, path
        asked += 1
    assert asked >= 14
    assert dora.harness.app.state.feed.watchers == 0


def test_looking_changes_nothing(ann: ApiUser) -> None:
    job_id = ann.dubbed("pt")
    tokens = "select count(*) from ytdubber.download_tokens where user_id = :id"
    for query in ("", "?lang=pt&type=full"):
        assert ann.http.head(f"/api/jobs/{job_id}/download{query}").status_code in (200, 307)
    assert ann.http.head(f"/api/jobs/{job_id}/download?lang=de&type=full").status_code == 404
    assert ann.harness.rows(tokens, id=ann.id) == [(0,)]
    voice = ann.job(job_id)["download_urls"]["pt"]["voice"]
    assert ann.anonymous.head(voice).status_code == 200
    assert ann.http.get("/api/downloads").json() == []
    url = ann.http.get(f"/api/jobs/{job_id}/download").json()["links"][0]["url"]
    assert [ann.anonymous.head(url).status_code for _ in range(2)] == [307] * 2
    assert ann.anonymous.get(url).status_code == 307
    assert ann.anonymous.head(url).status_code == 410


def test_no_answer_may_be_kept(dora: ApiUser, admin: ApiUser, addresses: dict[str, str]) -> None:
    for method, path, _ in operations(dora.harness.app):
        if method in ("DELETE", "HEAD"):
            continue
        for http in (dora.http, admin.http, dora.anonymous):
            content = None if method == "GET" else b"{"
            with http.stream(method, addresses[path], content=content) as reply:
                assert "no-store" in reply.headers["cache-control"], (method, path)
    for path in ("/nothing", "/api/nothing"):
        assert "no-store" in dora.http.get(path).headers["cache-control"]


def test_other_methods_are_refused_with_those_that_are_taken(
    dora: ApiUser, addresses: dict[str, str]
) -> None:
    taken: dict[str, set[str]] = {}
    for method, path, _ in operations(dora.harness.app):
        taken.setdefault(path, set()).update({method, "HEAD"} if method == "GET" else {method})
    bare = httpx.Client(base_url=dora.harness.url, headers={"Origin": ORIGIN})
    asked = [
        (path, methods, method)
        for path, methods in taken.items()
        for method in {*METHODS, "OPTIONS", "TRACE", "PROPFIND"} - methods
    ]
    with bare:
        for path, methods, method in asked:
            reply = bare.request(method, addresses[path])
            assert reply.status_code == 405, (method, path, reply.text)
            assert reply.headers["allow"] == ", ".join(sorted(methods)), (method, path)
            assert reply.headers["access-control-allow-origin"] == ORIGIN


@pytest.mark.parametrize("odd", ["1", "x", "quotes", "0" * 19, "0000-0000-0000", "%00"])
def test_an_id_that_is_none_is_nothing(dora: ApiUser, odd: str) -> None:
    for method, path, _ in operations(dora.harness.app):
        if not any(each in path for each in ("{job_id}", "{token}", "{webhook_id}", "{share_id}")):
            continue
        url = re.sub(r"\{(job_id|token|webhook_id|share_id)\}", odd, path)
        for http in (dora.http, dora.anonymous):
            reply = http.request(method, url)
            assert reply.status_code == 404, (method, url, reply.text)
            assert reply.json()["message"].endswith(".")


def test_with_a_slash_at_the_end_it_is_the_same(dora: ApiUser, addresses: dict[str, str]) -> None:
    for method, path, operation in operations(dora.harness.app):
        if method != "GET" or "{" in path or "/admin/" in path:
            continue
        http = dora.http if operation.get("security") else dora.anonymous
        assert http.get(path + "/").status_code == 200, path
    slashed = addresses["/storage/{folder}/{name}"].replace("?", "/?")
    assert dora.anonymous.get(slashed).status_code == 200


def test_every_header_that_is_told_of_can_be_read_by_a_page(
    harness: ApiHarness, dora: ApiUser
) -> None:
    told = {
        name
        for _, _, operation in operations(harness.app)
        for answer in operation["responses"].values()
        for name in answer.get("headers", {})
    }
    assert {"Content-Range", "Link", "Location", "Retry-After"} <= told
    reply = dora.anonymous.get("/health")
    exposed = {each.strip() for each in reply.headers["access-control-expose-headers"].split(",")}
    assert told <= exposed
    assert {"Accept-Ranges", "Allow", "Content-Disposition", "ETag"} <= exposed


@pytest.mark.parametrize("name", ["if-range", "range", "last-event-id", "authorization"])
def test_a_page_may_send_what_is_read(dora: ApiUser, name: str) -> None:
    asked = {"Access-Control-Request-Method": "HEAD", "Access-Control-Request-Headers": name}
    assert dora.anonymous.options("/api/jobs", headers=asked).status_code == 200


def _fields(app: Any) -> Iterator[tuple[str, str, dict[str, Any], str, dict[str, Any]]]:
    """Method, path, a good body, and each field of it with its schema."""
    schemas = app.openapi()["components"]["schemas"]
    for method, path, operation in operations(app):
        content = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if content is None:
            continue
        schema = schemas[content["schema"]["$ref"].rpartition("/")[2]]
        good = next(iter(content["examples"].values()))["value"]
        for name, field in schema["properties"].items():
            yield method, path, good, name, field


def _types(field: dict[str, Any]) -> set[str]:
    return {each.get("type", "") for each in (field, *field.get("anyOf", ()))}


def test_nothing_is_taken_for_a_boolean_or_a_number(dora: ApiUser, admin: ApiUser) -> None:
    tried = 0
    for method, path, good, name, field in _fields(dora.harness.app):
        types = _types(field)
        who = admin if "/admin/" in path else dora
        wrong: tuple[object, ...] = NO_BOOLEAN if "boolean" in types else ()
        if types & {"integer", "number"}:
            wrong = (True,) if "string" in types else NO_NUMBER
        for value in wrong:
            at = path.format(job_id=uuid4(), language="pt", line=1)
            reply = who.http.request(method, at, json=good | {name: value})
            assert reply.status_code in (400, 503), (path, name, value, reply.text)
            if reply.status_code == 400:
                assert reply.json()["error"] == "invalid_request", (path, name, value)
            tried += 1
    assert tried >= 20
    inside = {"languages": ["pt"], "voice_track_name": "a", "voice_track": {"size": "5"}}
    assert dora.http.post("/api/jobs/upload-urls", json=inside).status_code == 400


def test_nothing_is_taken_for_a_date_or_a_count(dora: ApiUser, admin: ApiUser) -> None:
    tried = 0
    for method, path, operation in operations(dora.harness.app):
        for each in operation.get("parameters", ()):
            schema = each["schema"]
            kinds = {s.get("format", s.get("type")) for s in (schema, *schema.get("anyOf", ()))}
            if each["in"] != "query" or method != "GET":
                continue
            who = admin if "/admin/" in path else dora
            wrong = NO_DATE if "date" in kinds else NO_COUNT if "integer" in kinds else ()
            for value in wrong:
                reply = who.http.get(f"{path}?{each['name']}={value}")
                assert reply.status_code == 400, (path, each["name"], value)
                tried += 1
    assert tried >= len(NO_DATE) * 2 + len(NO_COUNT)
    assert admin.http.get("/api/admin/costs?from=2026-01-01&to=2026-01-02").status_code == 200


@given(after_s=st.none() | st.integers() | st.floats())
def test_who_is_to_come_again_is_never_told_at_once(after_s: float | None) -> None:
    for kind in (errors.QueueFull, errors.TooManyRequests, errors.SignInUnavailable):
        assert int(respond(kind(retry_after_s=after_s)).headers["retry-after"]) >= 1
        assert int(respond(HTTPException(503)).headers["retry-after"]) >= 1


def test_every_answer_has_an_example_that_is_one(harness: ApiHarness) -> None:
    document = harness.app.openapi()
    for method, path, operation in operations(harness.app):
        bodies = [operation.get("requestBody", {})] if method != "HEAD" else []
        for body in [*operation["responses"].values(), *bodies]:
            for media_type, content in body.get("content", {}).items():
                if content["schema"].get("format") == "binary":
                    continue  # a file
                where = f"{method} {path} {media_type}"
                assert content["examples"], where
                schema = content["schema"] | {"components": document["components"]}
                for example in content["examples"].values():
                    if media_type == "application/json":
                        Draft202012Validator(schema).validate(example["value"])
                        json.dumps(example["value"], allow_nan=False)


def test_lists_that_are_cut_lead_on(harness: ApiHarness) -> None:
    """A list is an array; what is longer than its default is cut."""
    with api_user(harness) as ann:
        _plenty(ann)
        cut = 0
        for method, path, operation in operations(harness.app):
            names = {each["name"] for each in operation.get("parameters", ())}
            if method != "GET" or "limit" not in names or "/admin/" in path:
                continue
            every = _walked(ann.http, f"{path}?limit=100")
            assert len(every) == 5, path
            in_parts = _walked(ann.http, f"{path}?limit=2")
            assert [each["id"] for each in in_parts] == [each["id"] for each in every], path
            for wrong in ("cursor=x", "cursor=" + "a" * 201, "limit=0", "limit=501"):
                assert ann.http.get(f"{path}?{wrong}").status_code == 400, (path, wrong)
            cut += 1
        assert cut == 3


def _walked(http: httpx.Client, url: str) -> list[Any]:
    found: list[Any] = []
    while True:
        reply = http.get(url)
        assert reply.status_code == 200, reply.text
        found += reply.json()
        if "next" not in reply.links:
            return found
        assert len(reply.json()) == 2
        url = reply.links["next"]["url"]


def _plenty(ann: ApiUser) -> None:
    """Five of everything that is listed; two of them of the same moment."""
    jobs = [ann.dubbed("pt", background=False) for _ in range(5)]
    for job_id in jobs:
        ann.anonymous.get(ann.job(job_id)["download_urls"]["pt"]["voice"])
    ann.harness.rows(
        "insert into ytdubber.credit_transactions (id, user_id, kind, amount_cents, description,"
        " idempotency_key, created_at) select gen_random_uuid(), :id, 'grant', n, 'x',"
        " gen_random_uuid()::text, now() - interval '1 day' * (n / 2) from generate_series(1, 5) n",
        id=ann.id,
    )
    ann.harness.rows(
        "update ytdubber.downloads set downloaded_at = now() where user_id = :id", id=ann.id
    )
