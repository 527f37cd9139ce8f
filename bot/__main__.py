"""The command line: `nightdesk …`, or `python -m bot …`."""

from __future__ import annotations

import argparse
import importlib
import logging
import os
import sys
from typing import Optional, Sequence

# One thread for each maths call: two cores serve conversations better than one sum in parallel.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")

# Command -> one sentence. Each is a module of bot.commands with add_arguments(parser) and run(args).
COMMANDS = {
    "serve": "Serve the widget, the chat API, the inbox and the alarm on one port.",
    "chat": "Talk to the assistant in the terminal.",
    "converse": "Play conversations from JSON lines on standard input.",
    "parse": "Say what the model makes of texts on standard input.",
    "promise": "Compute by when a team will have replied.",
    "landed-cost": "Compute goods, shipping, duty and tax for a market.",
    "size": "Convert a size, or find one from a measurement.",
    "train": "Train the model from data/.",
    "evaluate": "Judge the trained model on messages that it never saw.",
    "encoder": "Add an optional sentence encoder, take it out, or say which one is there.",
    "check": "Check everything under data/.",
    "admin": "Create an agent who may sign in to the inbox.",
}


def main(argv: Optional[Sequence[str]] = None) -> int:
    """Run one command; returns the exit code. A failure is one sentence on standard error."""
    words = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(
        prog="nightdesk", description="An out-of-hours auto-responder for storefronts."
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    asked = next((word for word in words if not word.startswith("-")), None)
    module = None
    for name, sentence in COMMANDS.items():
        sub = commands.add_parser(name, help=sentence, description=sentence)
        if name == asked:  # only the command that runs is imported
            module = importlib.import_module(f"bot.commands.{name.replace('-', '_')}")
            module.add_arguments(sub)
    args = parser.parse_args(words)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    assert module is not None
    try:
        return int(module.run(args))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output has gone: nothing is left to say
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except _failures() as e:
        if os.environ.get("NIGHTDESK_TRACEBACK"):
            raise
        print(f"nightdesk {args.command}: {_sentence(e)}", file=sys.stderr)
        return 1


def _failures() -> tuple[type[BaseException], ...]:
    """What a command may raise: its first line is the sentence that a person reads."""
    database = sys.modules.get("bot.database")  # never imported for this alone
    known: tuple[type[BaseException], ...] = (ValueError, LookupError, OSError, RuntimeError)
    return (*known, database.DatabaseError) if database is not None else known


def _sentence(error: BaseException) -> str:
    text = str(error.args[0]) if isinstance(error, KeyError) and error.args else str(error)
    return text.strip().splitlines()[0] if text.strip() else type(error).__name__


if __name__ == "__main__":
    sys.exit(main())
