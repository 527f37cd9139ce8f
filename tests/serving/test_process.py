"""The serving process itself: what it holds, and how soon it answers."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.serving.server import Customer, Server

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/maps").is_file(), reason="A process is read from /proc."),
]


def test_tensorflow_is_not_in_the_serving_process(server: Server) -> None:
    assert Customer(server.url).ask("when are you open?")
    assert server.process is not None
    held = Path(f"/proc/{server.process.pid}/maps").read_text()
    assert "numpy" in held  # libraries do show there
    assert "tensorflow" not in held


def test_the_page_answers_within_eight_seconds_of_the_command(model: None, tmp_path: Path) -> None:
    began = time.monotonic()
    running = Server(tmp_path, words=("--demo",)).start()
    waited = time.monotonic() - began
    running.stop()
    assert waited < 8
