"""Sends notices as e-mails to the team."""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime, timezone
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Callable, Optional, Protocol, Sequence
from urllib.parse import SplitResult, unquote, urlsplit

from bot.answer import Fact
from bot.desk.model import Team
from bot.desk.targets.base import Notice, TargetFailed

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Words(Protocol):
    """The phrasebook, as far as an e-mail needs it."""

    def text(
        self, key: str, *, language: str, facts: Sequence[Fact] = (), timezone: str = "UTC", now: datetime
    ) -> str: ...


class EmailTarget:
    """An e-mail for each notice, in the team's language and zone.

    `url` is smtp://user:password@host:port (TLS as soon as the server offers it) or smtps://…;
    `link(conversation)` is where the inbox shows a conversation, `team_of(shop)` its team.
    """

    name = "email"

    def __init__(
        self,
        *,
        url: str,
        sender: str,
        to: str,
        words: Words,
        team_of: Callable[[str], Team],
        link: Callable[[str], str],
        seconds: float = 10.0,
        tls: Optional[ssl.SSLContext] = None,
    ) -> None:
        self._server = _server(url)
        self._sender = sender
        self._to = to
        self._words = words
        self._team_of = team_of
        self._link = link
        self._seconds = seconds
        self._tls = tls or ssl.create_default_context()

    def send(self, notice: Notice) -> None:
        """Mail a notice; TargetFailed when the server did not take it."""
        message = self._message(notice)
        try:
            with self._connect() as smtp:
                smtp.send_message(message, from_addr=self._sender, to_addrs=[self._to])
        except (smtplib.SMTPException, OSError) as e:
            raise TargetFailed(f"The mail server did not take the message: {type(e).__name__}.") from e

    def _connect(self) -> smtplib.SMTP:
        host, port = self._server.hostname or "localhost", self._server.port
        if self._server.scheme == "smtps":
            smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=self._seconds, context=self._tls)
            secure = True
        else:
            smtp = smtplib.SMTP(host, port or 587, timeout=self._seconds)
            smtp.ehlo()
            secure = smtp.has_extn("starttls")
            if secure:
                smtp.starttls(context=self._tls)
        if self._server.username:
            if not secure and host not in LOOPBACK:
                smtp.close()
                raise TargetFailed("The mail server offers no TLS, so the password was not sent.")
            smtp.login(unquote(self._server.username), unquote(self._server.password or ""))
        return smtp

    def _message(self, notice: Notice) -> EmailMessage:
        team = self._team_of(notice.shop)
        zone = str(team.hours.zone)

        def say(key: str, *facts: Fact) -> str:
            return self._words.text(key, language=team.language, facts=facts, timezone=zone, now=notice.at)

        facts = (
            Fact("due_at", notice.due_at, "instant", source=team.source),
            Fact("topic", say(f"team.topic.{notice.topic or 'out_of_scope'}")),
            Fact("priority", say(f"team.urgency.{notice.priority}")),
            Fact("words", notice.words),
            Fact("link", self._link(notice.conversation)),
        )
        message = EmailMessage()
        message["Subject"] = " ".join(say(f"handoff.mail.{notice.event}.subject", *facts).split())
        message["From"] = self._sender
        message["To"] = self._to
        message["Date"] = format_datetime(notice.at.astimezone(timezone.utc))
        message["Message-ID"] = f"<{notice.id}@{self._sender.rpartition('@')[2] or 'localhost'}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(say(f"handoff.mail.{notice.event}.body", *facts), cte="quoted-printable")
        return message


def _server(url: str) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("NIGHTDESK_SMTP_URL is no mail server; write smtp://user:password@host:port.")
    return parts
