"""Every knob: its type, its default, one sentence. The only reader of the environment."""

from __future__ import annotations

import os
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Callable, Optional

from pydantic import BaseSettings, Field, ValidationError

ROOT = Path(__file__).resolve().parent.parent

Clock = Callable[[], datetime]


class Settings(BaseSettings):
    """Each setting is read from the variable NIGHTDESK_<NAME IN CAPITALS>."""

    root: Path = Field(default=ROOT, description="Folder that holds data/, models/ and config.yml.")
    var: Path = Field(default=ROOT / "var", description="Folder for databases, keys and logs.")
    database_url: str = Field(
        default="", description="SQLAlchemy URL of the transcript; empty means SQLite in var/."
    )
    shop: str = Field(
        default="demo", description="The shop that a door serves when it names none (data/shops/)."
    )
    team: str = Field(default="default", description="The team that takes handoffs (data/teams/).")
    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8080, ge=0, le=65535, description="Port to listen on.")
    roles: str = Field(
        default="chat,desk,alarm", description="What this process does: any of chat, desk, alarm."
    )
    demo: bool = Field(
        default=False, description="Demo mode: a demo storefront and a printed login, on loopback only."
    )
    clock: Optional[datetime] = Field(
        default=None, description="Start the clock at this instant (ISO 8601, with a zone)."
    )
    crash_at: str = Field(default="", description="End the process at this point of a turn (tests only).")
    turn_seconds: float = Field(default=4.0, description="Longest time that one turn may take, in seconds.")
    action_threads: int = Field(
        default=128,
        description="Threads that actions may occupy, hanging ones included; one action takes 48 at most.",
    )
    body_bytes: int = Field(default=65536, description="Largest request body, in bytes.")
    text_chars: int = Field(
        default=2000,
        description="Longest message that is thought about, in characters; longer ones go to a person.",
    )
    token_hours: int = Field(default=24 * 30, description="Hours for which a conversation's token is valid.")
    long_poll_seconds: float = Field(default=25.0, description="Longest wait of a long poll, in seconds.")
    heartbeat_seconds: float = Field(
        default=15.0, description="Pause between two heartbeats of a stream, in seconds."
    )
    messages_per_minute: int = Field(
        default=40, description="Messages that one conversation may send a minute."
    )
    conversations_per_hour: int = Field(
        default=60, description="Conversations that one address may start an hour."
    )
    order_tries: int = Field(
        default=5, description="Wrong order proofs after which a conversation is handed over."
    )
    order_tries_per_address: int = Field(
        default=20, description="Wrong order proofs an hour after which an address is handed over."
    )
    sure: float = Field(
        default=0.55, description="Confidence from which the bot answers while a person is awaited."
    )
    guess: float = Field(
        default=0.04, description="Confidence from which an intent is offered as a button when unsure."
    )
    ask_first: float = Field(
        default=0.4,
        description="Confidence below which a topic for a person is asked about before it is handed over.",
    )
    proxies: int = Field(
        default=0, description="Trusted proxies in front; 0 means forwarded addresses are ignored."
    )
    metrics_token: str = Field(default="", description="Token for /metrics; empty means loopback only.")
    public_url: str = Field(
        default="", description="Address under which customers and agents reach this server."
    )
    session_hours: int = Field(default=12, description="Hours after which an agent signs in again.")
    secure_cookies: bool = Field(
        default=False, description="Send the agents' cookie over TLS only (set it behind TLS)."
    )
    pages_per_address: int = Field(
        default=3, description="Open handoffs of one address that wake the team; more of them wait quietly."
    )
    alarm_seconds: float = Field(default=1.0, description="Pause between two looks at the alarm, in seconds.")
    alarm_email: str = Field(default="", description="Address that alarms go to; empty means no e-mail.")
    smtp_url: str = Field(
        default="", description="smtp://user:password@host:port or smtps://…; empty means no e-mail."
    )
    mail_from: str = Field(default="nightdesk@localhost", description="Sender of the alarm's e-mails.")
    webhook_url: str = Field(default="", description="Address that alarms are posted to; empty means none.")
    webhook_secret: str = Field(default="", description="Key that signs webhooks (HMAC-SHA256).")
    log_level: str = Field(
        default="INFO",
        regex="(?i)^(debug|info|warning|error)$",
        description="How much is logged: DEBUG, INFO, WARNING, ERROR.",
    )

    class Config:
        env_prefix = "NIGHTDESK_"

    @property
    def data(self) -> Path:
        """The folder that a non-programmer edits."""
        return self.root / "data"

    @property
    def models(self) -> Path:
        """The folder of trained models."""
        return self.root / "models"

    @property
    def url(self) -> str:
        """The transcript's database URL."""
        return self.database_url or f"sqlite:///{self.var / 'nightdesk.sqlite'}"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in ("127.0.0.1", "localhost", "::1")

    def make_clock(self) -> Clock:
        """The clock: the real one, or one that started at `clock` when it was made."""
        if self.clock is None:
            return lambda: datetime.now(timezone.utc)
        if self.clock.tzinfo is None:
            raise ValueError("NIGHTDESK_CLOCK needs a zone, for example 2026-11-24T02:00:00+01:00.")
        offset: timedelta = self.clock - datetime.now(timezone.utc)
        return lambda: datetime.now(timezone.utc) + offset


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once; ValueError names a variable that cannot be read."""
    try:
        return Settings()
    except ValidationError as e:
        fault = e.errors()[0]
        field = Settings.__fields__[str(fault["loc"][0])]
        given = os.environ.get(f"NIGHTDESK_{field.name.upper()}", "")
        raise ValueError(
            f"NIGHTDESK_{field.name.upper()} is {given!r}: {fault['msg']}. {field.field_info.description}"
        ) from None
