"""docs/operating.md tells the truth: its numbers, its webhook and its samples, tried."""

from __future__ import annotations

import json
import re
import shlex
import sqlite3
import subprocess
import sys
import threading
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot.desk.targets.base import Notice
from bot.desk.targets.webhook import WebhookTarget, signature
from bot.settings import ROOT
from tests.documents import DOCS, blocks, rows, section, text_of

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=timezone.utc)
OPERATING = ROOT / "docs" / "operating.md"


def test_metrics_are_those_of_the_code() -> None:
    table = rows(section("operating", "Health and numbers"), "metric")
    code = "".join(text_of(path) for path in (ROOT / "bot").rglob("*.py"))
    made = set(re.findall(r'Metric\(\s*"(\w+)",\s*"(\w+)"', code))
    assert {(row[0].strip("`"), row[1]) for row in table} == made


def notice() -> Notice:
    return Notice(
        id="5f1c",
        event="made",
        at=NOW,
        promise="p",
        handoff="h",
        conversation="c",
        shop="demo",
        team="default",
        topic="complaint",
        reason="topic",
        priority="high",
        made_at=NOW,
        due_at=NOW,
        provisional=False,
        words="…",
        language="de",
        timezone="Europe/Berlin",
        country="DE",
    )


def shape(value: Any) -> Any:
    return {k: shape(v) for k, v in value.items()} if isinstance(value, dict) else type(value)


def test_a_webhook_looks_as_described() -> None:
    described = json.loads(blocks(OPERATING, "json")[0])
    assert shape(described) == shape(notice().to_json())
    assert described["event"] == notice().to_json()["event"]


@pytest.fixture(scope="module")
def is_genuine() -> Any:
    """The sample of docs/operating.md, as a receiver would copy it."""
    [sample] = blocks(OPERATING, "python")
    names: dict[str, Any] = {}
    exec(compile(sample, "docs/operating.md", "exec"), names)
    return names["is_genuine"]


GOOD = signature(b'{"a":1}', secret="k", timestamp=1000)


@pytest.mark.parametrize(
    ("header", "body", "secret", "now", "expected"),
    [
        (GOOD, b'{"a":1}', "k", 1000.0, True),
        (GOOD, b'{"a":1}', "k", 1299.9, True),
        (GOOD.replace(",", ", "), b'{"a":1}', "k", 1000.0, True),
        (GOOD, b'{"a":1}', "k", 1301.0, False),
        (GOOD, b'{"a":1}', "k", 690.0, False),
        (GOOD, b'{"a":2}', "k", 1000.0, False),
        (GOOD, b'{"a":1}', "other", 1000.0, False),
        (GOOD.replace("1000", "1001"), b'{"a":1}', "k", 1000.0, False),
        ("", b"", "k", 1000.0, False),
        ("t=1000", b"", "k", 1000.0, False),
        ("t=1000,v1=é", b"", "k", 1000.0, False),
        ("t=²,v1=00", b"", "k", 1000.0, False),
        ("nonsense", b"", "k", 1000.0, False),
    ],
)
def test_the_sample_tells_true_from_false(
    is_genuine: Any, header: str, body: bytes, secret: str, now: float, expected: bool
) -> None:
    assert is_genuine(header, body, secret=secret, now=now) is expected


def test_the_sample_takes_what_we_really_post(is_genuine: Any) -> None:
    taken: list[bool] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            header = self.headers["Nightdesk-Signature"]
            taken.append(is_genuine(header, body, secret="k", now=NOW.timestamp()))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        target = WebhookTarget(
            url=f"http://127.0.0.1:{server.server_port}/", secret="k", clock=lambda: NOW, seconds=5.0
        )
        target.send(notice())
        target.close()
        server.shutdown()
    assert taken == [True]


def test_stock_rasa_is_only_ever_shown_bound_to_this_machine() -> None:
    lines = [line for path in DOCS for body in blocks(path) for line in body.splitlines()]
    listening = [line for line in lines if re.search(r"\brasa (run|shell)\b", line)]
    assert len(listening) >= 3
    for line in listening:
        bound = "SANIC_HOST=127.0.0.1" if "run actions" in line else "--interface 127.0.0.1"
        assert bound in line


def test_the_backup_command_copies_what_is_still_in_the_log(tmp_path: Path) -> None:
    line = next(line for body in blocks(OPERATING) for line in body.splitlines() if "VACUUM INTO" in line)
    (tmp_path / "var").mkdir()
    connection = sqlite3.connect(tmp_path / "var" / "nightdesk.sqlite")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE message (text)")
    connection.execute("INSERT INTO message VALUES ('kept')")
    connection.commit()
    subprocess.run([sys.executable, *shlex.split(line)[1:]], cwd=tmp_path, check=True, timeout=30)
    connection.close()
    copy = sqlite3.connect(tmp_path / "backup.sqlite")
    assert copy.execute("SELECT text FROM message").fetchall() == [("kept",)]
    copy.close()
