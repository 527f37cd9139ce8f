"""Builds everything from settings, each thing once; no logic."""

from __future__ import annotations

from functools import lru_cache

from bot.settings import Clock, Settings, get_settings
from bot.conversations import tables as _transcript_tables  # noqa: F401


def settings() -> Settings:
    """The settings of this process."""
    return get_settings()


@lru_cache(maxsize=1)
def clock() -> Clock:
    """The clock of this process."""
    return settings().make_clock()
