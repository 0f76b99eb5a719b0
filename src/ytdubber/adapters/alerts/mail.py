"""Alerts by e-mail, through a server that takes them."""

import smtplib
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import unquote, urlsplit

from ytdubber.domain.alerts import Message
from ytdubber.domain.errors import AlertNotSent

STEP_S = 10.0
"""How long each step of the talk with the server may take."""
_NAME = "mail server"
_FAULTS: Mapping[type[Exception], str] = {
    smtplib.SMTPNotSupportedError: "it offers no STARTTLS, or no login that we know",
    smtplib.SMTPRecipientsRefused: "it took none of the addresses",
    TimeoutError: "it did not answer in time",
}
_PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that takes mail.

    Attributes:
        scheme: `smtps` is encrypted from the first byte, `smtp` by STARTTLS before anything is
            told, `smtp+plain` not at all.
        host: Its name.
        port: Its port.
        user: Who logs in; nobody when None.
        password: With what.
    """

    scheme: str
    host: str
    port: int
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def at(cls, url: str) -> "MailServer":
        """As an address names it: `smtp://user:password@host:port`."""
        parts = urlsplit(url)
        return cls(
            parts.scheme,
            parts.hostname or "",
            parts.port or _PORTS[parts.scheme],
            unquote(parts.username) if parts.username else None,
            unquote(parts.password) if parts.password else None,
        )


@dataclass(frozen=True, slots=True)
class Mail:
    """An `AlertReceiver` of people.

    Attributes:
        server: Takes the mail.
        sender: From whom it is.
        to: Their addresses.
    """

    server: MailServer
    sender: str
    to: Sequence[str]

    def send(self, message: Message) -> None:
        try:
            with self._connected() as line:
                if self.server.user is not None:
                    line.login(self.server.user, self.server.password or "")
                refused = line.send_message(self._letter(message), self.sender, list(self.to))
        except (smtplib.SMTPException, OSError) as error:
            raise AlertNotSent(receiver=_NAME, reason=_why(error)) from None
        if refused:
            reason = f"it did not take {len(refused)} of {len(self.to)} addresses"
            raise AlertNotSent(receiver=_NAME, reason=reason)

    def _connected(self) -> smtplib.SMTP:
        server = self.server
        if server.scheme == "smtps":
            trust = ssl.create_default_context()
            return smtplib.SMTP_SSL(server.host, server.port, timeout=STEP_S, context=trust)
        line = smtplib.SMTP(server.host, server.port, timeout=STEP_S)
        if server.scheme == "smtp":
            try:
                line.starttls(context=ssl.create_default_context())
            except BaseException:
                line.close()
                raise
        return line

    def _letter(self, message: Message) -> EmailMessage:
        letter = EmailMessage()
        letter["Subject"] = f"YT Dubber: {message.title}"
        letter["From"] = self.sender
        letter["To"] = ", ".join(self.to)
        letter["Date"] = format_datetime(message.alert.seen_at)
        letter["Message-ID"] = make_msgid(message.id, self.sender.rpartition("@")[2] or None)
        letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holidays answer it
        letter.set_content(message.text)
        return letter


def _why(error: Exception) -> str:
    """Without what the server said: it may repeat what it was told."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"it refused the login ({error.smtp_code})"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"it answered {error.smtp_code}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message})"
    told = (words for kind, words in _FAULTS.items() if isinstance(error, kind))
    return next(told, f"it cannot be reached ({type(error).__name__})")
