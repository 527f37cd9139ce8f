"""Is everything under data/ in order."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bot.checking.everything import check
from bot.checking.shares import shares
from bot.settings import get_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--root", type=Path, metavar="FOLDER", help="another folder with data/ and domain.yml"
    )
    parser.add_argument(
        "--doubts",
        action="store_true",
        help="also name what is worth a look, such as examples that are nearly the same (takes longer)",
    )
    parser.add_argument(
        "--shares", action="store_true", help="also count plain and other examples by language"
    )
    parser.add_argument("--json", action="store_true", help="print JSON lines, one a fault")


def run(args: argparse.Namespace) -> int:
    """Check the data; 1 when something is wrong."""
    root = (args.root or get_settings().root).resolve()
    if not (root / "data").is_dir():
        raise ValueError(f"No folder data in {root}. Give the folder that holds it with --root.")
    report = check(root, doubts=args.doubts)
    for fault in [*report.faults, *report.doubts]:
        print(json.dumps(fault.to_json(), ensure_ascii=False) if args.json else fault)
    if not args.json:
        what = f"{report.files} files, {report.intents} intents, {report.examples} examples"
        spoken = f"replies in {', '.join(report.languages)}"
        print(f"{what}, {spoken}: {_found(len(report.faults))}")
        if args.doubts:
            print(f"{len(report.doubts)} worth a look.")
    if args.shares:
        for language, count, kinds in shares(root / "data"):
            row = {"language": language, "examples": count, **{k: round(v, 3) for k, v in kinds.items()}}
            told = ", ".join(f"{kind} {share:.0%}" for kind, share in kinds.items())
            print(json.dumps(row) if args.json else f"{language}: {count} examples in scope: {told}")
    return 1 if report.faults else 0


def _found(count: int) -> str:
    return "nothing wrong." if not count else f"{count} {'fault' if count == 1 else 'faults'}."
