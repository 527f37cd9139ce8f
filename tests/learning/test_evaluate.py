"""The command on a handful of messages, with the repository's own model."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any, Iterator

import pytest

from bot.__main__ import main
from bot.learning.figures import Outcome
from bot.learning.messages import HeldOut, languages_of, read_messages, read_mirror
from bot.learning.report import text_report
from bot.learning.report_html import html_report
from bot.learning.stock import FALLBACK, judge_stock, stock_model, understood
from bot.nlu.understanding import OUT_OF_SCOPE, Understanding
from bot.settings import ROOT, get_settings

MESSAGES = """\
messages:
  - {text: "zebra crossing where is parcel", intent: shipping_status, emotion: worried}
  - {text: "<b>cancel</b> the zebra order", intent: order_cancel}
  - {text: "zebra stripes, why", intent: out_of_scope}
  - {text: "KNOWN", intent: greet}
"""
NAMED = 'messages:\n  - {text: "zebra to Peru", entities: [{entity: country, text: Peru, value: PE}]}\n'


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, model: None) -> Iterator[Path]:
    """A root with the real data and model, and held-out messages of its own."""
    for name in ("config.yml", "domain.yml"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "models").symlink_to(ROOT / "models")
    data = tmp_path / "data"
    data.mkdir()
    for entry in (ROOT / "data").iterdir():
        if entry.name != "evaluation":
            (data / entry.name).symlink_to(entry)
    known = (ROOT / "data" / "nlu" / "en" / "conversation.yml").read_text(encoding="utf-8")
    example = re.findall(r"^ +- (?!intent)(.+)$", known, re.MULTILINE)[0]
    (data / "evaluation" / "entities").mkdir(parents=True)
    (data / "evaluation" / "en.yml").write_text(MESSAGES.replace("KNOWN", example), encoding="utf-8")
    (data / "evaluation" / "entities" / "en.yml").write_text(NAMED, encoding="utf-8")
    monkeypatch.setenv("NIGHTDESK_ROOT", str(tmp_path))
    get_settings.cache_clear()
    yield tmp_path
    get_settings.cache_clear()


def test_it_prints_and_writes(house: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "mirror.csv"
    table.write_text("text,intent,lang,source\ncancel my order,order_cancel,en,x\n", encoding="utf-8")
    words = ["evaluate", "--json", str(tmp_path / "r.json"), "--html", str(tmp_path / "r.html")]
    assert main([*words, "--mirror", str(table)]) == 0
    out, err = capsys.readouterr()
    assert "3 messages in 1 languages. 1 more stand in training too" in out
    assert "mirror all" in out
    assert "5 of 5 messages" in err
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    figures = report["ours"]["languages"]["en"]
    assert (figures["all"]["in_scope"], figures["all"]["outside"]) == (2, 1)
    assert figures["entities"]["all"]["expected"] == 1
    assert report["known"]["count"] == 1
    assert report["mirror"]["all"]["all"]["first"] == 1.0
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "<b>cancel" not in page
    assert not re.search(r"(?:src|href)=|@import|url\(", page), "the page would fetch something"


def test_the_same_as_json_on_standard_output(house: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["ours"]["all"]["all"]["in_scope"] == 2
    assert "No mirror: " in err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--languages", "en,xx"], "No held-out messages in 'xx'. Known: en."),
        (["--mirror", "/nowhere.csv"], "/nowhere.csv"),
    ],
)
def test_what_is_missing_is_one_sentence(
    house: Path, words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", *words]) == 1
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("messages: 5\n", "expected the key messages"),
        ("messages: [{intent: greet}]\n", "expected a text and an intent"),
        ("messages: [\n", "not readable as YAML"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, content: str, sentence: str) -> None:
    (tmp_path / "en.yml").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=rf"en\.yml: {sentence}"):
        read_messages(tmp_path, ["en"])


def test_no_messages_at_all_says_what_to_write(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match=r"Write .*en\.yml"):
        languages_of(tmp_path)
    (tmp_path / "a.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ValueError, match="columns text and intent"):
        read_mirror(tmp_path / "a.csv")


# -- beside stock --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ranking", "intent", "abstained"),
    [
        ([("greet", FALLBACK + 0.01), ("deny", 0.1)], "greet", False),
        ([("greet", FALLBACK - 0.01), ("deny", 0.1)], OUT_OF_SCOPE, True),
        ([], OUT_OF_SCOPE, True),
    ],
)
def test_a_stock_ranking_below_the_fallback_is_no_answer(
    ranking: list[tuple[str, float]], intent: str, abstained: bool
) -> None:
    rows = [{"name": name, "confidence": sure} for name, sure in ranking]
    told = understood(HeldOut("x", "en", "greet"), rows)
    assert (told.intent, told.abstained, len(told.ranking)) == (intent, abstained, len(ranking))


@pytest.mark.slow
def test_rasas_own_pipeline_is_trained_once_and_read(tmp_path: Path) -> None:
    nlu = tmp_path / "nlu"
    (nlu / "en").mkdir(parents=True)
    blocks = {
        "greet": "hello hi there|good morning|hey you",
        "order_cancel": "cancel it|stop the order|cancel",
    }
    text = "".join(
        f"  - intent: {intent}\n    examples: |\n"
        + "".join(f"      - {example}\n" for example in examples.split("|"))
        for intent, examples in blocks.items()
    )
    (nlu / "en" / "a.yml").write_text(f'version: "3.1"\nnlu:\n{text}', encoding="utf-8")
    (nlu / "keywords.yml").write_text("greet: {en: [hi]}\n", encoding="utf-8")
    said: list[str] = []
    model = stock_model(nlu, folder=tmp_path / "stock", progress=said.append)
    assert stock_model(nlu, folder=tmp_path / "stock", progress=said.append) == model
    assert len(said) == 1
    nothing = Understanding("", "en", OUT_OF_SCOPE, 0.0, True)
    asked = [Outcome(HeldOut("cancel", "en", "order_cancel"), nothing, ("plain",))]
    [told] = judge_stock(model, asked, progress=lambda done, total: None)
    assert told.guess == "order_cancel"
    assert told.slices == ("plain",)


# -- reports -------------------------------------------------------------------------------------


def test_reports_of_nothing_judged_are_dashes() -> None:
    from bot.learning.evaluation import evaluation

    empty: dict[str, Any] = {
        "at": "2026-11-24T02:00:00+00:00",
        "model": "m",
        "examples": 0,
        "known": {"count": 0, "whole": {}},
        "ours": evaluation([]),
        "mirror": None,
    }
    assert "None of them stands in training." in text_report(empty)
    assert "–" in html_report(empty)
