"""The figures of an evaluation as text for a terminal."""

from __future__ import annotations

from typing import Any, Iterable, Iterator, Mapping, Optional, Sequence

Figures = Mapping[str, Any]
_MOST_CONFUSIONS = 15
_MOST_MESSAGES = 3


def text_report(report: Figures) -> str:
    """All that a person wants to see; the JSON and the page have every row of it."""
    parts = [_told(report), *_own(report["ours"])]
    if report.get("mirror"):
        parts += _mirror(report["mirror"])
    if report.get("stock"):
        parts += _stock(report)
    return "\n".join(parts)


def number(value: Optional[float]) -> str:
    """A share from 0 to 1 with three places, or a dash."""
    return "-" if value is None else f"{value:.3f}"


def judged(report: Figures) -> int:
    """How many messages' intents were judged."""
    figures = report["ours"]["all"]["all"]
    return int(figures["in_scope"] + figures["outside"])


def _told(report: Figures) -> str:
    seen = known_words(report) if report["known"]["count"] else "None of them stands in training."
    return (
        f"{report['model']}, {report['examples']} examples; "
        f"{judged(report)} messages in {len(report['ours']['languages'])} languages. {seen}"
    )


def known_words(report: Figures) -> str:
    """What became of the messages that stand in training too."""
    known = report["known"]
    whole = ", ".join(
        f"{name} {number(known['whole'][share])}"
        for name, share in (("first guess", "first"), ("at threshold", "at_threshold"))
    )
    return f"{known['count']} more stand in training too and judge nothing; with them: {whole}."


def _own(ours: Figures) -> Iterator[str]:
    everything = ours["all"]
    yield from _table("By language", LANGUAGE_HEAD, (language_row(*row) for row in _languages(ours)))
    yield from _table("By slice", SLICE_HEAD, (row for pair in _languages(ours) for row in slice_rows(*pair)))
    yield from _table("By intent, at the threshold", INTENT_HEAD, intent_rows(everything))
    yield from _confusions(everything["confusions"])
    yield from _table("How sure, how right", BIN_HEAD, bin_rows(everything))
    yield from _table("Language told, by length", LENGTH_HEAD, length_rows(ours))
    yield from _table("Entities, exact", INTENT_HEAD, entity_rows(everything))
    yield from _table("Signals", SIGNAL_HEAD, signal_rows(everything))


def _mirror(mirror: Figures) -> Iterator[str]:
    yield from _table("Another shop's messages, by slice", SLICE_HEAD, slice_rows("mirror", mirror["all"]))


def _stock(report: Figures) -> Iterator[str]:
    yield from _table("Beside Rasa's own pipeline", STOCK_HEAD, stock_rows(report))
    for name, points in report["stock"]["above"].items():
        yield f"{name}: above stock by {_signed(points['first'])} points"
    if report["stock"].get("above_on_mirror"):
        points = report["stock"]["above_on_mirror"]["all"]
        yield f"mirror: above stock by {_signed(points['first'])} points"


LANGUAGE_HEAD = (
    "language",
    "messages",
    "first guess",
    "at threshold",
    "among three",
    "out of scope",
    "right if answered",
    "language",
    "1 to 3 words",
    "entity F1",
    "calibration",
)
SLICE_HEAD = (
    "slice",
    "in scope",
    "first guess",
    "at threshold",
    "among three",
    "outside",
    "out of scope",
    "right if answered",
)
INTENT_HEAD = ("name", "expected", "found", "precision", "recall", "F1")
BIN_HEAD = ("confidence", "messages", "mean", "right")
LENGTH_HEAD = ("language", "1 word", "2 words", "3 words", "4 to 6 words", "7 words and more", "all")
SIGNAL_HEAD = ("signal", "accuracy", "expected", "found", "precision", "recall", "F1")
STOCK_HEAD = ("language", "first guess", "stock", "at threshold", "stock", "out of scope", "stock")


def _languages(figures: Figures) -> list[tuple[str, Figures]]:
    return [*figures["languages"].items(), ("all", figures["all"])]


def language_row(name: str, figures: Figures) -> list[str]:
    """A language's figures, as LANGUAGE_HEAD names them."""
    row = figures["all"]
    shares = ("first", "at_threshold", "among_three", "out_of_scope", "right_among_answered")
    return [
        name,
        str(row["in_scope"] + row["outside"]),
        *(number(row[share]) for share in shares),
        number(figures["language"]["all"]["right"]),
        number(figures["language"]["1 to 3 words"]["right"]),
        number(figures["entities"]["all"]["f1"]),
        number(figures["calibration"]["error"]),
    ]


def slice_rows(name: str, figures: Figures) -> list[list[str]]:
    """The slices of a language, as SLICE_HEAD names them."""
    rows = [("all", figures["all"]), *figures["slices"].items()]
    return [
        [
            f"{name} {kind}",
            str(row["in_scope"]),
            *(number(row[share]) for share in ("first", "at_threshold", "among_three")),
            str(row["outside"]),
            *(number(row[share]) for share in ("out_of_scope", "right_among_answered")),
        ]
        for kind, row in rows
    ]


def intent_rows(figures: Figures) -> list[list[str]]:
    """Intents, worst first, as INTENT_HEAD names them."""
    order = sorted(figures["intents"].items(), key=lambda row: (row[1]["f1"] or 0.0, row[0]))
    return [prf_row(name, row) for name, row in order]


def prf_row(name: str, row: Figures) -> list[str]:
    """Counts, precision, recall and F1."""
    shares = (number(row[share]) for share in ("precision", "recall", "f1"))
    return [name, str(row["expected"]), str(row["found"]), *shares]


def bin_rows(figures: Figures) -> list[list[str]]:
    """The ten bins of confidence."""
    bins = figures["calibration"]["bins"]
    return [
        [
            f"{row['from']:.1f}–{row['to']:.1f}",
            str(row["count"]),
            number(row["confidence"]),
            number(row["right"]),
        ]
        for row in bins
    ]


def length_rows(ours: Figures) -> list[list[str]]:
    """How often each language is told, by the length of the text."""
    return [
        [
            name,
            *(number(row["right"]) for row in figures["language"]["lengths"].values()),
            number(figures["language"]["all"]["right"]),
        ]
        for name, figures in _languages(ours)
    ]


def entity_rows(figures: Figures) -> list[list[str]]:
    """Kinds of entities, and all of them."""
    entities = figures["entities"]
    return [prf_row(name, row) for name, row in [*entities["kinds"].items(), ("all", entities["all"])]]


def signal_rows(figures: Figures) -> list[list[str]]:
    """Feelings, urgency, second intents."""
    return [
        [name, number(row["accuracy"]), *prf_row(name, row)[1:]] for name, row in figures["signals"].items()
    ]


def stock_rows(report: Figures) -> list[list[str]]:
    """Our shares and the stock pipeline's, side by side."""
    ours = dict(_languages(report["ours"]))
    theirs = dict(_languages(report["stock"]["figures"]))
    pairs = [(name, ours[name], theirs[name]) for name in theirs]
    if report.get("mirror") and report["stock"].get("mirror"):
        pairs.append(("mirror", report["mirror"]["all"], report["stock"]["mirror"]["all"]))
    return [
        [
            name,
            *(
                number(side["all"][share])
                for share in ("first", "at_threshold", "out_of_scope")
                for side in (mine, other)
            ),
        ]
        for name, mine, other in pairs
    ]


def _signed(points: Optional[float]) -> str:
    return "-" if points is None else f"{points:+.1f}"


def _confusions(rows: Sequence[Figures]) -> Iterator[str]:
    yield ""
    yield "What was taken for what (all of it: --json or --html)"
    for row in rows[:_MOST_CONFUSIONS]:
        yield f"  {row['count']:4}  {row['expected']} taken for {row['said']}"
        for message in row["messages"][:_MOST_MESSAGES]:
            yield f"        {message['language']}  {message['text']}  ({message['confidence']:.2f})"


def _table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A title and aligned columns, the first one to the left."""
    held = [list(head), *map(list, rows)]
    widths = [max(len(row[at]) for row in held) for at in range(len(head))]
    yield ""
    yield title
    for row in held:
        cells = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        yield "  " + "  ".join([row[0].ljust(widths[0]), *cells])
