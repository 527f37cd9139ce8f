"""The yardstick: Rasa's own word and letter counts with its own logistic regression, on the same examples."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any, Callable, Iterator, Mapping, Sequence

from bot.learning.evaluation import Progress
from bot.learning.figures import Outcome
from bot.learning.messages import HeldOut
from bot.nlu.understanding import OUT_OF_SCOPE, Guess, Understanding

# As `rasa init` has it: a guess below this is none.
FALLBACK = 0.3
CONFIG = """\
recipe: default.v1
assistant_id: stock
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: CountVectorsFeaturizer
  - name: CountVectorsFeaturizer
    analyzer: char_wb
    min_ngram: 1
    max_ngram: 4
  - name: LogisticRegressionClassifier
"""
_CODE = Path(__file__).resolve().parents[2]
_QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "RASA_MAX_CACHE_SIZE": "0"}


class StockFailed(RuntimeError):
    """Rasa's own commands made no model, or could not read texts with it."""


def stock_model(nlu: Path, *, folder: Path, progress: Callable[[str], None]) -> Path:
    """The stock model of the examples in `nlu`, trained in a process of its own unless `folder` has it.

    Raises StockFailed.
    """
    name = f"stock-{_digest(nlu)[:16]}"
    model = folder / f"{name}.tar.gz"
    if model.is_file():
        return model
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.yml").write_text(CONFIG, encoding="utf-8")
    progress("training Rasa's own pipeline on the same examples")
    words = ("train", "nlu", "--nlu", nlu, "--config", "config.yml", "--out", ".", "--fixed-model-name", name)
    log = folder / "training.log"
    with log.open("w", encoding="utf-8") as said:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "rasa", *map(str, words)],
            cwd=folder,
            env={**os.environ, **_QUIET},
            stdout=said,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode != 0 or not model.is_file():
        raise StockFailed(f"Rasa's own pipeline could not be trained; all it said is in {log}.")
    for old in folder.glob("stock-*.tar.gz"):
        if old != model:
            old.unlink()
    return model


def judge_stock(model: Path, outcomes: Sequence[Outcome], *, progress: Progress) -> list[Outcome]:
    """What the stock model makes of messages that were judged already; their slices stay.

    Raises StockFailed.
    """
    answers = _read(model, [outcome.message.text for outcome in outcomes])
    judged = []
    for at, (outcome, ranking) in enumerate(zip(outcomes, answers, strict=True), 1):
        judged.append(Outcome(outcome.message, understood(outcome.message, ranking), outcome.slices))
        progress(at, len(outcomes))
    return judged


def understood(message: HeldOut, ranking: Sequence[Mapping[str, Any]]) -> Understanding:
    """A stock ranking as an understanding; below the fallback it abstains."""
    guesses = tuple(Guess(str(row["name"]), float(row["confidence"])) for row in ranking)
    sure = bool(guesses) and guesses[0].confidence >= FALLBACK
    return Understanding(
        text=message.text,
        language=message.language,
        intent=guesses[0].intent if sure else OUT_OF_SCOPE,
        confidence=guesses[0].confidence if guesses else 0.0,
        abstained=not sure,
        ranking=guesses,
    )


def _read(model: Path, texts: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
    asked = "".join(json.dumps(text) + "\n" for text in texts)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bot.engine.stock", str(model)],
        input=asked,
        cwd=_CODE,
        env={**os.environ, **_QUIET},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise StockFailed(f"Rasa's own pipeline could not read the messages: {last}")
    for line in done.stdout.splitlines():
        yield json.loads(line)


def _digest(nlu: Path) -> str:
    digest = hashlib.sha256(f"{version('rasa')}\0{CONFIG}".encode())
    for path in sorted(nlu.glob("*/*.yml")):
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()
