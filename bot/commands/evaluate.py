"""Judge the trained model on messages that it never saw."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Mapping, Optional, Sequence

from bot.engine.models import current_model
from bot.learning.evaluation import Parse, above, evaluation, judge, known_places, read_training
from bot.learning.figures import Outcome, intent_figures
from bot.learning.messages import MIRROR, HeldOut, languages_of, read_messages, read_mirror
from bot.learning.report import text_report
from bot.learning.report_html import html_report
from bot.learning.slices import Keywords
from bot.learning.stock import judge_stock, stock_model
from bot.nlu.understanding import Understanding
from bot.settings import Settings, get_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--languages", metavar="en,de", help="only these (default: all with messages)")
    parser.add_argument(
        "--json",
        type=Path,
        nargs="?",
        const=Path("-"),
        metavar="FILE",
        help="write all figures here; without a file, print them",
    )
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page to read or print here")
    parser.add_argument(
        "--mirror", type=Path, metavar="FILE", help="also judge this table of text,intent,lang"
    )
    parser.add_argument(
        "--stock", action="store_true", help="also judge Rasa's own pipeline, trained on the same examples"
    )


def run(args: argparse.Namespace) -> int:
    """Judge, print and write; 0 when it was done, whatever the figures say."""
    settings = get_settings()
    folder = settings.data / "evaluation"
    languages = args.languages.split(",") if args.languages else languages_of(folder)
    keywords = Keywords.load(settings.data / "nlu" / "keywords.yml")
    training = read_training(settings.data / "nlu")
    messages = read_messages(folder, languages)
    known = known_places(messages, training)
    parse = _parser(settings)
    everything = judge(messages, parse, keywords=keywords, progress=_Steps("messages"))
    outcomes = [outcome for at, outcome in enumerate(everything) if at not in known]
    mirror = _mirror(args.mirror, settings, parse, keywords)
    report: dict[str, Any] = {
        "at": settings.make_clock()().isoformat(timespec="seconds"),
        "model": str(current_model(settings.models).name),
        "examples": len(training),
        "known": {
            "count": len(known),
            "whole": intent_figures([o for o in everything if o.message.intent is not None]),
        },
        "ours": evaluation(outcomes),
        "mirror": evaluation(mirror) if mirror else None,
    }
    if args.stock:
        report["stock"] = _stock(settings, outcomes, mirror, report)
    _write(args, report)
    return 0


def _parser(settings: Settings) -> Parse:
    from bot.engine.loading import load_agent, parse

    agent = load_agent(current_model(settings.models), action_endpoint=None, generator=None)
    return lambda text, context: Understanding.from_rasa(parse(agent, text, context), text)


def _mirror(path: Optional[Path], settings: Settings, parse: Parse, keywords: Keywords) -> list[Outcome]:
    """The outcomes over another shop's messages; none, with a word, where the table is absent."""
    messages: Sequence[HeldOut] = ()
    beside = settings.root.parent / MIRROR
    if path is not None:
        messages = read_mirror(path)
    elif beside.is_file():
        messages = read_mirror(beside)
    else:
        print(f"No mirror: {beside} is not there, and --mirror names none.", file=sys.stderr)
    return judge(messages, parse, keywords=keywords, progress=_Steps("messages of the mirror"))


def _stock(
    settings: Settings, outcomes: Sequence[Outcome], mirror: Sequence[Outcome], report: Mapping[str, Any]
) -> dict[str, Any]:
    """The stock pipeline's figures on the same messages, and how far ours lie above them."""
    model = stock_model(
        settings.data / "nlu",
        folder=settings.var / "stock",
        progress=lambda step: print(step, file=sys.stderr, flush=True),
    )
    judged = [o for o in outcomes if o.message.intent is not None]
    theirs = judge_stock(model, [*judged, *mirror], progress=_Steps("messages by Rasa's own pipeline"))
    figures = evaluation(theirs[: len(judged)], intents_only=True)
    told: dict[str, Any] = {"figures": figures, "above": above(report["ours"], figures)}
    if mirror:
        told["mirror"] = evaluation(theirs[len(judged) :], intents_only=True)
        told["above_on_mirror"] = above(report["mirror"], told["mirror"])
    return told


def _write(args: argparse.Namespace, report: Mapping[str, Any]) -> None:
    whole = json.dumps(report, ensure_ascii=False, indent=1)
    if args.json == Path("-"):
        print(whole)
    else:
        print(text_report(report))
        if args.json is not None:
            args.json.write_text(whole + "\n", encoding="utf-8")
    if args.html is not None:
        args.html.write_text(html_report(report), encoding="utf-8")


class _Steps:
    """Tells on standard error how far it is, ten times."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __call__(self, done: int, total: int) -> None:
        if done == total or done % max(1, total // 10) == 0:
            end = "\n" if done == total else ""
            print(f"\r{done} of {total} {self._what}", end=end, file=sys.stderr, flush=True)
