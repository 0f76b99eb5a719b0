"""Alerts reach a webhook and a mail server; what is wrong with these is told without a secret."""

import base64
import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.integration.alerts.receiving import Hook, Post, certificate, hook, post
from tests.waiting import PATIENCE_S, eventually

from ytdubber.adapters.alerts.mail import Mail, MailServer
from ytdubber.adapters.alerts.webhook import Webhook
from ytdubber.app.alerts.in_time import InTime
from ytdubber.domain.alerts import NO_WORKER, Alert, Message, News
from ytdubber.domain.errors import AlertNotSent
from ytdubber.ports.alerts import AlertReceiver

BEGAN = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
ALERT = Alert("NoWorker", "io", "3 pieces of work wait; ação.", BEGAN, BEGAN, BEGAN)
MESSAGE = Message(News.BEGAN, NO_WORKER, ALERT, "https://docs.test/lost-worker.html")
SECRET = "a secret of sixteen"  # noqa: S105  # the test's own
PASSWORD = "p@ss/word:9"  # noqa: S105  # the test's own


@pytest.fixture
def chat() -> Iterator[Hook]:
    with hook() as received:
        yield received


def refused(receiver: AlertReceiver) -> str:
    """Why it did not arrive."""
    with pytest.raises(AlertNotSent) as raised:
        receiver.send(MESSAGE)
    said = str(raised.value)
    assert "SECRET" not in said
    assert PASSWORD not in said
    return said


def test_a_chat_and_a_program_find_what_they_look_for(chat: Hook) -> None:
    Webhook(chat.url, now=lambda: BEGAN).send(MESSAGE)
    ((headers, body),) = chat.requests
    posted = json.loads(body)
    assert posted["text"] == posted["content"] == MESSAGE.text
    assert posted["alert"] == {
        "id": MESSAGE.id,
        "news": "began",
        "name": "NoWorker",
        "severity": "critical",
        "about": "io",
        "summary": "3 pieces of work wait; ação.",
        "since": "2026-11-29T12:00:00+00:00",
        "until": None,
        "runbook": "https://docs.test/lost-worker.html",
    }
    assert headers["content-type"].startswith("application/json")
    assert "webhook-signature" not in headers


@pytest.mark.parametrize(
    ("secret", "key"),
    [(SECRET, SECRET.encode()), ("whsec_" + base64.b64encode(b"k" * 24).decode(), b"k" * 24)],
    ids=["plain", "whsec"],
)
def test_what_is_posted_is_signed(chat: Hook, secret: str, key: bytes) -> None:
    Webhook(chat.url, secret, now=lambda: BEGAN).send(MESSAGE)
    ((headers, body),) = chat.requests
    assert headers["webhook-id"] == MESSAGE.id
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert int(headers["webhook-timestamp"]) == BEGAN.timestamp()


@pytest.mark.parametrize("status", [302, 400, 404, 500])
def test_an_answer_that_is_no_success_is_told_and_not_followed(chat: Hook, status: int) -> None:
    chat.status = status
    told = f"An alert did not reach the webhook: it answered {status}."
    assert refused(Webhook(chat.url)) == told
    assert len(chat.requests) == 1


def test_an_answer_without_an_end_is_not_read(chat: Hook) -> None:
    chat.drips = True
    Webhook(chat.url).send(MESSAGE)
    assert chat.news == [("NoWorker", "began")]


def test_nobody_at_the_address() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/SECRET"
        assert "it cannot be reached (ConnectError)" in refused(Webhook(url))


def test_a_receiver_that_hangs_keeps_nobody_and_no_second_message_waits_behind(chat: Hook) -> None:
    chat.hangs = True
    patient = InTime("webhook", Webhook(chat.url), send_s=0.2)
    assert "it took longer than 0.2 seconds" in refused(patient)
    assert "the last message is still under way" in refused(patient)
    assert chat.hanging.wait(PATIENCE_S)
    chat.hangs = False
    chat.goes_on.set()

    def arrives() -> bool:
        try:
            patient.send(MESSAGE)
        except AlertNotSent:
            return False
        return True

    assert eventually(arrives)
    assert chat.news == [("NoWorker", "began")]


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """A mail server that encrypts when it is asked to, with a certificate this process trusts."""
    file, shown = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with post(shown) as diary:
        yield diary


def mail(url: str, *to: str) -> Mail:
    return Mail(MailServer.at(url), "dubs@example.org", to or ("ann@example.org",))


LOGIN = "ann:p%40ss%2Fword%3A9"


def test_a_letter_goes_encrypted_after_starttls_with_a_login(trusted: Post) -> None:
    url = f"smtp://{LOGIN}@localhost:{trusted.port}"
    mail(url, "ann@example.org", "bob@example.org").send(MESSAGE)
    ((sender, to, letter),) = trusted.letters
    assert (sender, to) == ("dubs@example.org", ["ann@example.org", "bob@example.org"])
    assert letter["subject"] == "YT Dubber: Critical: 3 pieces of work wait; ação."
    assert letter.get_content().replace("\r\n", "\n").strip() == MESSAGE.text
    assert letter["auto-submitted"] == "auto-generated"
    assert trusted.encrypted == [True]
    (login,) = trusted.logins
    given = base64.b64decode(login.removeprefix("AUTH PLAIN ")).decode()
    assert given == f"\0ann\0{PASSWORD}"


def test_a_letter_goes_encrypted_from_the_first_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, shown = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with post(shown, implicit=True) as diary:
        mail(f"smtps://localhost:{diary.port}").send(MESSAGE)
        assert diary.encrypted == [True]
        assert diary.logins == []


def test_nothing_is_told_to_a_server_that_does_not_encrypt(trusted: Post) -> None:
    trusted.offers = ("AUTH PLAIN",)
    assert "it offers no STARTTLS" in refused(mail(f"smtp://{LOGIN}@localhost:{trusted.port}"))
    assert trusted.logins == []
    mail(f"smtp+plain://localhost:{trusted.port}").send(MESSAGE)  # where nobody asks it to
    assert trusted.encrypted == [False]


def test_nothing_is_told_to_a_server_that_nobody_vouches_for(tmp_path: Path) -> None:
    _, shown = certificate(tmp_path)
    with post(shown) as diary:
        said = refused(mail(f"smtp://{LOGIN}@localhost:{diary.port}"))
        assert "its certificate is not trusted" in said
        assert (diary.logins, diary.letters) == ([], [])


def test_a_login_and_addresses_that_are_refused_are_told(trusted: Post) -> None:
    url = f"smtp://{LOGIN}@localhost:{trusted.port}"
    trusted.login_answer = f"535 5.7.8 wrong password {PASSWORD}"
    assert "it refused the login (535)" in refused(mail(url))
    trusted.login_answer = "235 welcome"
    trusted.refuses = frozenset({"ann@example.org"})
    assert "it took none of the addresses" in refused(mail(url))
    assert "it did not take 1 of 2 addresses" in refused(
        mail(url, "ann@example.org", "bob@example.org")
    )


def test_a_mail_server_that_hangs_keeps_nobody(trusted: Post) -> None:
    trusted.hangs = True
    hanging = InTime("mail server", mail(f"smtp://localhost:{trusted.port}"), send_s=0.2)
    assert "it took longer than 0.2 seconds" in refused(hanging)
