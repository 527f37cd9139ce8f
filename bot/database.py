"""Opens the transcript's database: SQLite by default, PostgreSQL by a URL."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from contextlib import contextmanager, nullcontext
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Iterator, Optional

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.pool import QueuePool

_MIGRATIONS = Path(__file__).parent / "migrations"
# The name of a migration's file begins with its number, so the last one is the newest.
NEWEST = max(path.stem.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))

# The longest wait for another writer, and for a server to answer at all.
LOCK_SECONDS, CONNECT_SECONDS = 10, 5
_MIGRATING = sa.text("SELECT pg_advisory_lock(hashtext('nightdesk migrations'))")
_MIGRATED = sa.text("SELECT pg_advisory_unlock(hashtext('nightdesk migrations'))")

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


# Whatever the database or its driver raises.
DatabaseError = sa.exc.SQLAlchemyError


class UtcDateTime(sa.types.TypeDecorator):  # type: ignore[misc]
    """An aware datetime, stored as UTC in ISO 8601 text that sorts by time."""

    impl = sa.String(32)
    cache_ok = True

    def process_bind_param(self, value: Optional[datetime], dialect: Any) -> Optional[str]:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"The time {value} has no zone; the database takes aware times only.")
        return value.astimezone(timezone.utc).isoformat(timespec="microseconds")

    def process_result_value(self, value: Optional[str], dialect: Any) -> Optional[datetime]:
        return None if value is None else datetime.fromisoformat(value)


class JsonText(sa.types.TypeDecorator):  # type: ignore[misc]
    """A JSON value, stored as text; lone surrogates and NUL survive as escapes."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Optional[str]:
        return None if value is None else json.dumps(value, separators=(",", ":"))

    def process_result_value(self, value: Optional[str], dialect: Any) -> Any:
        return None if value is None else json.loads(value)


class DatabaseUnusable(RuntimeError):
    """The database cannot be opened, or is not what this version of the code needs."""


class Database:
    """A database that gives transactions.

    ValueError for a URL of anything but SQLite and PostgreSQL. What the driver raises never holds
    the values of a statement: they are customers' words.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._writer = threading.Lock()
        self.engine = _engine(url)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite."""
        return bool(self.engine.dialect.name == "sqlite")

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction that writes: committed at the end, undone when an error leaves it."""
        # SQLite has one writer. Our threads queue for it here: SQLite itself would let them sleep
        # for up to a tenth of a second between two looks at its lock.
        with self._writer if self.is_sqlite else nullcontext(), self.engine.connect() as tx:
            if self.is_sqlite:
                # The writer's lock is taken at once: a read that turns into a write later could fail.
                tx.exec_driver_sql("BEGIN IMMEDIATE")
            with tx.begin() if not tx.in_transaction() else _given(tx):
                yield tx

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection to read with; nothing that it writes is kept."""
        with self.engine.connect() as tx:
            yield tx

    def lock(self, tx: Connection, name: str) -> None:
        """Let one transaction at a time pass for this name (SQLite has one writer anyway)."""
        if not self.is_sqlite:
            tx.execute(sa.text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})

    def migrate(self) -> None:
        """Bring the tables to the newest version; cheap when they are there already.

        Several processes may do so at once. Raises DatabaseUnusable.
        """
        try:
            version = self._version()
            if version is not None and version > NEWEST:
                raise DatabaseUnusable(
                    f"The database {self._name} is at version {version}, and this version of Nightdesk "
                    f"knows {NEWEST}; update Nightdesk."
                )
            if version != NEWEST:
                self._upgrade()
        except DatabaseError as e:
            why = str(getattr(e, "orig", None) or e).strip().splitlines() or [type(e).__name__]
            raise DatabaseUnusable(
                f"The database {self._name} cannot be used: {why[0].rstrip('.')}. "
                "Look at NIGHTDESK_DATABASE_URL and NIGHTDESK_VAR."
            ) from e

    def _upgrade(self) -> None:
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        with self.engine.connect() as connection:
            config.attributes["connection"] = connection
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")  # all of it, or nothing
                command.upgrade(config, "head")
                return
            connection.execute(_MIGRATING)
            connection.commit()
            try:
                command.upgrade(config, "head")
            finally:
                connection.rollback()
                connection.execute(_MIGRATED)
                connection.commit()

    def _version(self) -> Optional[str]:
        with self.engine.connect() as tx:
            if not sa.inspect(tx).has_table("alembic_version"):
                return None
            version: Optional[str] = tx.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
            return version

    @property
    def _name(self) -> str:
        """The URL without its password."""
        return str(self.engine.url.render_as_string(hide_password=True))

    def ping(self) -> None:
        """Raise what the driver raises when the database does not answer."""
        with self.read() as tx:
            tx.execute(sa.text("SELECT 1"))

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


@contextmanager
def _given(tx: Connection) -> Iterator[None]:
    """Commit or roll back the transaction that stands on the connection already."""
    try:
        yield
    except BaseException:
        tx.rollback()
        raise
    tx.commit()


def _engine(url: str) -> sa.engine.Engine:
    try:
        kind = sa.engine.make_url(url).get_backend_name()
        if kind == "sqlite":
            return _sqlite_engine(url)
        if kind == "postgresql":
            return _server_engine(url)
    except (DatabaseError, ImportError):
        pass  # a driver that is not here is no better than a kind that we don't know
    raise ValueError(
        "The database's URL is none that can be used; write sqlite:///path/to/file.sqlite or "
        "postgresql+psycopg2://user:password@host:port/name."
    )


def _sqlite_engine(url: str) -> sa.engine.Engine:
    path = sa.engine.make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        url,
        future=True,
        poolclass=QueuePool,
        pool_size=8,
        max_overflow=24,
        connect_args={"check_same_thread": False, "timeout": LOCK_SECONDS},
        hide_parameters=True,
    )

    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        _use_wal(cursor)
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    sa.event.listen(engine, "connect", _prepare)
    return engine


def _use_wal(cursor: Any) -> None:
    """Two processes that begin at once may both want this; SQLite lets neither wait for the other."""
    ends_at = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as e:
            if "locked" not in str(e) or time.monotonic() > ends_at:
                raise
        time.sleep(0.02)


def _server_engine(url: str) -> sa.engine.Engine:
    return sa.create_engine(
        url,
        future=True,
        pool_pre_ping=True,
        pool_size=8,
        max_overflow=8,
        hide_parameters=True,
        # A server that is gone without a word must not hold a thread for the hours that TCP waits.
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 20_000,
        },
    )
