"""Whom alerts reach in tests: a webhook and a mail server, on loopback."""

import json
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


@dataclass
class Hook:
    """A webhook's receiver.

    Attributes:
        url: Where it is.
        status: What it answers.
        requests: Headers and bodies of what came.
        hangs: Whether it answers nothing at all.
        drips: Whether its answers have no end.
        goes_on: Ends what hangs and drips.
        hanging: Whether a request hangs.
    """

    url: str = ""
    status: int = 200
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    hangs: bool = False
    drips: bool = False
    goes_on: threading.Event = field(default_factory=threading.Event)
    hanging: threading.Event = field(default_factory=threading.Event)

    @property
    def told(self) -> list[dict[str, Any]]:
        """The alerts that came."""
        return [json.loads(body)["alert"] for _, body in self.requests]

    @property
    def news(self) -> list[tuple[str, str]]:
        """What they say: of which alert, and what became of it."""
        return [(each["name"], each["news"]) for each in self.told]


@contextmanager
def hook() -> Iterator[Hook]:
    """A receiver, for as long as this is open."""
    received = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            if received.hangs:
                received.hanging.set()
                received.goes_on.wait(60)
                return
            received.requests.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(received.status)
            self.send_header("location", received.url)
            self.end_headers()
            while received.drips and not received.goes_on.wait(0.01):
                self.wfile.write(b"x" * 1024)

        def log_message(self, *words: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        received.url = f"http://127.0.0.1:{server.server_port}/T0/SECRET-OF-THE-HOOK"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield received
        finally:
            received.goes_on.set()
            server.shutdown()
            thread.join()


@dataclass
class Post:
    """A mail server's diary.

    Attributes:
        port: Where it listens.
        letters: What came: from whom, to whom, what.
        logins: Who logged in, as it was told.
        encrypted: Whether each letter came encrypted.
        refuses: Addresses that it does not take.
        offers: What it tells that it can.
        hangs: Whether it says nothing at all.
    """

    port: int = 0
    letters: list[tuple[str, list[str], EmailMessage]] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    refuses: frozenset[str] = frozenset()
    offers: tuple[str, ...] = ("STARTTLS", "AUTH PLAIN")
    login_answer: str = "235 2.7.0 welcome"
    hangs: bool = False
    goes_on: threading.Event = field(default_factory=threading.Event)


@contextmanager
def post(trust: ssl.SSLContext | None, *, implicit: bool = False) -> Iterator[Post]:
    """A mail server; encrypted from the first byte when `implicit`, else when it is asked to."""
    diary = Post()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            if diary.hangs:
                diary.goes_on.wait(60)
                return
            self.secure = implicit
            try:
                if implicit:
                    self.encrypt()
                _Talk(self, diary, trust).run()
            finally:
                self.finish()
                self.request.close()

        def encrypt(self) -> None:
            assert trust is not None
            self.request = trust.wrap_socket(self.request, server_side=True)
            self.setup()
            self.secure = True

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that trusts nobody here goes without a word."""

    with Server(("127.0.0.1", 0), Session) as server:
        diary.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield diary
        finally:
            diary.goes_on.set()
            server.shutdown()
            thread.join()


@dataclass
class _Talk:
    """One talk by RFC 5321, as much of it as clients need."""

    session: Any
    diary: Post
    trust: ssl.SSLContext | None
    sender: str = ""
    to: list[str] = field(default_factory=list)

    def say(self, line: str) -> None:
        self.session.wfile.write(f"{line}\r\n".encode())

    def run(self) -> None:
        self.say("220 mail.test ESMTP")
        while raw := self.session.rfile.readline():
            line = raw.decode().strip()
            word = line.split(" ")[0].upper()
            act = cast("Callable[[str], bool] | None", getattr(self, f"on_{word.lower()}", None))
            if act is None:
                self.say("250 ok")
            elif not act(line):
                return

    def on_ehlo(self, line: str) -> bool:
        hidden = {"STARTTLS"} if self.session.secure else set()
        *before, last = "mail.test", *(each for each in self.diary.offers if each not in hidden)
        for each in before:
            self.say(f"250-{each}")
        self.say(f"250 {last}")
        return True

    def on_starttls(self, line: str) -> bool:
        self.say("220 go on")
        self.session.encrypt()
        return True

    def on_auth(self, line: str) -> bool:
        self.diary.logins.append(line)
        self.say(self.diary.login_answer)
        return True

    def on_mail(self, line: str) -> bool:
        self.sender = line.partition("<")[2].partition(">")[0]
        self.say("250 ok")
        return True

    def on_rcpt(self, line: str) -> bool:
        address = line.partition("<")[2].partition(">")[0]
        if address in self.diary.refuses:
            self.say("550 5.1.1 nobody is called so")
        else:
            self.to.append(address)
            self.say("250 ok")
        return True

    def on_data(self, line: str) -> bool:
        self.say("354 go on")
        lines = []
        for raw in iter(self.session.rfile.readline, b".\r\n"):
            lines.append(raw[1:] if raw.startswith(b"..") else raw)
        letter = message_from_bytes(b"".join(lines), policy=policy.default)
        self.diary.letters.append((self.sender, self.to, letter))
        self.diary.encrypted.append(self.session.secure)
        self.say("250 ok")
        return True

    def on_quit(self, line: str) -> bool:
        self.say("221 bye")
        return False


def certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """One for localhost that is its own authority: where it lies, and what a server shows it by."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.fromtimestamp(time.time(), UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "localhost.pem"
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return file, context
