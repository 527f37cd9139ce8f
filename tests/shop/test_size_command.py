from __future__ import annotations

import json
from typing import Any

import pytest

from bot.__main__ import main


def size(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    assert main(["size", *words, "--json"]) == 0
    row: dict[str, Any] = json.loads(capsys.readouterr().out)
    return row


@pytest.mark.parametrize(
    ("words", "sizes", "system", "basis", "body"),
    [
        (
            ["--from", "EU:42", "--to", "US", "--kind", "shoes", "--gender", "men"],
            ["9", "8.5"],
            "US",
            "standard",
            "26.8",
        ),
        (
            ["--from", "eu 42", "--to", "uk", "--kind", "shoes", "--gender", "men"],
            ["8"],
            "UK",
            "standard",
            "26.8",
        ),
        (["--from", "EU47", "--to", "US", "--kind", "shoes", "--gender", "men"], None, "US", "formula", "30"),
        (
            ["--from", "CN:M", "--to", "EU", "--kind", "clothing", "--gender", "women"],
            ["S", "36"],
            "EU",
            "standard",
            "84",
        ),
        (["--from", "EU:75C", "--to", "US", "--kind", "bras"], ["34C"], "US", "standard", None),
        (["--from", "ISO:54.4", "--to", "US", "--kind", "rings"], ["7"], "US", "formula", "5.44"),
        (
            ["--measure", "foot=24.5cm", "--kind", "shoes", "--to", "CN"],
            ["245", "39"],
            "CN",
            "standard",
            "24.5",
        ),
        (["--measure", "foot=245mm", "--kind", "shoes", "--to", "JP"], ["24.5"], "JP", "standard", "24.5"),
        (
            ["--measure", "bust=36inch", "--kind", "clothing", "--gender", "women"],
            ["40"],
            "EU",
            "standard",
            "91.4",
        ),
        (
            ["--measure", "bust=107cm", "--measure", "underbust=87cm", "--kind", "bras", "--to", "EU"],
            ["85D"],
            "EU",
            "standard",
            "87",
        ),
        (
            ["--product", "strandby-sneakers-women", "--measure", "foot=24.5cm"],
            ["38", "39"],
            "EU",
            "product",
            "24.5",
        ),
        (
            ["--product", "SSW-WHITE-38", "--measure", "foot=24.7cm", "--to", "US"],
            ["8.5"],
            "US",
            "product",
            "24.7",
        ),
        (["--product", "MRJ-BLUE-M", "--measure", "bust=92cm"], ["M"], "EU", "product", "92"),
        (["--product", "valen-ring", "--from", "US:7"], ["54"], "ISO", "product", "5.44"),
    ],
)
def test_the_command_prints_what_the_readme_says(
    capsys: pytest.CaptureFixture[str], words: list[str], sizes: list[str], system: str, basis: str, body: str
) -> None:
    row = size(capsys, *words)
    assert list(row) == ["sizes", "system", "basis", "body_cm", "facts"]
    assert (row["system"], row["basis"], row["body_cm"]) == (system, basis, body)
    assert 1 <= len(row["sizes"]) <= 3
    if sizes:
        assert row["sizes"] == sizes
    names = {fact["name"] for fact in row["facts"]}
    assert {"size", "system"} <= names
    assert all(fact["source"] and fact["as_of"] for fact in row["facts"])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "Nothing to go by"),
        (["--from", "EU:42"], "A size of what?"),
        (["--from", "EU:42", "--kind", "shoes"], "In which system?"),
        (["--from", "42", "--to", "US", "--kind", "shoes"], "write EU:42"),
        (["--from", "EU:42", "--to", "XX", "--kind", "shoes"], "No system 'XX'"),
        (["--from", "EU:42", "--to", "US", "--kind", "hats"], "No kind 'hats'"),
        (["--from", "EU:42", "--to", "US", "--kind", "shoes"], "women, men or children"),
        (["--measure", "foot=long", "--kind", "shoes"], "write foot=24.5cm"),
        (["--measure", "bust=90cm", "--kind", "shoes", "--to", "EU"], "go by foot"),
        (["--product", "nothing", "--measure", "foot=24cm"], "No product 'nothing'"),
        (["--product", "ferrin-backpack", "--measure", "foot=24cm"], "no size chart"),
        (["--product", "strandby-sneakers-women", "--measure", "foot=40cm"], "outside the chart"),
        (["--product", "strandby-sneakers-women", "--measure", "bust=90cm"], "goes by foot"),
        (["--product", "strandby-sneakers-women", "--measure", "foot=24cm", "--to", "KR"], "has no KR"),
        (["--product", "mug", "--shop", "other", "--measure", "foot=24cm"], "No shop 'other'"),
    ],
)
def test_a_failure_is_one_sentence(
    capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    assert main(["size", *words]) == 1
    error = capsys.readouterr().err
    assert sentence in error
    assert error.count("\n") == 1


def test_people_read_the_size_the_body_and_the_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["size", "--from", "EU:38", "--to", "US", "--kind", "clothing", "--gender", "women"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0] == "US 8"
    assert printed[1] == "bust 88 cm (34.6 in)"
    assert printed[2].startswith("By the standard: EN 13402-3")
