"""What the serving process holds: no TensorFlow, little memory, and stock Rasa's commands still run."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.engine.models import current_model, fingerprint, is_current
from bot.settings import ROOT

SERVED = """
import json, re, sys
from pathlib import Path
from bot.engine.engine import Engine

engine = Engine(model=Path(sys.argv[1]))
engine.load()
engine.start()
parsed = engine.parse("guten abend", {}, timeout=10)
thought = engine.respond(
    conversation="c", text="guten abend", parsed=parsed, metadata={"conversation": "c"}, memory={}, timeout=10
)
heavy = [m for m in ("tensorflow", "sklearn", "matplotlib", "pandas") if m in sys.modules]
# Not getrusage: it begins with what the parent process held.
kilobytes = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
print(json.dumps({"heavy": heavy, "megabytes": kilobytes / 1024, "key": thought.answers[0].key}))
"""


def run(*command: str, stdin: str = "", cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """A process of our own Python; everything that it says is kept."""
    known = {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
    }
    return subprocess.run(
        [sys.executable, *command],
        input=stdin,
        capture_output=True,
        text=True,
        cwd=cwd,
        env=known,
        timeout=300,
    )


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="Memory is read from /proc.")
def test_a_turn_needs_neither_tensorflow_nor_much_memory(model: Path) -> None:
    done = run("-c", SERVED, str(model))
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["heavy"] == []
    assert seen["key"] == "social.greet"
    assert seen["megabytes"] < 300


def test_no_model_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="Make one with: nightdesk train"):
        current_model(tmp_path)


def test_training_again_without_changes_keeps_the_model(model: Path) -> None:
    run("-m", "bot", "train", "--if-changed")
    before = model.stat().st_mtime_ns
    done = run("-m", "bot", "train", "--if-changed", "--json")
    assert json.loads(done.stdout)["changed"] is False
    assert model.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "changed",
    [
        "config.yml",
        "domain.yml",
        "data/nlu/en/orders.yml",
        "data/rules/orders.yml",
        "data/concepts/goods.yml",
    ],
)
def test_what_training_reads_makes_a_model_stale(tmp_path: Path, changed: str) -> None:
    for name in ("config.yml", "domain.yml"):
        shutil.copy(ROOT / name, tmp_path / name)
    for name in ("data/nlu/en", "data/rules", "data/concepts", "data/replies"):
        shutil.copytree(ROOT / name, tmp_path / name)
    before = fingerprint(tmp_path)
    assert fingerprint(tmp_path) == before
    path = tmp_path / changed
    path.write_text(path.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert fingerprint(tmp_path) != before


def test_a_model_without_its_note_is_stale(tmp_path: Path) -> None:
    (tmp_path / "nightdesk.tar.gz").write_bytes(b"half a model")
    assert not is_current(ROOT, tmp_path)


def test_parse_answers_line_by_line(model: Path) -> None:
    lines = [
        "hola",
        "",
        '{"text": "ok", "language_so_far": "de"}',
        '{"broken": ',
        "\\ud800",
        "¿Tienen la azul en M?",
    ]
    done = run("-m", "bot", "parse", "--json", stdin="\n".join(lines) + "\n")
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(rows) == len(lines)
    assert [row["language"] for row in rows][0:3:2] == ["es", "de"]
    assert {(e["entity"], e["text"], e["value"]) for e in rows[-1]["entities"]} == {
        ("colour", "azul", "blue"),
        ("size", "M", "M"),
    }
    assert list(rows[0]) == [
        "text",
        "language",
        "intent",
        "confidence",
        "abstained",
        "ranking",
        "entities",
        "emotion",
        "urgency",
        "also",
    ]


@pytest.mark.slow
def test_stock_rasa_shell_parses(model: Path) -> None:
    done = run("-m", "rasa", "shell", "nlu", "-m", str(model), stdin="wo ist mein paket\n/stop\n")
    assert '"name": "shipping_status"' in done.stdout, done.stderr[-2000:]


@pytest.mark.slow
def test_stock_rasa_test_finds_no_wrong_step(model: Path, tmp_path: Path) -> None:
    done = run(
        *("-m", "rasa", "test", "core", "-m", str(model), "--stories", str(ROOT / "tests" / "stories")),
        *("--out", str(tmp_path), "--fail-on-prediction-errors"),
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert (tmp_path / "story_report.json").is_file()


@pytest.mark.slow
def test_stock_rasa_trains(tmp_path: Path) -> None:
    done = run("-m", "rasa", "train", "--out", str(tmp_path), "--fixed-model-name", "stock")
    assert done.returncode == 0, done.stderr[-2000:]
    assert (tmp_path / "stock.tar.gz").is_file()
