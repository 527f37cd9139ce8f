"""What some tests need of the machine; they skip with a clear word where it is absent."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest
import sqlalchemy as sa

CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def absent(what: str) -> NoReturn:
    """Skip, or fail where everything is required (NIGHTDESK_REQUIRE=all)."""
    if os.environ.get("NIGHTDESK_REQUIRE") == "all":
        pytest.fail(what)
    pytest.skip(what)


def postgres() -> str:
    """The URL of an empty PostgreSQL database of our own (NIGHTDESK_TEST_POSTGRES)."""
    url = os.environ.get("NIGHTDESK_TEST_POSTGRES")
    if not url:
        absent("PostgreSQL: set NIGHTDESK_TEST_POSTGRES to the URL of a database for tests.")
    try:
        engine = sa.create_engine(url)
        with engine.connect():
            pass
        engine.dispose()
    except sa.exc.OperationalError as e:
        absent(f"PostgreSQL does not answer: {e.orig}")
    return url


def nginx() -> str:
    """The path of nginx."""
    path = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if path is None:
        absent("nginx: apt-get install nginx-light.")
    return path


def chromium() -> str:
    """The path of Debian's Chromium."""
    path = shutil.which("chromium")
    if path is None:
        absent("Chromium: apt-get install chromium.")
    return path
