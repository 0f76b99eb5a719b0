"""A job that needs what is not on the machine: it is fetched, or the job is refused by name."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from tests.integration.api.api_user import ApiUser, api_user
from tests.integration.api.hands import fake_engines
from tests.integration.api.harness import api
from tests.integration.api.test_review import fetched

from ytdubber.domain.errors import PairNotFetched, PairNotOffered
from ytdubber.domain.transcript import Word
from ytdubber.engines.direct import Direct
from ytdubber.testing.engines import FakeSpeechToText

IN_TWO_LANGUAGES = [
    *(Word(f"word{n}", 300 + 150 * n, 420 + 150 * n, 0.9, language="en") for n in range(6)),
    *(Word(f"mot{n}", 1_700 + 130 * n, 1_800 + 130 * n, 0.9, language="fr") for n in range(6)),
]


@dataclass
class Shop:
    """Where models are fetched: `offered` are there, and `broken` do not arrive."""

    at_hand: list[tuple[str, str]] = field(default_factory=list)
    offered: set[tuple[str, str]] = field(default_factory=set)
    broken: set[tuple[str, str]] = field(default_factory=set)
    asked: list[tuple[str, str]] = field(default_factory=list)
    seen: Callable[[], Any] = lambda: None
    shown: list[Any] = field(default_factory=list)

    def fetch(self, source: str, target: str, check: Callable[[], None]) -> None:
        check()
        self.asked.append((source, target))
        self.shown.append(self.seen())
        if (source, target) in self.broken:
            raise PairNotFetched(source=source, target=target)
        if (source, target) not in self.offered:
            raise PairNotOffered(source=source, target=target)
        self.at_hand.append((source, target))

    def fetchable(self, source: str, target: str) -> bool:
        if (source, target) in self.offered | self.broken:
            return True
        raise PairNotOffered(source=source, target=target)


@pytest.fixture
def shop() -> Shop:
    return Shop(at_hand=[("en", "es")])


@pytest.fixture
def ann(shop: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiUser]:
    folder = tmp_path_factory.mktemp("api")
    engines = fake_engines(folder, shop.at_hand)
    with api(folder, engines=engines, fetch=shop.fetch, fetchable=shop.fetchable) as harness:
        with api_user(harness) as ann:
            yield ann


@pytest.mark.parametrize("named", [{"source_language": "en"}, {}], ids=["named", "found out"])
def test_what_translates_is_fetched_and_its_user_told_meanwhile(
    ann: ApiUser, shop: Shop, named: dict[str, str]
) -> None:
    shop.offered = {("en", "pt")}
    job_id = ann.queued("pt", "es", **named)
    shop.seen = lambda: ann.job(job_id)["message"]
    ann.harness.hands.dub(job_id)
    job = ann.job(job_id)
    assert {each["stage"] for each in job["languages"]} == {"complete"}
    assert shop.asked == [("en", "pt")]
    assert shop.shown == ["Fetching what translates English into Portuguese."]
    assert job["message"] == "Done."


def test_a_pair_that_nobody_offers_is_refused_by_name_before_anything_is_sent(
    ann: ApiUser, shop: Shop
) -> None:
    body = {"languages": ["de"], "voice_track_name": "a.wav", "source_language": "en"}
    reply = ann.http.post("/api/jobs/upload-urls", json=body)
    assert reply.status_code == 400
    assert reply.json()["error"] == "pair_not_offered"
    assert "translates en into de" in reply.json()["message"]
    quoted = {"languages": ["de"], "source_language": "en", "voice_duration": 60}
    assert ann.http.post("/api/jobs/quote", json=quoted).status_code == 400
    assert shop.asked == []


def test_a_target_that_nothing_is_translated_into_is_refused_though_nobody_says_what_is_spoken(
    ann: ApiUser,
) -> None:
    body = {"languages": ["de"], "voice_track_name": "a.wav"}
    reply = ann.http.post("/api/jobs/upload-urls", json=body)
    assert (reply.status_code, reply.json()["error"]) == (400, "pair_not_offered")


def test_all_languages_that_nothing_translates_are_named(ann: ApiUser, shop: Shop) -> None:
    shop.offered = {("en", "pt")}
    wanted = {"languages": ["de", "es", "fr", "pt"], "source_language": "en"}
    for path, more in (
        ("/api/jobs/upload-urls", {"voice_track_name": "a.wav"}),
        ("/api/jobs/quote", {"seconds": 60}),
    ):
        reply = ann.http.post(path, json=wanted | more)
        assert (reply.status_code, reply.json()["error"]) == (400, "pair_not_offered")
        assert "translates en into de, fr," in reply.json()["message"]
    job = ann.uploaded("pt", source_language="en")
    for path in ("/api/jobs", "/api/jobs/quote"):
        body = {"job_id": job["job_id"], "languages": wanted["languages"]}
        reply = ann.http.post(path, json=body)
        assert "translates en into de, fr," in reply.json()["message"], path
    assert ann.submit(job).status_code == 200


def test_english_that_nothing_is_translated_into(ann: ApiUser, shop: Shop) -> None:
    body = {"languages": ["en"], "voice_track_name": "a.wav"}
    reply = ann.http.post("/api/jobs/upload-urls", json=body)
    assert (reply.status_code, reply.json()["error"]) == (400, "pair_not_offered")
    assert "into en" in reply.json()["message"]
    body = {"languages": ["en", "es"], "voice_track_name": "a.wav"}
    assert ann.http.post("/api/jobs/upload-urls", json=body).status_code == 200
    shop.offered = {("fr", "en")}
    assert ann.announce("en")["job_id"]


def test_the_language_spoken_is_no_target_alone(ann: ApiUser) -> None:
    body = {"languages": ["ES"], "voice_track_name": "a.wav", "source_language": "Spanish"}
    reply = ann.http.post("/api/jobs/upload-urls", json=body)
    assert (reply.status_code, reply.json()["error"]) == (400, "nothing_to_dub")
    assert reply.json()["message"].startswith("The recording is spoken in es, the only target")


def test_what_cannot_be_fetched_now_is_tried_again_and_told_by_name(
    ann: ApiUser, shop: Shop
) -> None:
    shop.broken = {("en", "pt")}
    job_id = ann.queued("pt", source_language="en")
    with pytest.raises(PairNotFetched, match="translates en into pt could not be fetched"):
        ann.harness.hands.hear(job_id)
    assert ann.job(job_id)["stage"] == "stt"
    shop.broken, shop.offered = set(), {("en", "pt")}
    ann.harness.hands.dub(job_id)
    assert ann.job(job_id)["stage"] == "complete"


def test_one_language_that_cannot_be_fetched_leaves_the_others(ann: ApiUser, shop: Shop) -> None:
    shop.offered = {("en", "pt")}
    job_id = ann.queued("pt", "es", source_language="en")
    shop.offered = set()
    ann.harness.hands.dub(job_id)
    job = ann.job(job_id)
    stages = {each["languageCode"]: each["stage"] for each in job["languages"]}
    assert stages == {"pt": "failed", "es": "complete"}
    assert "Portuguese: Nothing at hand translates en into pt" in job["message"]


@pytest.mark.parametrize("offered", [True, False])
def test_what_translates_the_other_languages_of_a_recording_is_fetched_or_lines_are_flagged(
    tmp_path_factory: pytest.TempPathFactory, shop: Shop, *, offered: bool
) -> None:
    if offered:
        shop.offered = {("fr", "es")}
    folder = tmp_path_factory.mktemp("api")
    engines = replace(
        fake_engines(folder, shop.at_hand),
        speech_to_text=Direct(FakeSpeechToText(IN_TWO_LANGUAGES)),
    )
    with (
        api(folder, engines=engines, fetch=shop.fetch, fetchable=shop.fetchable) as harness,
        api_user(harness) as ann,
    ):
        job = ann.job(ann.dubbed("es"))
        manifest = fetched(job, "manifest.json")
    assert shop.asked == [("fr", "es")]
    assert job["stage"] == "complete"
    assert job["notes"][0] == "Most of it is spoken in English, parts in French."
    untranslated = job["languages"][0]["review"].get("not_translated", 0)
    assert (untranslated == 0) is offered
    assert manifest["source"]["notes"] == job["notes"][:1]
    assert ("Spanish: one line could not be translated" in " ".join(job["notes"])) is not offered
