"""The look that every page shares: colours, spaces, type."""

from __future__ import annotations

from pathlib import Path

TOKENS = Path(__file__).parent / "static" / "tokens.css"
