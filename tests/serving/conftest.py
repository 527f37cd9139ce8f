from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest

from tests.serving.server import Server


@pytest.fixture(scope="module")
def server(model: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A demo server at two in the morning in Shanghai, a Tuesday."""
    running = Server(
        Path(tmp_path_factory.mktemp("var")), words=("--demo",), clock="2026-11-24T02:00:00+08:00"
    ).start()
    yield running
    running.stop()
