"""What finds entities, read once for all tests of understanding."""

from __future__ import annotations

import pytest

from bot.nlu.references import References
from bot.settings import ROOT


@pytest.fixture(scope="session")
def finder() -> References:
    return References.load(ROOT / "data" / "lookups")
