"""Reads the size tables of data/sizes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Mapping

import yaml

from bot.shop.bra_sizes import Band, BraTable
from bot.shop.size_model import GENDERS, KINDS, Chart, Row, Scale, Table
from bot.shop.size_words import SizeWords, read_words
from bot.shop.sizes import SizeTables
from bot.yamls import load_yaml


@dataclass(frozen=True)
class SizeBook:
    """All that data/sizes knows: the tables, and the words around sizes."""

    tables: SizeTables
    words: SizeWords


def load_tables(folder: Path) -> SizeBook:
    """Every table of a folder, and its words; ValueError names the file and what is wrong with it."""
    path = folder / "words.yml"
    try:
        words = read_words(_read(path))
    except KeyError as e:
        raise ValueError(f"{path}: the field {e.args[0]} is missing (docs/adding.md#sizes).") from e
    except (TypeError, AttributeError, ValueError, ArithmeticError) as e:
        raise ValueError(f"{path}: {e} (docs/adding.md#sizes).") from e
    return SizeBook(tables=_tables(folder), words=words)


def _tables(folder: Path) -> SizeTables:
    tables: dict[tuple[str, str], Table] = {}
    bras = None
    for path in sorted(folder.glob("*.yml")):
        row = _read(path)
        if not isinstance(row, dict) or "kind" not in row:
            continue  # the words of sizes are not a table
        try:
            if row["kind"] == "bras":
                bras = _bras(row)
            else:
                table = _table(row)
                tables[table.kind, table.gender] = table
        except KeyError as e:
            raise ValueError(f"{path}: the field {e.args[0]} is missing (docs/adding.md#sizes).") from e
        except (TypeError, AttributeError, ValueError, ArithmeticError) as e:
            raise ValueError(f"{path}: {e} (docs/adding.md#sizes).") from e
    if bras is None:
        raise ValueError(f"{folder}: no table of kind bras; add bras.yml.")
    return SizeTables(tables=tables, bras=bras)


def _table(row: Mapping[str, Any]) -> Table:
    if row["kind"] not in KINDS or row["gender"] not in GENDERS:
        raise ValueError(f"kind is one of {', '.join(KINDS)}; gender one of {', '.join(GENDERS)}")
    low, high = row["range"]
    measure = str(row["measure"])
    return Table(
        kind=str(row["kind"]),
        gender=str(row["gender"]),
        measure=measure,
        source=str(row["source"]),
        checked_on=str(row["checked_on"]),
        lowest=_decimal(low),
        highest=_decimal(high),
        same=_texts(row.get("same")),
        steps={k: _decimal(v) for k, v in (row.get("steps") or {}).items()},
        scales={k: _scale(v) for k, v in (row.get("scales") or {}).items()},
        charts=tuple(_chart(chart, measure) for chart in row.get("charts") or ()),
        formulas={k: _scale(v) for k, v in (row.get("formulas") or {}).items()},
    )


def _chart(row: Mapping[str, Any], measure: str) -> Chart:
    rows = tuple(
        Row(body=_decimal(r[measure]), labels={k: str(v) for k, v in r.items() if k != measure})
        for r in row["rows"]
    )
    bodies = [r.body for r in rows]
    if bodies != sorted(bodies):
        raise ValueError(f"the rows of {row['source']} do not grow")
    return Chart(source=str(row["source"]), rows=rows)


def _scale(row: Mapping[str, Any]) -> Scale:
    plus = row["plus"]
    low, high = plus if isinstance(plus, list) else (plus, plus)
    restart = row.get("restart_after")
    return Scale(
        per_cm=_decimal(row["per_cm"]),
        plus=(_decimal(low), _decimal(high)),
        step=_decimal(row["step"]),
        restart_after=None if restart is None else _decimal(restart),
        letters=bool(row.get("letters", False)),
    )


def _bras(row: Mapping[str, Any]) -> BraTable:
    return BraTable(
        source=str(row["source"]),
        checked_on=str(row["checked_on"]),
        bands=tuple(_band(band) for band in row["bands"]),
        cups={str(k): (_decimal(v[0]), _decimal(v[1])) for k, v in row["cups"].items()},
        shared_up_to=str(row["shared_up_to"]),
        same=_texts(row.get("same")),
        cup_first=tuple(str(s) for s in row.get("cup_first") or ()),
    )


def _band(row: Mapping[str, Any]) -> Band:
    low, _, high = str(row["underbust"]).partition("-")
    labels = {str(k): str(v) for k, v in row.items() if k != "underbust"}
    return Band(low=_decimal(low), high=_decimal(high), labels=labels)


def _texts(row: Any) -> Mapping[str, str]:
    return {str(k): str(v) for k, v in (row or {}).items()}


def _decimal(value: Any) -> Decimal:
    return Decimal(str(value))


def _read(path: Path) -> Any:
    try:
        return load_yaml(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as e:
        raise ValueError(f"{path}: not readable as YAML: {str(e).splitlines()[0]}") from e
