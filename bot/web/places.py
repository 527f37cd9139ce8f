"""What the places of time zones are called: Europe/Berlin is Berlin, 柏林, Berlín."""

from __future__ import annotations

from functools import lru_cache
from typing import Mapping

from babel import Locale


@lru_cache(maxsize=16)
def places(language: str) -> Mapping[str, str]:
    """Names of zones' places that differ from the last part of the zone's own name."""
    zones = Locale.parse(language).time_zones
    return {zone: names["city"] for zone, names in zones.items() if "city" in names}
