"""The figures of an evaluation as a page that stands alone, on a screen and on paper."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import Any, Iterable, Mapping, Sequence

from babel import Locale

from bot.http.look import TOKENS
from bot.learning.report import (
    INTENT_HEAD,
    LANGUAGE_HEAD,
    LENGTH_HEAD,
    SIGNAL_HEAD,
    SLICE_HEAD,
    STOCK_HEAD,
    entity_rows,
    intent_rows,
    judged,
    known_words,
    language_row,
    length_rows,
    signal_rows,
    slice_rows,
    stock_rows,
)

Figures = Mapping[str, Any]
_STYLE = Path(__file__).parent / "report.css"
_RIGHT_TO_LEFT = ("ar", "he")


def html_report(report: Figures) -> str:
    """One HTML document with its style inside; nothing is fetched."""
    ours = report["ours"]
    style = TOKENS.read_text(encoding="utf-8") + _STYLE.read_text(encoding="utf-8")
    parts = [
        _head(report),
        _key_figures(report),
        _section(
            "First guess by language",
            _languages(report),
            "The mark is Rasa’s own pipeline on the same data." if report.get("stock") else "",
        ),
        _section("By language", _table(LANGUAGE_HEAD, _language_rows(ours))),
        _stock(report),
        _slices(report),
        _section("How sure, how right", _calibration(ours["all"]), _calibration_words(ours["all"])),
        _section("By intent, at the working threshold", _table(INTENT_HEAD, intent_rows(ours["all"]))),
        *(_one_language(name, figures) for name, figures in ours["languages"].items()),
        _section("Language told, by length", _table(LENGTH_HEAD, length_rows(ours))),
        _section(
            "Entities, exact words", _table(INTENT_HEAD, entity_rows(ours["all"])) + _missed(ours["all"])
        ),
        _section("Signals", _table(SIGNAL_HEAD, signal_rows(ours["all"]))),
        _section(
            "What was taken for what",
            _confusions(ours["all"]),
            "At the working threshold, with every message.",
        ),
    ]
    if report.get("mirror"):
        parts.append(_mirror(report["mirror"]))
    return _PAGE.format(style=style, body="\n".join(part for part in parts if part))


_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Nightdesk: how well it understands</title>
<style>
{style}
</style>
</head>
<body>
<main class="rp">
{body}
</main>
</body>
</html>
"""


def _head(report: Figures) -> str:
    seen = f" {known_words(report)}" if report["known"]["count"] else ""
    languages = len(report["ours"]["languages"])
    model = f"{escape(report['model'])}, {report['examples']} examples, {escape(report['at'])}."
    told = f"{judged(report)} messages that training has not, in {languages} languages. {model}{seen}"
    return f"<header><h1>How well it understands</h1><p>{told}</p></header>"


def _key_figures(report: Figures) -> str:
    everything = report["ours"]["all"]
    row = everything["all"]
    figures = [
        ("In scope", row["at_threshold"], "right at the working threshold"),
        ("First guess", row["first"], "right, threshold or not"),
        ("Among three", row["among_three"], "the true one among the first three"),
        ("Out of scope", row["out_of_scope"], "told so or abstained"),
        ("Right if answered", row["right_among_answered"], "of all that got an answer"),
    ]
    cells = (
        f"<div><h3>{name}</h3><b>{percent(value)}</b><p>{words}</p></div>" for name, value, words in figures
    )
    return f'<section class="rp-k">{"".join(cells)}</section>'


def _languages(report: Figures) -> str:
    stock = (report.get("stock") or {}).get("figures", {}).get("languages", {})
    rows = []
    for name, figures in report["ours"]["languages"].items():
        value = figures["all"]["first"] or 0.0
        other = stock.get(name, {}).get("all", {}).get("first")
        mark = f'<i class="mark" style="inset-inline-start:{other * 100:.1f}%"></i>' if other else ""
        rows.append(
            f'<div><span lang="{escape(name)}">{escape(_named(name))}</span>'
            f'<span class="st"><i style="inline-size:{value * 100:.1f}%"></i>{mark}</span>'
            f'<span class="num">{percent(figures["all"]["first"])}</span></div>'
        )
    return f'<div class="rp-bars">{"".join(rows)}</div>'


def _language_rows(ours: Figures) -> list[list[str]]:
    rows = [language_row(_named(name), figures) for name, figures in ours["languages"].items()]
    return [*rows, language_row("All", ours["all"])]


def _stock(report: Figures) -> str:
    if not report.get("stock"):
        return ""
    above = report["stock"]["above"]["all"]["first"]
    words = f"First guess over all languages: above stock by {above} points."
    return _section("Beside Rasa’s own pipeline", _table(STOCK_HEAD, stock_rows(report)), words)


def _slices(report: Figures) -> str:
    ours = report["ours"]
    pairs = [*ours["languages"].items(), ("all", ours["all"])]
    rows = [row for name, figures in pairs for row in slice_rows(name, figures)]
    words = "Plain: up to six words, one of them obvious (data/nlu/keywords.yml). Ordinary: longer ones."
    return _section("By slice", _table(SLICE_HEAD, rows), words)


def _one_language(name: str, figures: Figures) -> str:
    table = _table(INTENT_HEAD, intent_rows(figures))
    return f"<details><summary>By intent: {escape(_named(name))}</summary>{table}</details>"


def _mirror(mirror: Figures) -> str:
    rows = slice_rows("mirror", mirror["all"])
    intents = _table(INTENT_HEAD, intent_rows(mirror["all"]))
    return _section(
        "Another shop’s messages",
        _table(SLICE_HEAD, rows) + f"<details><summary>By intent</summary>{intents}</details>",
        "Read, never learnt from.",
    )


def _calibration(figures: Figures) -> str:
    """A bar for each bin of confidence as high as the share that was right; the line is perfect."""
    bars, labels = [], []
    for at, row in enumerate(figures["calibration"]["bins"]):
        x, right = 8 + at * 48, row["right"] or 0.0
        if row["count"]:
            height = right * 140
            said = f"{percent(row['right'])} of {row['count']}"
            bars.append(
                f'<rect class="on" x="{x}" y="{150 - height:.1f}" width="40" height="{height:.1f}" rx="2">'
                f"<title>{said}</title></rect>"
            )
            labels.append(
                f'<text x="{x + 20}" y="{144 - height:.1f}" text-anchor="middle">{row["count"]}</text>'
            )
        labels.append(f'<text x="{x + 20}" y="168" text-anchor="middle">{row["from"]:.1f}</text>')
    return (
        '<svg class="ch" viewBox="0 -8 500 182" role="img" aria-label="Share right by confidence">'
        '<line class="ax" x1="0" x2="496" y1="150.5" y2="150.5"/>'
        '<line class="now" x1="8" x2="488" y1="150" y2="10"/>' + "".join([*bars, *labels]) + "</svg>"
    )


def _calibration_words(figures: Figures) -> str:
    error = figures["calibration"]["error"]
    return (
        "Height: the share that was right among guesses of this confidence; the number: how many. "
        f"Expected calibration error {'-' if error is None else f'{error:.3f}'}."
    )


def _missed(figures: Figures) -> str:
    rows = figures["entities"]["missed"]
    if not rows:
        return ""
    items = (
        f"<li>{_quoted(row)} <span class='soft'>"
        + escape(
            "; ".join(
                [f"not found: {n}" for n in row["not_found"]] + [f"not there: {n}" for n in row["not_there"]]
            )
        )
        + "</span></li>"
        for row in rows
    )
    return f"<details><summary>{len(rows)} messages that differ</summary><ul>{''.join(items)}</ul></details>"


def _confusions(figures: Figures) -> str:
    return "".join(
        f"<details><summary><b>{row['count']}</b> {escape(row['expected'])} taken for {escape(row['said'])}"
        f"</summary><ul>{''.join(_confused(message) for message in row['messages'])}</ul></details>"
        for row in figures["confusions"]
    )


def _confused(message: Figures) -> str:
    guess = f"{escape(message['guess'])} {message['confidence']:.2f}"
    return f"<li>{_quoted(message)} <span class='soft'>{guess}</span></li>"


def _quoted(message: Figures) -> str:
    language = escape(message["language"])
    turned = ' dir="rtl"' if message["language"] in _RIGHT_TO_LEFT else ""
    return (
        f'<span class="cc">{language}</span> <bdi lang="{language}"{turned}>{escape(message["text"])}</bdi>'
    )


def _section(title: str, body: str, words: str = "") -> str:
    told = f'<p class="def">{escape(words)}</p>' if words else ""
    return f"<section><h2>{escape(title)}</h2>{told}{body}</section>"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    first, *others = head
    titles = f'<th scope="col">{escape(first)}</th>' + "".join(
        f'<th scope="col" class="r">{escape(name)}</th>' for name in others
    )
    lines = (
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f'<td class="r">{escape(cell)}</td>' for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    table = f"<table><thead><tr>{titles}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    return f'<div class="wide">{table}</div>'


def percent(value: Any) -> str:
    """A share as people read it."""
    return "–" if value is None else f"{value * 100:.1f} %"


def _named(language: str) -> str:
    """A language in its own words."""
    try:
        return str(Locale.parse(language).get_display_name() or language)
    except ValueError:
        return language
