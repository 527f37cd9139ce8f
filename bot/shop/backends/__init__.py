"""Shop systems: each kind stands behind the same port; a new one is a file here and a line below."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Callable, Mapping

from bot.database import Database
from bot.shop.backends.base import Backend
from bot.shop.backends.embedded import EmbeddedBackend
from bot.shop.backends.patient import PatientBackend
from bot.shop.backends.seeding import seed
from bot.shop.model import Shop


def open_backend(shop: Shop, *, shops_folder: Path, var: Path, now: datetime) -> Backend:
    """The system behind a shop, as its file says under `backend`; it gives up when it is slow.

    ValueError names the kinds that exist.
    """
    kind = shop.backend.get("kind", "")
    if kind not in KINDS:
        raise ValueError(
            f"{shops_folder / shop.id}.yml: no backend of the kind {kind!r}."
            f" Known: {', '.join(KINDS)} (docs/adding.md#backend)."
        )
    return PatientBackend(KINDS[kind](shop, shops_folder, var, now))


def _embedded(shop: Shop, shops_folder: Path, var: Path, now: datetime) -> Backend:
    """A database in var/, filled from the shop's folder as often as its data or the clock ask for it."""
    database = Database(f"sqlite:///{var / f'shop-{shop.id}.sqlite'}")
    seed(database, catalogue_folder=shops_folder / shop.backend.get("catalogue", shop.id), now=now)
    return EmbeddedBackend(database)


KINDS: Mapping[str, Callable[[Shop, Path, Path, datetime], Backend]] = {"embedded": _embedded}
