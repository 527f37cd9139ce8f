"""Reads data/shops/<id>.yml."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Mapping

from bot.shop.model import Shop
from bot.yamls import read_yaml


class UnknownShop(LookupError):
    """No shop of this name under data/shops/."""


def load_shops(folder: Path) -> Mapping[str, Shop]:
    """Every shop of a folder, by id; ValueError names the file that cannot be read."""
    shops = {}
    for path in sorted(folder.glob("*.yml")):
        shop = load_shop(path)
        shops[shop.id] = shop
    return shops


def load_shop(path: Path) -> Shop:
    """One shop; its id is the file's name. ValueError says which field is missing."""
    row: Any = read_yaml(path)
    try:
        return Shop(
            id=path.stem,
            name=str(row["name"]),
            languages=tuple(row["languages"]),
            default_language=str(row["default_language"]),
            currency=str(row["currency"]),
            timezone=str(row["timezone"]),
            ships_from=str(row["ships_from"]),
            markets=tuple(row["markets"]),
            team=str(row["team"]),
            contact_email=str(row["contact_email"]),
            origins=tuple(row.get("origins") or ()),
            backend={str(k): str(v) for k, v in (row.get("backend") or {}).items()},
        )
    except KeyError as e:
        raise ValueError(f"{path}: the field {e.args[0]} is missing (docs/adding.md#shop).") from e
    except (TypeError, AttributeError) as e:
        raise ValueError(f"{path}: expected a map of fields (docs/adding.md#shop).") from e
