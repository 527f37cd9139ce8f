"""The trained model on disk: which one is current, whether it is stale, and how a new one is made."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Callable, Iterator

import yaml

from bot.nlu.encoder_note import folder_of, read_note
from bot.nlu.replies import responses

NAME = "nightdesk"
_SUFFIX = ".tar.gz"
# What training reads, below the root. Replies are looked at one by one: only some are in the model.
_READ = (
    "config.yml",
    "domain.yml",
    "data/nlu/*/*.yml",
    "data/rules/**/*.yml",
    "data/concepts/*.yml",
    "data/foreign/*.yml",
    "data/lookups/*.yml",
    "bot/nlu/*.py",
)

Progress = Callable[[str], None]


class TrainingFailed(RuntimeError):
    """The training process ended without a model that can be used."""


@dataclass(frozen=True)
class Trained:
    """A model file; `changed` is False when the one on disk was still good. `seconds` of training."""

    path: Path
    changed: bool
    seconds: float


def current_model(folder: Path) -> Path:
    """The model to serve; LookupError when this folder has none."""
    own = folder / f"{NAME}{_SUFFIX}"
    if own.is_file():
        return own
    others = sorted(folder.glob(f"*{_SUFFIX}"), key=lambda path: path.stat().st_mtime)
    if not others:
        raise LookupError(f"No model in {folder}. Make one with: nightdesk train.")
    return others[-1]


def fingerprint(root: Path) -> str:
    """A digest of everything that training reads: data, configuration, our own code, Rasa's version."""
    digest = hashlib.sha256(version("rasa").encode())
    for pattern in _READ:
        for path in sorted(root.glob(pattern)):
            digest.update(str(path.relative_to(root)).encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    digest.update(json.dumps(_worded(root), sort_keys=True).encode())
    encoder = read_note(folder_of(root))
    if encoder is not None:
        digest.update(encoder.digest.encode())
    return digest.hexdigest()


def is_current(root: Path, models: Path) -> bool:
    """Whether the model in this folder was trained from exactly what the root holds now."""
    note = models / f"{NAME}.json"
    try:
        known = json.loads(note.read_text(encoding="utf-8"))
        size = (models / f"{NAME}{_SUFFIX}").stat().st_size
    except (OSError, ValueError):
        return False
    return bool(known.get("size") == size) and known.get("fingerprint") == fingerprint(root)


def train(root: Path, models: Path, *, if_changed: bool = False, progress: Progress = print) -> Trained:
    """Train a model in a process of its own, and put it in place of the old one in one step.

    With `if_changed`, a model that is still good is kept. Raises TrainingFailed.
    """
    started = time.monotonic()
    path = models / f"{NAME}{_SUFFIX}"
    if if_changed and is_current(root, models):
        return Trained(path, False, 0.0)
    models.mkdir(parents=True, exist_ok=True)
    with _alone(models):
        if if_changed and is_current(root, models):  # somebody else trained while we waited
            return Trained(path, False, 0.0)
        read = fingerprint(root)
        with tempfile.TemporaryDirectory(prefix=".training-", dir=models) as scratch:
            made = _trained_in(Path(scratch), root=root, progress=progress)
            (models / f"{NAME}.json").unlink(missing_ok=True)
            os.replace(made, path)
        note = {"fingerprint": read, "size": path.stat().st_size}
        _write(models / f"{NAME}.json", json.dumps(note))
    return Trained(path, True, time.monotonic() - started)


def _trained_in(scratch: Path, *, root: Path, progress: Progress) -> Path:
    command = [sys.executable, "-W", "ignore", "-m", "bot.engine.training", str(root), str(scratch), NAME]
    log = scratch / "log"
    with log.open("w", encoding="utf-8") as errors:
        with subprocess.Popen(
            command, cwd=root, stdout=subprocess.PIPE, stderr=errors, text=True, encoding="utf-8"
        ) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if line.startswith("» "):
                    progress(line[2:].rstrip())
        code = process.returncode
    made = scratch / f"{NAME}{_SUFFIX}"
    if code != 0 or not made.is_file():
        kept = scratch.parent / "training.log"
        os.replace(log, kept)
        raise TrainingFailed(f"Training failed ({_last_line(kept)}); all it said is in {kept}.")
    return made


def _last_line(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines()]
    return next((line for line in reversed(lines) if line), "it said nothing")


def _worded(root: Path) -> object:
    domain = yaml.load((root / "domain.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return responses(domain.get("actions") or (), folder=root / "data" / "replies")


def _write(path: Path, text: str) -> None:
    partial = path.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8")
    os.replace(partial, path)


@contextmanager
def _alone(models: Path) -> Iterator[None]:
    """One training at a time in a folder; the next one waits."""
    with (models / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
