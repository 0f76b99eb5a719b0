from pathlib import Path

import pytest

from ytdubber.adapters.local.firefox import FirefoxTranslator
from ytdubber.adapters.local.firefox_models import FirefoxModels
from ytdubber.domain.errors import ErrorKind, ModelMissing, VendorError
from ytdubber.ports.call_context import CallContext
from ytdubber.ports.translator import Line
from ytdubber.testing.model_folder import FolderModelStore


def fill(folder: Path, code: str, weights: bytes = b"weights", *, split: bool = False) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"model.{code}.intgemm.alphas.bin").write_bytes(weights)
    for name in ("srcvocab", "trgvocab") if split else ("vocab",):
        (folder / f"{name}.{code}.spm").write_bytes(b"vocabulary")


def test_pairs_come_from_the_store_the_known_and_the_users_folders(tmp_path: Path) -> None:
    store, user = tmp_path / "store", tmp_path / "user"
    fill(store / "firefox-es-en", "esen")
    fill(user / "tiny" / "enja", "enja", split=True)
    models = FirefoxModels(FolderModelStore(store, (user,)), ["firefox-en-pt"])
    assert models.route("es", "en") == (("es", "en"),)
    assert models.route("en", "pt") == (("en", "pt"),)
    assert models.route("en", "ja") == (("en", "ja"),)
    assert models.route("es", "ja") == (("es", "en"), ("en", "ja"))
    assert models.route("ja", "es") == ()
    assert models.route("es", "es") == ()
    assert models.open(("en", "ja")).source_vocabulary.name == "srcvocab.enja.spm"
    assert models.open(("es", "en")).model.parent == store / "firefox-es-en"


def test_a_direct_pair_wins_over_the_pivot_and_the_larger_model_over_the_smaller(
    tmp_path: Path,
) -> None:
    fill(tmp_path / "user" / "tiny", "enes")
    fill(tmp_path / "user" / "base", "enes", b"more weights")
    fill(tmp_path / "user" / "direct", "ptes")
    store = FolderModelStore(tmp_path / "store", (tmp_path / "user",))
    models = FirefoxModels(store, ["firefox-pt-en"])
    assert models.route("pt", "es") == (("pt", "es"),)
    assert models.open(("en", "es")).model.parent.name == "base"


def test_folders_of_other_things_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "model.enpt.bin").write_bytes(b"no vocabulary")
    fill(tmp_path / "unknown", "xxyy")
    fill(tmp_path / ".hidden", "enfr")
    models = FirefoxModels(FolderModelStore(tmp_path / "store", (tmp_path,)), [])
    for target in ("pt", "fr"):
        assert models.route("en", target) == ()


def test_the_engine_tells_one_model_from_another(tmp_path: Path) -> None:
    fill(tmp_path / "user" / "a", "enes")
    translator = FirefoxTranslator(FolderModelStore(tmp_path / "store", (tmp_path / "user",)))
    before = translator.engine("en", "es")
    fill(tmp_path / "user" / "a", "enes", b"other weights")
    assert before.model == "en-es"
    assert translator.engine("en", "es").version != before.version
    assert translator.engine("pt", "es").model == "pt-en+en-es"


def test_a_model_that_is_none_is_unavailable(tmp_path: Path, call: CallContext) -> None:
    fill(tmp_path / "user", "enes")
    store = FolderModelStore(tmp_path / "store", (tmp_path / "user",))
    translator = FirefoxTranslator(store, known=())
    with pytest.raises(VendorError) as raised:
        translator.translate([Line("1", "Hello.")], "en", "es", [], call)
    assert raised.value.fault is ErrorKind.UNAVAILABLE
    translator.close()


def test_a_known_model_that_cannot_be_fetched_is_missing(tmp_path: Path, call: CallContext) -> None:
    translator = FirefoxTranslator(FolderModelStore(tmp_path))
    with pytest.raises(ModelMissing, match="firefox-en-pt"):
        translator.translate([Line("1", "Hello.")], "en", "pt", [], call)
    translator.close()
