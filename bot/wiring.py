"""Builds everything from settings, each thing once; no logic."""

from __future__ import annotations

from functools import lru_cache

from bot.settings import Clock, Settings, get_settings
