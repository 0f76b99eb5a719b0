"""The vendors' double as a program, with the engines of this machine behind it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from ytdubber.adapters.prices.price_book import FilePriceBook
from ytdubber.bootstrap.engines import espeak_installed, local, local_models
from ytdubber.domain.errors import AddressInUse, PartMissing
from ytdubber.settings import load_settings
from ytdubber.testing import storage_double
from ytdubber.testing.storage_double import StorageDouble
from ytdubber.testing.vendor_double import (
    CannedContent,
    Content,
    EngineContent,
    VendorDouble,
    serve,
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where the double listens, and how to point our settings at it."""

    base_url: str
    variables: dict[str, str]


def serve_vendor_double(
    host: str, port: int, latency_s: float, canned: bool, ready: Callable[[Address], None]
) -> None:
    """Serve until the process is told to end; `ready` is called once it listens.

    Raises:
        PartMissing: there are no voices on this machine, and the answers shall not be canned.
        AddressInUse: the port cannot be had.
    """
    double = VendorDouble(_content(canned), latency_s=latency_s, price_book=FilePriceBook())
    with _taken(host, port):
        serve(double, host, port, lambda url: ready(Address(url, double.variables(url))))


def serve_storage_double(host: str, port: int, ready: Callable[[Address], None]) -> None:
    """The same for the double of Supabase Storage, which hears and speaks nothing.

    Raises:
        AddressInUse: the port cannot be had.
    """
    double = StorageDouble()
    with _taken(host, port):
        storage_double.serve(double, host, port, lambda url: ready(_project(url)))


@contextmanager
def _taken(host: str, port: int) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise AddressInUse(address=f"{host}:{port}", reason=reason) from error


def _project(url: str) -> Address:
    """Users sign in with tokens that the project's secret signs."""
    variables = {
        "SUPABASE_URL": url,
        "SUPABASE_SERVICE_KEY": storage_double.SECRET_KEY,
        "SUPABASE_JWT_SECRET": storage_double.JWT_SECRET,
    }
    return Address(url, variables)


def _content(canned: bool) -> Content:
    if canned:
        return CannedContent()
    if not espeak_installed():
        raise PartMissing(
            part="espeak-ng",
            purpose="a double that speaks (one with --canned answers in tones)",
            command="pip install 'ytdubber[espeak]'",
        )
    settings = load_settings()
    engines = local(settings, local_models(settings))
    voices = tuple(engines.synthesizers.values())
    return EngineContent(engines.speech_to_text, engines.translator, voices, CannedContent())
