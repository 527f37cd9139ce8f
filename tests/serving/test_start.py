"""A start that cannot be: one sentence that says why, exit code 1, and nothing of the inside."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Callable, Iterator

import pytest

from bot.settings import ROOT

Prepare = Callable[[Path], dict[str, str]]


def start(tmp_path: Path, *words: str, **environment: str) -> str:
    """Start a server that should not start; returns the last line that it wrote."""
    names = {f"NIGHTDESK_{name.upper()}": value for name, value in environment.items()}
    done = subprocess.run(
        [sys.executable, "-m", "bot", "serve", "--port", "0", *words],
        cwd=ROOT,
        env={**os.environ, "NIGHTDESK_VAR": str(tmp_path / "var"), **names},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    return done.stderr.strip().splitlines()[-1]


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which somebody listens, and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def root(model: None, tmp_path: Path) -> Path:
    """A copy of what the server reads, in which a file may be broken."""
    copy = tmp_path / "root"
    (copy / "models").mkdir(parents=True)
    for path in (*(ROOT / "data").rglob("*"), *(ROOT / "models").glob("*.tar.gz"), ROOT / "domain.yml"):
        if path.is_file():
            place = copy / path.relative_to(ROOT)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.symlink_to(path)
    return copy


@pytest.mark.parametrize(
    ("words", "environment", "says"),
    [
        (["--port", "70000"], {}, "There is no port 70000"),
        (["--port", "0", "--host", "203.0.113.7"], {}, "Nobody can listen on 203.0.113.7"),
        (["--host", "nowhere.invalid"], {}, "Nobody can listen on nowhere.invalid"),
        (["--roles", "cook"], {}, "No role 'cook'"),
        ([], {"port": "many"}, "NIGHTDESK_PORT is 'many'"),
        ([], {"log_level": "loud"}, "NIGHTDESK_LOG_LEVEL is 'loud'"),
        ([], {"clock": "2026-11-24T02:00:00"}, "NIGHTDESK_CLOCK needs a zone"),
        ([], {"database_url": "nonsense"}, "The database's URL is none"),
        ([], {"database_url": "mysql://u:secret@h/n"}, "The database's URL is none"),
        (
            [],
            {"database_url": "postgresql+psycopg2://u:secret@127.0.0.1:1/n"},
            "The database postgresql+psycopg2://u:***@127.0.0.1:1/n cannot be used: connection to server",
        ),
    ],
    ids=lambda value: " ".join(value.values() if isinstance(value, dict) else value)[:40],
)
def test_what_cannot_be_is_said(
    tmp_path: Path, words: list[str], environment: dict[str, str], says: str
) -> None:
    said = start(tmp_path, *words, **environment)
    assert said.startswith(f"nightdesk serve: {says}")
    assert "secret" not in said


def test_a_port_in_use_is_told_at_once(tmp_path: Path, taken: int) -> None:
    said = start(tmp_path, "--port", str(taken))
    assert said.startswith(f"nightdesk serve: Nobody can listen on 127.0.0.1, port {taken}: ")
    assert not (tmp_path / "var").exists()  # nothing was loaded for it


def test_a_database_that_is_silent_is_not_waited_for_long(tmp_path: Path, taken: int) -> None:
    said = start(tmp_path, database_url=f"postgresql+psycopg2://u@127.0.0.1:{taken}/n")
    assert "timeout expired" in said


def test_a_database_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "nightdesk.sqlite").write_bytes(b"no database at all" * 100)
    assert "cannot be used: file is not a database" in start(tmp_path)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "Not a directory" in start(tmp_path, var=str(tmp_path / "file" / "var"))


@pytest.mark.parametrize(
    "broken",
    ["shops/demo.yml", "teams/default.yml", "handoffs.yml", "carriers.yml", "replies/en/order.yml"],
)
def test_a_file_that_is_no_yaml_is_named(tmp_path: Path, root: Path, broken: str) -> None:
    path = root / "data" / broken
    path.unlink()
    path.write_text("a: [b\n c: {", encoding="utf-8")
    assert f"nightdesk serve: {path}" in start(tmp_path, root=str(root))


@pytest.mark.parametrize("content", [None, b"junk", b"\x1f\x8b\x08\0"], ids=["none", "junk", "cut"])
def test_a_model_that_is_none(tmp_path: Path, root: Path, content: bytes | None) -> None:
    for path in (root / "models").iterdir():
        path.unlink()
    if content is not None:
        (root / "models" / "nightdesk.tar.gz").write_bytes(content)
    said = start(tmp_path, root=str(root))
    assert str(root / "models") in said
    assert said.endswith("nightdesk train.")
