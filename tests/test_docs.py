"""The documents keep their promises: links, paths, anchors, commands, settings, fields, rooms."""

from __future__ import annotations

import argparse
import importlib
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any, Iterator

import pytest
import yaml

from bot.__main__ import COMMANDS
from bot.database import metadata
from bot.settings import ROOT, Settings
from tests.documents import DOCS, INLINE, anchors, blocks, doc, prose, rows, section, text_of

# Made by commands, so not in a fresh clone.
GENERATED = {"var", "models", ".venv"}
# Left to be chosen by who reads: any file that is there will do.
CHOSEN = re.compile(r"<[a-z]+>")


# -- links, paths, anchors ------------------------------------------------------------------


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(path)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        meant = (path.parent / file).resolve() if file else path
        assert meant.exists(), f"{path.name} links to {target}"
        if anchor and meant.suffix == ".md":
            assert anchor in anchors(meant), f"{path.name} links to {target}"


def named_paths(path: Path) -> Iterator[str]:
    """What stands in backticks and looks like a path of the repository."""
    tops = {entry.name for entry in ROOT.iterdir()} | GENERATED
    for words in INLINE.findall(prose(path)):
        if re.fullmatch(r"[\w.\-/<>*]+", words) and words[-1] != ".":
            top = words.split("/")[0]
            if top in tops and ("/" in words or "." in words):
                yield words


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_paths_exist(path: Path) -> None:
    for words in named_paths(path):
        if words.split("/")[0] in GENERATED:
            continue
        assert any(True for _ in ROOT.glob(CHOSEN.sub("*", words.rstrip("/")))), f"{path.name} names {words}"


def test_paths_are_found() -> None:
    assert {"data/nlu/<lang>/<topic>.yml", "domain.yml", "docker/nginx.conf"} <= {
        words for path in DOCS for words in named_paths(path)
    }


def places_in_code() -> list[tuple[Path, str]]:
    files = [ROOT / "Makefile", *ROOT.glob("*.yml"), *ROOT.glob("docker/*"), *ROOT.glob("scripts/*")]
    for folder in ("bot", "actions", "data"):
        files += [p for p in (ROOT / folder).rglob("*") if p.suffix in (".py", ".yml", ".js")]
    found = re.compile(r"docs/[a-z]+\.md(?:#[\w-]+)?")
    return [(p, place) for p in files if p.is_file() for place in found.findall(text_of(p))]


def test_places_that_errors_name_exist() -> None:
    places = places_in_code()
    assert len(places) > 20
    for path, place in places:
        file, _, anchor = place.partition("#")
        assert (ROOT / file).is_file(), f"{path} names {place}"
        assert not anchor or anchor in anchors(ROOT / file), f"{path} names {place}"


def test_every_row_of_the_table_has_its_section() -> None:
    table = doc("adding").partition("## ")[0]
    linked = set(re.findall(r"^\| \[[^\]]+\]\(#([a-z]+)\)", table, re.MULTILINE))
    assert linked == anchors(ROOT / "docs" / "adding.md") - {
        "where-do-i-add",
        "rules-for-every-file-below-data",
    }


# -- commands --------------------------------------------------------------------------------

_COMMAND = re.compile(r"(?<![\w:/@])(?:\.venv/bin/)?nightdesk ([a-z][a-z-]*)([^|`\n]*)")


def parser_of(command: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=command, exit_on_error=False)
    importlib.import_module(f"bot.commands.{command.replace('-', '_')}").add_arguments(parser)
    return parser


def whole_commands() -> list[tuple[str, str]]:
    """Commands in blocks: they are typed as they stand."""
    lines = [line for path in DOCS for body in blocks(path) for line in body.splitlines()]
    found = [match.groups() for line in lines for match in _COMMAND.finditer(line)]
    return sorted({(command, words.strip()) for command, words in found if command in COMMANDS})


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_commands_exist_with_their_options(path: Path) -> None:
    for code in INLINE.findall(prose(path)):
        for command, words in _COMMAND.findall(code):
            assert command in COMMANDS, f"{path.name}: {code}"
            known = parser_of(command)._option_string_actions
            for option in re.findall(r"--[a-z-]+", words):
                assert option in known, f"{path.name}: {code}"


@pytest.mark.parametrize(("command", "words"), whole_commands())
def test_commands_in_blocks_can_be_typed(command: str, words: str) -> None:
    parser_of(command).parse_args(shlex.split(words))


@pytest.mark.parametrize(
    ("command", "words"),
    [row for row in whole_commands() if row[0] in ("landed-cost", "promise", "size")],
)
def test_examples_that_compute_give_an_answer(command: str, words: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", command, *shlex.split(words)],
        cwd=ROOT,
        env={**os.environ, "NIGHTDESK_VAR": str(tmp_path), "NIGHTDESK_CLOCK": "2026-11-24T02:00:00+00:00"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_the_changelog_lists_every_command() -> None:
    changelog = text_of(ROOT / "CHANGELOG.md")
    line = next(line for line in changelog.splitlines() if line.startswith("- Commands:"))
    assert INLINE.findall(line) == list(COMMANDS)
    version = re.search(r'^version = "(.+)"', text_of(ROOT / "pyproject.toml"), re.MULTILINE)
    assert version
    assert f"## [{version[1]}]" in changelog


# -- settings ----------------------------------------------------------------------------------


def shown(default: Any) -> str:
    if isinstance(default, Path):
        return "the repository" if default == ROOT else f"`{default.relative_to(ROOT)}`"
    if default is None or default == "":
        return "none" if default is None else "empty"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def test_settings_are_those_of_the_code() -> None:
    written = [tuple(row) for row in rows(doc("settings"), "variable") if len(row) == 3]
    ours = {
        (f"`NIGHTDESK_{name.upper()}`", shown(field.default), str(field.field_info.description))
        for name, field in Settings.__fields__.items()
    }
    listed = {row for row in written if row[0] in {our[0] for our in ours}}
    assert listed == ours
    assert len(written) == len(set(row[0] for row in written))


def test_variables_are_settings_or_listed_as_others() -> None:
    known = {f"NIGHTDESK_{name.upper()}" for name in Settings.__fields__}
    others = {row[0].strip("`") for row in rows(section("settings", "Not settings"), "variable")}
    assert not others & known
    for path in DOCS:
        used = set(re.findall(r"NIGHTDESK_[A-Z][A-Z_]*[A-Z]", text_of(path)))
        assert used <= known | others, path.name


# -- fields of data files ------------------------------------------------------------------------


def keys_at(node: Any, place: str) -> Iterator[str]:
    """The keys of the maps at a place such as `regimes.charges`; lists are walked, `*` is any key."""
    if isinstance(node, list):
        for item in node:
            yield from keys_at(item, place)
    elif isinstance(node, dict):
        first, _, rest = place.partition(".")
        if not first:
            yield from map(str, node)
        for value in node.values() if first == "*" else [node.get(first)] if first else []:
            yield from keys_at(value, rest)


@pytest.mark.parametrize(
    ("title", "files", "places"),
    [
        ("Shop", "data/shops/*.yml", ["", "backend"]),
        ("Product", "data/shops/demo/products.yml", ["products", "products.picture"]),
        ("Product", "data/shops/demo/charts.yml", ["*"]),
        ("Delivery", "data/delivery/*.yml", ["", "zones", "zones.services.*", "peaks", "imports.*"]),
        ("Policy", "data/policies/demo/*.yml", ["", "facts.*", "rows", "answers", "answers.facts.*"]),
        ("Market", "data/markets/*.yml", ["", "official", "regions", "regimes"]),
        ("Market", "data/markets/*.yml", ["regimes.value", "regimes.charges"]),
        ("Exchange", "data/exchange.yml", ["", "days"]),
        ("Carrier", "data/carriers.yml", ["", "kinds.*", "carriers.*"]),
        ("Sizes", "data/sizes/[!bw]*.yml", ["", "scales.*"]),
        ("Team", "data/teams/*.yml", [""]),
    ],
)
def test_fields_of_data_files_are_explained(title: str, files: str, places: list[str]) -> None:
    known = set(re.findall(r"\w+", " ".join(INLINE.findall(section("adding", title)))))
    paths = list(ROOT.glob(files))
    assert paths
    for path in paths:
        content = yaml.safe_load(text_of(path))
        for place in places:
            assert set(keys_at(content, place)) <= known, f"{path.relative_to(ROOT)}, {place or 'top'}"


def test_fields_that_are_explained_are_read_somewhere() -> None:
    code = "".join(text_of(path) for path in (ROOT / "bot").rglob("*.py"))
    fields = [row[0] for head in ("field", "field of a regime") for row in rows(doc("adding"), head)]
    names = INLINE.findall(" ".join(fields))
    assert len(names) > 80
    assert [name for name in names if f'"{name}"' not in code] == []


# -- the house -----------------------------------------------------------------------------------


def test_every_room_and_table_is_named() -> None:
    house = doc("architecture")
    names = [p.name + "/" if p.is_dir() else p.name for p in (ROOT / "bot").iterdir()]
    for name in names:
        if name not in ("__init__.py", "__pycache__/"):
            assert f"bot/{name}" in house, f"docs/architecture.md does not name bot/{name}"
    tables = {row[0].strip("`"): row[2].strip("`") for row in rows(house, "table")}
    assert set(tables) == set(metadata.tables)
    for table, path in tables.items():
        assert f'"{table}",' in text_of(ROOT / path), f"{path} declares no table {table}"


def test_a_word_has_one_row() -> None:
    words = [row[0] for row in rows(doc("glossary"), "word")]
    assert len(words) > 30
    assert words == sorted(set(words), key=str.casefold)
