"""The page's files keep their promises: labels that exist, two dark blocks in step, no way to make markup."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.http.look import TOKENS
from bot.phrasebook import Phrasebook
from bot.settings import ROOT
from bot.web.pages import FOLDER

BOOK = Phrasebook.load(ROOT / "data" / "replies")
SCRIPTS = sorted(FOLDER.glob("*.js"))
# Families of labels whose last part comes from data.
FAMILIES = ("fact", "source", "topic", "entity", "reason", "emotion", "urgency", "group", "palette", "list")


def used() -> set[str]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    return set(re.findall(r"""["'`](team\.[a-z_.]*[a-z])["'`]""", text))


@pytest.mark.parametrize("language", BOOK.languages)
def test_every_label_of_the_page_exists(language: str) -> None:
    assert used() - set(BOOK.ui("team", language)) == set()


def test_every_label_has_a_use() -> None:
    python = {"team.language_name", "team.guard.noted"}
    unused = {
        key
        for key in BOOK.ui("team", "en")
        if key not in used() | python and key.split(".")[1] not in FAMILIES
    }
    assert unused == set()


def test_every_topic_has_a_name() -> None:
    domain = (ROOT / "domain.yml").read_text(encoding="utf-8")
    intents = re.search(r"^intents:\n((?:\s*- .*\n|\s*#.*\n)+)", domain, flags=re.M)
    assert intents is not None
    names = re.findall(r"^\s*- ([a-z_]+)", intents[1], flags=re.M)
    assert len(names) == 38
    assert {f"team.topic.{name}" for name in names} <= set(BOOK.ui("team", "en"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_can_make_markup_of_a_text(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc", text
    )
    assert len(text.splitlines()) <= 400


def test_the_page_speaks_to_nobody_else() -> None:
    for path in FOLDER.iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"(https?:)?//[a-z0-9-]+\.[a-z]", text), path.name


def test_the_two_dark_blocks_are_in_step() -> None:
    css = TOKENS.read_text(encoding="utf-8")
    chosen = re.search(r'\[data-theme="dark"\], :host\(\[data-theme="dark"\]\) \{(.*?)\n\}', css, flags=re.S)
    device = re.search(r":root:not\(\[data-theme\]\), [^{]*\{(.*?)\n  \}", css, flags=re.S)
    assert chosen is not None
    assert device is not None
    assert [line.strip() for line in chosen[1].splitlines()] == [
        line.strip() for line in device[1].splitlines()
    ]


def test_every_icon_is_in_the_page() -> None:
    page = (FOLDER / "index.html").read_text(encoding="utf-8")
    symbols = set(re.findall(r'id="i-([a-z]+)"', page))
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    wanted = set(re.findall(r"""\bicon(?:Button)?\("([a-z]+)\"""", scripts))
    assert wanted <= symbols
