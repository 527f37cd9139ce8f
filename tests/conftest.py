from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sanic import Sanic

# Several apps live in one test process; Sanic would refuse the second of one name.
Sanic.test_mode = True


@pytest.fixture(scope="session")
def model() -> None:
    """A model that fits the data; quick when there is one."""
    root = Path(__file__).resolve().parents[1]
    subprocess.run([sys.executable, "-m", "bot", "train", "--if-changed"], cwd=root, check=True)
