"""Alerts as plain values that JSON holds, and back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from .alerts import RULES, Alert

Told = Mapping[str, Mapping[str, Alert]]
"""Alerts by receiver, and by `Seen.key`."""


def to_plain(told: Told) -> dict[str, Any]:
    """For `from_plain`."""
    return {
        receiver: {key: _plain(alert) for key, alert in alerts.items()}
        for receiver, alerts in told.items()
    }


def from_plain(value: Any) -> Told:
    """What was kept; alerts that another version kept otherwise are left out, and begin again."""
    if not isinstance(value, dict):
        return {}
    return {
        str(receiver): {
            str(key): alert for key, each in alerts.items() if (alert := _alert(each)) is not None
        }
        for receiver, alerts in value.items()
        if isinstance(alerts, dict)
    }


def _plain(alert: Alert) -> dict[str, str | None]:
    return {
        "rule": alert.rule,
        "about": alert.about,
        "words": alert.words,
        "since": alert.since.isoformat(),
        "seen_at": alert.seen_at.isoformat(),
        "begun_at": alert.begun_at.isoformat() if alert.begun_at else None,
        "told_at": alert.told_at.isoformat() if alert.told_at else None,
        "over_at": alert.over_at.isoformat() if alert.over_at else None,
    }


def _alert(value: Any) -> Alert | None:
    try:
        alert = Alert(
            rule=str(value["rule"]),
            about=str(value["about"]),
            words=str(value["words"]),
            since=datetime.fromisoformat(value["since"]),
            seen_at=datetime.fromisoformat(value["seen_at"]),
            begun_at=value["begun_at"] and datetime.fromisoformat(value["begun_at"]),
            told_at=value["told_at"] and datetime.fromisoformat(value["told_at"]),
            over_at=value["over_at"] and datetime.fromisoformat(value["over_at"]),
        )
    except (KeyError, TypeError, ValueError):
        return None
    return alert if alert.rule in RULES else None
