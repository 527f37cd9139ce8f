"""Tells texts that name a street address, in which bare numbers are houses and postcodes."""

from __future__ import annotations

import re
from pathlib import Path

from bot.nlu.patterns import whole
from bot.nlu.spans import read


def address_pattern(folder: Path) -> re.Pattern[str]:
    """What is found in a folded text that names an address, by data/lookups/numbers.yml."""
    data = read(folder, "numbers")
    endings = whole(data["street_endings"])
    return re.compile(f"{whole(data['address'], start=True)}|(?:{endings})\\s?\\d")
