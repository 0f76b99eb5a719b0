"""What no value can tell alone: addresses, secrets and folders, and what goes with what."""

import base64
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

from ytdubber.engines.vendor.plugin import Use
from ytdubber.engines.vendor.registry import vendors
from ytdubber.settings.values import EngineOrder, addresses, origins

Given = Mapping[str, object]
"""Values by variable."""
Problem = tuple[tuple[str, ...], str]
"""The variable that is to be put right, those it is about beside it, and what is wrong."""
Rule = tuple[tuple[str, ...], Callable[[str], str | None]]
"""Variables, and what is wrong with a value of theirs, if anything."""

SECRET_BYTES = 32
"""The least an HS256 secret may have (RFC 7518, 3.2)."""
WEBHOOK_SECRET = "whsec_"  # noqa: S105  # how such secrets begin
"""How secrets begin whose bytes are told in base64 (Standard Webhooks 1.0)."""
_MB_A_GB = 1024
USUAL_MB, USUAL_GB_A_DAY = 100, 20
"""What a file may have, and a user's day, of people who sign in elsewhere."""

_KEYS = (
    "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRET",
    "SUPABASE_JWT_SECRET",
    "YTDUBBER_SECOND_JWT_SECRET",
    "SUPABASE_SERVICE_KEY",
    "YTDUBBER_S3_ACCESS_KEY",
    "YTDUBBER_S3_SECRET_KEY",
)
_OTHERS_ADDRESSES = (
    "YTDUBBER_STRIPE_URL",
    "YTDUBBER_S3_ENDPOINT",
)
_OUR_ADDRESSES = ("SUPABASE_URL", "YTDUBBER_PUBLIC_URL")
_DATABASES = ("DATABASE_URL", "YTDUBBER_API_DATABASE_URL", "YTDUBBER_LISTEN_DATABASE_URL")
_FOLDERS = ("YTDUBBER_HOME", "YTDUBBER_MODELS")
NEEDS = {
    "SUPABASE_JWT_SECRET": "SUPABASE_URL",
    "YTDUBBER_SECOND_JWT_SECRET": "SUPABASE_JWT_SECRET",
    "YTDUBBER_SECOND_SECRET": "YTDUBBER_SECRET",
    "SUPABASE_SERVICE_KEY": "SUPABASE_URL",
    "YTDUBBER_S3_ENDPOINT": "YTDUBBER_S3_BUCKET",
    "YTDUBBER_S3_REGION": "YTDUBBER_S3_BUCKET",
    "YTDUBBER_S3_ACCESS_KEY": "YTDUBBER_S3_SECRET_KEY",
    "YTDUBBER_S3_SECRET_KEY": "YTDUBBER_S3_ACCESS_KEY",
    "YTDUBBER_API_DATABASE_URL": "DATABASE_URL",
    "YTDUBBER_LISTEN_DATABASE_URL": "DATABASE_URL",
    "YTDUBBER_METRICS_HOST": "YTDUBBER_METRICS_PORT",
    "YTDUBBER_ALERT_WEBHOOK_SECRET": "YTDUBBER_ALERT_WEBHOOK_URL",
    "YTDUBBER_ALERT_EMAIL": "YTDUBBER_ALERT_SMTP_URL",
    "YTDUBBER_ALERT_SMTP_URL": "YTDUBBER_ALERT_EMAIL",
    "YTDUBBER_ALERT_EMAIL_FROM": "YTDUBBER_ALERT_EMAIL",
    "YTDUBBER_C2PA_CERTIFICATES": "YTDUBBER_C2PA_KEY",
    "YTDUBBER_C2PA_KEY": "YTDUBBER_C2PA_CERTIFICATES",
    "YTDUBBER_STRIPE_URL": "STRIPE_SECRET_KEY",
    "STRIPE_WEBHOOK_SECRET": "STRIPE_SECRET_KEY",
    # Else money is taken, and who paid is never told.
    "STRIPE_SECRET_KEY": "STRIPE_WEBHOOK_SECRET",
}
"""What each is of no use without."""
_BUCKET = re.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", re.ASCII)
"""What Supabase and S3 both take."""
_ORDERS: Mapping[Use, str] = {
    "listen": "YTDUBBER_LISTEN",
    "translate": "YTDUBBER_TRANSLATE",
    "speak": "YTDUBBER_SPEAK",
    "premium_speak": "YTDUBBER_PREMIUM_SPEAK",
}
"""The order for each use."""


def problems(given: Given, usual: Given) -> Iterator[Problem]:
    """All that is wrong.

    Args:
        given: Every variable's value.
        usual: What it is when nobody sets it, of vendors' and money's.
    """
    for variables, rule in (*_vendor_rules(), *_RULES):
        for variable in variables:
            value = _text(given[variable])
            told = rule(value) if value is not None else None
            if told is not None:
                yield (variable,), told
    for variable, needed in NEEDS.items():
        if given[variable] and not given[needed]:
            yield (needed, variable), f"{variable} needs it beside it"
    yield from _vendors(given, usual)
    yield from _uploads(given)
    yield from _storage(given, usual)


def _text(value: object) -> str | None:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return None if value is None else str(value)


def _key(text: str) -> str | None:
    if not all("!" <= letter <= "~" for letter in text):
        return "it holds a space or another character that no key has; copy it again"
    return None


def _stripe_key(text: str) -> str | None:
    return "it is a publishable key; the secret one is needed" if text.startswith("pk_") else None


def _service_key(text: str) -> str | None:
    """A secret key, or the legacy one: a token whose role is service_role."""
    if text.startswith("sb_publishable_"):
        return "it is a publishable key; the secret one is needed"
    if text.startswith("sb_secret_"):
        return None
    role = _role(text)
    if role is None:
        return "it must begin with sb_secret_, or be the legacy service_role key"
    return None if role == "service_role" else f"it is the {role} key; service_role's is needed"


def _role(token: str) -> str | None:
    """The role in a JSON Web Token; None for what is none."""
    role = _claims(token).get("role")
    return None if role is None else str(role)


def expires_at(token: str) -> datetime | None:
    """When a JSON Web Token ends, by what it says itself; None for what is none or says nothing."""
    try:
        return datetime.fromtimestamp(float(_claims(token)["exp"]), UTC)
    except (KeyError, ValueError, TypeError, OverflowError, OSError):
        return None


def _claims(token: str) -> dict[str, Any]:
    """What a JSON Web Token says; nothing for what is none."""
    parts = token.split(".")
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, LookupError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _bucket(text: str) -> str | None:
    if _BUCKET.fullmatch(text):
        return None
    return "it is no bucket's name: small letters, digits, dots and dashes, 3 to 63 of them"


def _signing(text: str) -> str | None:
    if len(text.encode()) >= SECRET_BYTES:
        return None
    return f"it must have {SECRET_BYTES} characters or more: nothing shorter signs a token"


def _split(text: str, schemes: tuple[str, ...]) -> SplitResult | str:
    """The parts of an address, or what is wrong with it."""
    if not text.startswith(schemes):
        return f"it must begin with {schemes[0]}"
    if not all("!" <= letter <= "~" for letter in text):
        return "it holds a space or another character that no address has"
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018  # it is read when it is asked for
    except ValueError:
        return "it is not an address: its host or its port cannot be read"
    return parts


def _address(text: str) -> str | None:
    parts = _split(text, ("https://", "http://"))
    if isinstance(parts, str):
        return parts
    if not parts.hostname:
        return f"it must name a host after {parts.scheme}://"
    if set("?#") & set(text):
        return "it may not hold ? or #: paths are put behind it"
    return None


def _webhook(text: str) -> str | None:
    parts = _split(text, ("https://", "http://"))
    if isinstance(parts, str):
        return parts
    return None if parts.hostname else f"it must name a host after {parts.scheme}://"


def _webhook_secret(text: str) -> str | None:
    if not text.startswith(WEBHOOK_SECRET):
        return None
    try:
        base64.b64decode(text.removeprefix(WEBHOOK_SECRET), validate=True)
    except ValueError:
        return f"what follows {WEBHOOK_SECRET} must be base64; copy it again"
    return None


def _mail_server(text: str) -> str | None:
    parts = _split(text, ("smtps://", "smtp://", "smtp+plain://"))
    if isinstance(parts, str):
        return parts
    if not parts.hostname:
        return f"it must name a host after {parts.scheme}://"
    if parts.scheme == "smtp+plain" and parts.username:
        return "no password is told without encryption; write smtps:// or smtp://"
    if parts.path.strip("/") or set("?#") & set(text):
        return "nothing may follow the host and its port"
    return None


def _runbooks(text: str) -> str | None:
    told = _webhook(text)
    if told is None and text.count("*") != 1:
        return "it must hold one *, which stands for a page's name"
    return told


def _sender(text: str) -> str | None:
    try:
        addresses(text)
    except ValueError as error:
        return str(error)
    return "it must be one address" if "," in text else None


def _our_address(text: str) -> str | None:
    told = _address(text)
    if told is None and "@" in urlsplit(text).netloc:
        return "it may hold no user name or password: browsers are told it"
    return told


def _database(text: str) -> str | None:
    parts = _split(text, ("postgresql://", "postgres://"))
    if isinstance(parts, str):
        return parts
    if not parts.hostname and not parts.path.strip("/") and "host=" not in parts.query:
        return f"it must name a host and a database after {parts.scheme}://"
    return None


def _redis(text: str) -> str | None:
    parts = _split(text, ("redis://", "rediss://", "valkey://", "valkeys://"))
    if isinstance(parts, str):
        return parts
    if not parts.hostname:
        return f"it must name a host after {parts.scheme}://"
    if not parts.path.strip("/").isdigit() and parts.path.strip("/"):
        return "what follows the host must be the number of a database, such as /0"
    return None


def _folder(text: str) -> str | None:
    path = Path(text)
    return f"{path} is not a folder" if path.exists() and not path.is_dir() else None


def _folders(text: str) -> str | None:
    for folder in (Path(part).expanduser() for part in text.split(os.pathsep) if part.strip()):
        if not folder.is_dir():
            return f"{folder} is not a folder"
    return None


def _file(text: str) -> str | None:
    return None if Path(text).is_file() else f"{text} is not a file"


def _pages(text: str) -> str | None:
    try:
        origins(text)
    except ValueError as error:
        return str(error)
    return None


def needs() -> Given:
    """What each is of no use without: as in `NEEDS`, and what vendors' keys and addresses need."""
    found: dict[str, object] = dict(NEEDS)
    for plugin in vendors():
        variables = plugin.variables()
        proofs = [variables[name] for name in plugin.set_up_by]
        for name in (*plugin.secrets(), *plugin.addresses()):
            if name not in proofs:
                found[name] = proofs[0]
    return found


def _vendor_rules() -> Iterator[Rule]:
    for each in vendors():
        yield each.secrets(), _key
        yield each.addresses(), _address


def _vendors(given: Given, usual: Given) -> Iterator[Problem]:
    """Every vendor that is named can be asked, and nothing is set of one that cannot."""
    for plugin in vendors():
        variables = plugin.variables()
        proofs = [variables[name] for name in plugin.set_up_by]
        needs = {use: variables[name] for use, name in plugin.needs.items()}
        is_set_up = any(given[each] for each in proofs)
        for use, name in _ORDERS.items():
            order = given[name]
            needed = needs.get(use) if is_set_up else proofs[0]
            is_named = isinstance(order, EngineOrder) and plugin.provider in order
            if is_named and needed and not given[needed]:
                yield (needed, name), f"{name} names {plugin.provider}, which needs it"
        if not is_set_up:
            for name in variables.values():
                if given[name] != usual[name]:
                    yield (proofs[0], name), f"{name} needs it beside it"
        elif needs and not any(given[each] for each in needs.values()):
            first = next(iter(needs.values()))
            yield (first, proofs[0]), f"{proofs[0]} needs it beside it"


def _uploads(given: Given) -> Iterator[Problem]:
    file_mb, day_gb = given["YTDUBBER_UPLOAD_MB"], given["YTDUBBER_UPLOAD_GB_A_DAY"]
    if given["SUPABASE_URL"]:
        file_mb, day_gb = file_mb or USUAL_MB, day_gb or USUAL_GB_A_DAY
    video_mb = given["YTDUBBER_UPLOAD_VIDEO_MB"]
    for name, most_mb in (("YTDUBBER_UPLOAD_MB", file_mb), ("YTDUBBER_UPLOAD_VIDEO_MB", video_mb)):
        if isinstance(most_mb, int) and isinstance(day_gb, int) and most_mb > day_gb * _MB_A_GB:
            yield (
                ("YTDUBBER_UPLOAD_GB_A_DAY", name),
                f"a file may have {most_mb} MB ({name}), which is more than a day may",
            )


def _storage(given: Given, usual: Given) -> Iterator[Problem]:
    """Files lie in one place, and nothing is set of one where they do not."""
    key, bucket = "SUPABASE_SERVICE_KEY", "YTDUBBER_SUPABASE_BUCKET"
    if given[key] and given["YTDUBBER_S3_BUCKET"]:
        yield ("YTDUBBER_S3_BUCKET", key), f"files lie in one place, and {key} names another"
    if given[bucket] != usual[bucket] and not given[key]:
        yield (key, bucket), f"{bucket} needs it beside it"


_RULES: tuple[Rule, ...] = (
    (_KEYS, _key),
    (("STRIPE_SECRET_KEY",), _stripe_key),
    (("SUPABASE_JWT_SECRET", "YTDUBBER_SECOND_JWT_SECRET"), _signing),
    (("SUPABASE_SERVICE_KEY",), _service_key),
    (("YTDUBBER_SUPABASE_BUCKET", "YTDUBBER_S3_BUCKET"), _bucket),
    (_OTHERS_ADDRESSES, _address),
    (_OUR_ADDRESSES, _our_address),
    (_DATABASES, _database),
    (("REDIS_URL",), _redis),
    (_FOLDERS, _folder),
    (("YTDUBBER_TRANSLATION_MODELS",), _folders),
    (("YTDUBBER_PRICE_BOOK",), _file),
    (("YTDUBBER_CORS_ORIGINS",), _pages),
    (("YTDUBBER_ALERT_WEBHOOK_URL",), _webhook),
    (("YTDUBBER_ALERT_WEBHOOK_SECRET",), _webhook_secret),
    (("YTDUBBER_ALERT_SMTP_URL",), _mail_server),
    (("YTDUBBER_ALERT_EMAIL_FROM",), _sender),
    (("YTDUBBER_ALERT_RUNBOOKS",), _runbooks),
)
"""What each may hold, in the order in which it is told."""
