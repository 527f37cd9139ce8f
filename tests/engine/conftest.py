from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.engine.loading import load_agent
from bot.engine.models import train
from bot.settings import ROOT


@pytest.fixture(scope="session")
def model() -> Path:
    """The repository's own model, trained first where it is missing or stale."""
    return train(ROOT, ROOT / "models", if_changed=True).path


@pytest.fixture(scope="session")
def agent(model: Path) -> Any:
    return load_agent(model, action_endpoint=None, generator=None)
