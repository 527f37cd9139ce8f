"""Train the model from data/."""

from __future__ import annotations

import argparse
import json
import sys
import time

from bot.engine.models import train
from bot.settings import get_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--if-changed", action="store_true", help="keep the model when nothing that it learns from changed"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def run(args: argparse.Namespace) -> int:
    settings = get_settings()
    started = time.monotonic()

    def progress(step: str) -> None:
        print(f"{time.monotonic() - started:5.1f} s  {step}", file=sys.stderr, flush=True)

    done = train(settings.root, settings.models, if_changed=args.if_changed, progress=progress)
    if args.json:
        print(
            json.dumps({"model": str(done.path), "changed": done.changed, "seconds": round(done.seconds, 1)})
        )
    elif done.changed:
        print(f"Trained {done.path} in {done.seconds:.0f} s.")
    else:
        print(f"{done.path} is up to date.")
    return 0
