"""The people of the team: who may sign in, and who is signed in."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import threading
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Mapping, Optional

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from bot.database import Database
from bot.desk import agents_tables as sql
from bot.desk.agents_tables import agent, agent_session, sign_in_try

LOGIN = re.compile(r"[\w.@+-]{2,64}\Z")
LEAST_PASSWORD, MOST_PASSWORD = 10, 256
DEMO_LOGIN = "demo"

# Wrong passwords within the window after which nobody is let in: of one login from one
# address, of one login from everywhere, from one address for all logins.
TRY_WINDOW = timedelta(minutes=15)
MOST_TRIES = (5, 30, 30)


@dataclass(frozen=True)
class Agent:
    """A member of the team. Conversations keep the `id`, messages the `name`."""

    id: str
    login: str
    name: str
    demo: bool = False


@dataclass(frozen=True)
class SignedIn:
    """A new session; the token is told once and stored as a hash only."""

    agent: Agent
    token: str
    expires_at: datetime


class WrongPassword(Exception):
    """No agent with this login and this password; which of the two is not said."""


class TooManyTries(Exception):
    """Too many wrong passwords lately. `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("Too many wrong passwords lately.")
        self.retry_after = retry_after


class NotSignedIn(Exception):
    """This token belongs to no session that stands."""


class Agents:
    """Keeps agents and their sessions.

    `session_hours` is how long a session stands. `demo` lets demo agents in; it must only be
    true where nothing but this machine can reach the server.
    """

    def __init__(
        self,
        database: Database,
        *,
        session_hours: int,
        demo: bool = False,
        hasher: Optional[PasswordHasher] = None,
    ) -> None:
        self._database = database
        self._lifetime = timedelta(hours=session_hours)
        self._demo = demo
        self._hasher = hasher or PasswordHasher()
        # A hash takes 64 MB on purpose; a crowd at the door must not take all the memory.
        self._hashing = threading.Semaphore(2)
        self._decoy = _no_password(self._hasher)

    # -- agents ------------------------------------------------------------------------

    def save(self, *, login: str, name: str, password: str, now: datetime, demo: bool = False) -> bool:
        """Create an agent, or give one a new name and password; returns whether it is new.

        A new password ends the agent's sessions. ValueError for a login, name or password that
        nobody can use.
        """
        login, name = folded(login), name.strip()
        if not LOGIN.match(login):
            raise ValueError(f"The login {login!r} is none: use 2 to 64 letters, digits or . _ - + @.")
        if not 1 <= len(name) <= 128 or not name.isprintable():
            raise ValueError("The name is what customers read: 1 to 128 visible characters.")
        if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
            raise ValueError(
                f"A password has {LEAST_PASSWORD} to {MOST_PASSWORD} characters; choose another."
            )
        if password.casefold() == login:
            raise ValueError("The password is the login itself; choose another.")
        values = {"name": name, "password": self._hash(password), "demo": demo, "updated_at": now}
        with self._database.begin() as tx:
            row = tx.execute(agent.select().where(agent.c.login == login)).mappings().first()
            if row is None:
                row_id = uuid.uuid4().hex
                tx.execute(agent.insert().values(id=row_id, login=login, created_at=now, **values))
                return True
            tx.execute(agent.update().where(agent.c.id == row["id"]).values(**values))
            tx.execute(agent_session.delete().where(agent_session.c.agent == row["id"]))
            return False

    def get(self, agent_id: str) -> Optional[Agent]:
        """The agent with this id, or none."""
        with self._database.read() as tx:
            row = tx.execute(agent.select().where(agent.c.id == agent_id)).mappings().first()
        return _agent(row) if row else None

    def name_of(self, agent_id: Optional[str]) -> Optional[str]:
        """What customers call this agent, or none."""
        found = self.get(agent_id) if agent_id else None
        return found.name if found else None

    def demo_login(self, *, now: datetime) -> tuple[str, str]:
        """Make the demo agent with a new password; returns login and password.

        RuntimeError where others than this machine could use it.
        """
        if not self._demo:
            raise RuntimeError(
                "A demo login is refused here: demo mode needs a loopback address and no proxies; "
                "use the admin command to create an agent."
            )
        password = secrets.token_urlsafe(12)
        self.save(login=DEMO_LOGIN, name="Demo", password=password, now=now, demo=True)
        return DEMO_LOGIN, password

    # -- sessions ----------------------------------------------------------------------

    def sign_in(self, *, login: str, password: str, address: str, now: datetime) -> SignedIn:
        """Open a session; WrongPassword or TooManyTries.

        An unknown login costs the same time and gives the same answer as a wrong password.
        """
        login = folded(login)
        self._count_try(login, address, now)
        row = self._row(login)
        # A password that nobody can have is looked at too, so that it takes as long as any other.
        asked = password if len(password) <= MOST_PASSWORD else ""
        fits = self._fits(row["password"] if row else self._decoy, asked)
        if row is None or not fits or (row["demo"] and not self._demo):
            raise WrongPassword
        token, expires_at = secrets.token_urlsafe(32), now + self._lifetime
        with self._database.begin() as tx:
            tx.execute(
                sign_in_try.delete().where(
                    sign_in_try.c.login == _hashed(login), sign_in_try.c.address == address
                )
            )
            tx.execute(agent_session.delete().where(agent_session.c.expires_at <= now))
            tx.execute(
                agent_session.insert().values(
                    token_hash=_hashed(token), agent=row["id"], created_at=now, expires_at=expires_at
                )
            )
            if self._hasher.check_needs_rehash(row["password"]):
                renewed = self._hash(password)
                tx.execute(agent.update().where(agent.c.id == row["id"]).values(password=renewed))
        return SignedIn(agent=_agent(row), token=token, expires_at=expires_at)

    def session(self, token: str, *, now: datetime) -> Agent:
        """The agent whose session this is; NotSignedIn for a wrong or ended one."""
        with self._database.read() as tx:
            row = tx.execute(sql.session_of(_hashed(token))).mappings().first()
        if row is None or row["expires_at"] <= now or (row["demo"] and not self._demo):
            raise NotSignedIn
        return _agent(row)

    def sign_out(self, token: str) -> None:
        """End a session."""
        with self._database.begin() as tx:
            tx.execute(agent_session.delete().where(agent_session.c.token_hash == _hashed(token)))

    # -- inside ------------------------------------------------------------------------

    def _row(self, login: str) -> Optional[Mapping[str, Any]]:
        if not LOGIN.match(login):
            return None
        with self._database.read() as tx:
            row: Optional[Mapping[str, Any]] = (
                tx.execute(agent.select().where(agent.c.login == login)).mappings().first()
            )
            return row

    def _count_try(self, login: str, address: str, now: datetime) -> None:
        # A hash: people type their password into the wrong field now and then.
        login, since = _hashed(login), now - TRY_WINDOW
        with self._database.begin() as tx:
            self._database.lock(tx, "sign-in")
            tx.execute(sign_in_try.delete().where(sign_in_try.c.at <= since))
            counts = tx.execute(sql.tries(login=login, address=address, since=since)).one()
            if any(count >= most for count, most in zip(counts, MOST_TRIES, strict=True)):
                raise TooManyTries(retry_after=int(TRY_WINDOW.total_seconds()))
            tx.execute(sign_in_try.insert().values(id=uuid.uuid4().hex, login=login, address=address, at=now))

    def _hash(self, password: str) -> str:
        with self._hashing:
            return str(self._hasher.hash(password.encode("utf-8", "replace")))

    def _fits(self, hashed: str, password: str) -> bool:
        with self._hashing:
            try:
                return bool(self._hasher.verify(hashed, password.encode("utf-8", "replace")))
            except (Argon2Error, InvalidHashError):
                return False


def csrf_token(token: str) -> str:
    """What a page must send with every change: known only to who may read the session."""
    return hashlib.sha256(f"csrf {token}".encode("utf-8", "replace")).hexdigest()


def folded(login: str) -> str:
    """A login as it is stored: whoever types it in capitals is meant too."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def _no_password(hasher: PasswordHasher) -> str:
    """A hash that no password fits; checking one takes as long as checking a real one."""
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).decode().rstrip("=")
        for length in (hasher.salt_len, hasher.hash_len)
    )
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _agent(row: Mapping[str, Any]) -> Agent:
    return Agent(id=row["id"], login=row["login"], name=row["name"], demo=bool(row["demo"]))
