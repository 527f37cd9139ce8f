"""Opens the transcript's database: SQLite by default, PostgreSQL by a URL."""

from __future__ import annotations

import json
import threading
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


class Database:
    """A database that gives transactions."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._writer = threading.Lock()
        self.engine = _sqlite_engine(url) if url.startswith("sqlite") else _server_engine(url)

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
        """Bring the tables to the newest version; cheap when they are there already."""
        if self._version() == NEWEST:
            return
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        with self.engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")

    def _version(self) -> Optional[str]:
        with self.engine.connect() as tx:
            if not sa.inspect(tx).has_table("alembic_version"):
                return None
            version: Optional[str] = tx.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
            return version

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
        connect_args={"check_same_thread": False, "timeout": 10},
    )

    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.close()

    sa.event.listen(engine, "connect", _prepare)
    return engine


def _server_engine(url: str) -> sa.engine.Engine:
    return sa.create_engine(url, future=True, pool_pre_ping=True, pool_size=8, max_overflow=8)
