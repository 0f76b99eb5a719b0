"""A pair that a dub needs, brought from a loopback server that delivers as Mozilla does."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.integration.api.hands import fake_engines
from tests.unit.models.loopback import Hub
from tests.unit.models.test_pairs import MODEL, VOCAB, Delivery, never
from tests.waiting import PATIENCE_S

from ytdubber.adapters.local.firefox import FirefoxTranslator
from ytdubber.adapters.models.mozilla import Mozilla
from ytdubber.adapters.models.store import LocalModelStore
from ytdubber.adapters.models.web import Web
from ytdubber.bootstrap.engines import local_models
from ytdubber.bootstrap.pairs import AGAIN_S, FRESH_S, Offered, fetch_for_service, fetch_pair
from ytdubber.bootstrap.service import spoken
from ytdubber.domain.errors import Cancelled, ModelMissing, PairNotFetched, PairNotOffered
from ytdubber.settings import Settings

pytestmark = pytest.mark.enable_socket  # A server on the loopback address is what is asked.


@pytest.fixture
def delivery(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Delivery:
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", f"{hub.url}records")
    made = Delivery(hub)
    for pair in ("en-sv", "fi-en", "en-nb", "en-zh"):
        made.add("model", MODEL, pair)
        made.add("vocab", VOCAB, pair)
    return made


def engine(store: LocalModelStore) -> FirefoxTranslator:
    return FirefoxTranslator(store, ())


def test_a_pair_is_fetched_and_known_at_once(delivery: Delivery, tmp_path: Path) -> None:
    store = delivery.store(tmp_path)
    translator = engine(store)
    assert not translator.translates("en", "sv")
    fetch_pair(store, translator, "en", "sv")
    assert translator.translates("en", "sv")
    assert translator.engine("en", "sv").model == "en-sv"


def test_a_pair_without_english_is_fetched_in_halves_and_no_half_twice(
    delivery: Delivery, tmp_path: Path
) -> None:
    store = delivery.store(tmp_path)
    translator = engine(store)
    fetch_pair(store, translator, "en", "sv")
    fetch_pair(store, translator, "fi", "sv")
    assert translator.translates("fi", "sv")
    files = [path for path in delivery.hub.hits() if path.startswith("files/")]
    assert len(files) == len(set(files)) == 4


def test_a_language_is_found_under_the_code_that_mozilla_gives_it(
    delivery: Delivery, tmp_path: Path
) -> None:
    store = delivery.store(tmp_path)
    translator = engine(store)
    fetch_pair(store, translator, "en", "no")
    assert translator.translates("en", "no")


def test_its_size_is_told_while_it_comes(delivery: Delivery, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    store = told_store(delivery, tmp_path, progress=lambda *facts: told.append(facts))
    fetch_pair(store, engine(store), "en", "sv")
    (total,) = {total for _, _, total in told}
    assert [told[0][1], told[-1][1]] == [0, total]
    assert total > len(MODEL)


def test_a_pair_that_nobody_delivers_is_said_so(delivery: Delivery, tmp_path: Path) -> None:
    store = delivery.store(tmp_path)
    with pytest.raises(PairNotOffered, match="translates en into ka"):
        fetch_pair(store, engine(store), "en", "ka")


def test_a_machine_without_network_says_so_without_asking(
    delivery: Delivery, tmp_path: Path
) -> None:
    store = delivery.store(tmp_path, offline=True)
    with pytest.raises(ModelMissing, match=r"firefox-en-sv .* \(working offline\)"):
        fetch_pair(store, engine(store), "en", "sv")
    assert delivery.hub.requests == []


def test_a_network_that_does_not_answer_is_asked_once(
    delivery: Delivery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", "http://127.0.0.1:9/records")
    store = delivery.store(tmp_path)
    for target in ("sv", "nb"):
        with pytest.raises(ModelMissing, match=r"could not be fetched \(127\.0\.0\.1: Conn"):
            fetch_pair(store, engine(store), "en", target)


def test_fetching_can_be_stopped(delivery: Delivery, tmp_path: Path) -> None:
    def stop(*_: object) -> None:
        raise Cancelled

    store = told_store(delivery, tmp_path, progress=stop)
    with pytest.raises(Cancelled):
        fetch_pair(store, engine(store), "en", "sv")
    assert not engine(store).translates("en", "sv")


def told_store(
    delivery: Delivery, root: Path, progress: Callable[..., None] = lambda *_: None
) -> LocalModelStore:
    web = Web(never, connect_s=PATIENCE_S, read_s=PATIENCE_S)
    mozilla = Mozilla(web, delivery.hub.url)
    return LocalModelStore(root, models=(), web=web, mozilla=mozilla, progress=progress)


def test_what_can_be_fetched_is_known_by_our_codes(delivery: Delivery, tmp_path: Path) -> None:
    delivery.add("model", MODEL, "en-ja")  # without its vocabulary
    delivery.add("model", MODEL, "en-tlh")
    delivery.add("vocab", VOCAB, "en-tlh")
    offered = Offered(lambda: delivery.store(tmp_path))
    assert set(offered.pairs() or ()) == {("en", "sv"), ("fi", "en"), ("en", "no"), ("en", "zh")}
    assert delivery.hub.hits()["records"] == 1
    assert offered("en", "no", never_translates)
    assert offered("fi", "sv", never_translates)
    assert offered("pt", "sv", lambda *pair: pair == ("pt", "en"))
    with pytest.raises(PairNotOffered, match="translates pt into sv"):
        offered("pt", "sv", never_translates)


def test_a_catalogue_that_cannot_be_read_is_asked_for_again_and_an_old_one_renewed(
    delivery: Delivery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_s = [0.0]
    offered = Offered(lambda: delivery.store(tmp_path), lambda: at_s[0])
    there = f"{delivery.hub.url}records"
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", "http://127.0.0.1:9/records")
    assert offered.pairs() is None
    assert not offered("en", "sv", never_translates)
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", there)
    assert offered.pairs() is None
    at_s[0] += AGAIN_S
    assert ("en", "sv") in (offered.pairs() or ())
    delivery.add("model", MODEL, "en-da")
    delivery.add("vocab", VOCAB, "en-da")
    assert ("en", "da") not in (offered.pairs() or ())
    at_s[0] += FRESH_S
    assert ("en", "da") in (offered.pairs() or ())
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", "http://127.0.0.1:9/records")
    at_s[0] += FRESH_S
    assert ("en", "da") in (offered.pairs() or ())


def test_offline_nothing_can_be_fetched_and_nobody_is_asked(
    delivery: Delivery, tmp_path: Path
) -> None:
    offered = Offered(lambda: delivery.store(tmp_path, offline=True))
    assert offered.pairs() == frozenset()
    assert delivery.hub.requests == []


def test_a_list_of_languages_has_what_can_be_fetched(delivery: Delivery, tmp_path: Path) -> None:
    engines = fake_engines(tmp_path, [("en", "pt"), ("pt", "en")])
    delivery.add("model", MODEL, "en-es")
    delivery.add("vocab", VOCAB, "en-es")
    sources = {each.code: each.sources for each in spoken(engines)}
    assert sources["pt"] == ["en"]
    assert sources["es"] == []
    offered = Offered(lambda: delivery.store(tmp_path))
    sources = {each.code: each.sources for each in spoken(engines, offered)}
    assert sources["pt"] == ["en", "fi"]
    assert sources["es"] == ["en", "fi", "pt"]
    assert sources["de"] == []


def test_a_service_fetches_for_users_who_can_do_nothing_about_it(
    delivery: Delivery, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(models=tmp_path / "models")
    translator = engine(local_models(settings))
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", "http://127.0.0.1:9/records")
    with pytest.raises(PairNotFetched, match="Submit the recording again later"):
        fetch_for_service(settings, translator, "en", "sv", never)
    fetch_for_service(replace_offline(settings), translator, "en", "sv", never)
    assert not translator.translates("en", "sv")
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", f"{delivery.hub.url}records")
    with pytest.raises(PairNotOffered):
        fetch_for_service(settings, translator, "en", "ka", never)


def never_translates(*_: str) -> bool:
    return False


def replace_offline(settings: Settings) -> Settings:
    return settings.model_copy(update={"offline": True})


def test_half_a_pair_is_fetched_to_its_end(delivery: Delivery, tmp_path: Path) -> None:
    store = delivery.store(tmp_path)
    translator = FirefoxTranslator(store, ("firefox-en-sv",))
    assert translator.translates("en", "sv")
    assert not translator.whole("en", "sv")
    fetch_pair(store, translator, "en", "sv")
    assert translator.whole("en", "sv")
    (tmp_path / "firefox-en-sv" / "vocab.ensv.bin").unlink()
    assert not translator.whole("en", "sv")
    fetch_pair(store, translator, "en", "sv")
    assert translator.whole("en", "sv")
