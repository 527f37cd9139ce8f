"""`nightdesk encoder` as a user types it; downloads come from a server on this machine."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Iterator, Optional

import pytest
import yaml

from bot.nlu.encoders import read_known
from bot.nlu.vectors import Encoder
from bot.settings import ROOT
from tests.nlu.tiny_encoder import TABLE, write_encoder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root" / "data").mkdir(parents=True)
    (tmp_path / "root" / "data" / "encoders.yml").write_bytes((ROOT / "data" / "encoders.yml").read_bytes())
    return tmp_path / "root"


def encoder(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "encoder", *words],
        cwd=ROOT,
        env={**os.environ, "NIGHTDESK_ROOT": str(root), "NIGHTDESK_VAR": str(root / "var")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def name_of(root: Path) -> Optional[str]:
    done = encoder(root, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    there = json.loads(done.stdout)["encoder"]
    return str(there["name"]) if there else None


# -- folders -----------------------------------------------------------------------------------


def test_a_folder_is_added_replaced_and_removed(root: Path, tmp_path: Path) -> None:
    assert name_of(root) is None
    added = encoder(root, "add", str(write_encoder(tmp_path / "tiny")), "--json")
    assert added.returncode == 0, added.stderr
    assert json.loads(added.stdout)["size"] == 4
    assert name_of(root) == "tiny"
    again = encoder(root, "add", str(write_encoder(tmp_path / "other")), "--before", "query: ")
    assert again.stdout == (
        "Added other: 4 numbers for a sentence. Train the model anew with: nightdesk train.\n"
    )
    copied = json.loads((root / "encoder" / "encoder.json").read_text(encoding="utf-8"))
    assert copied["before"] == "query: "
    assert encoder(root).stdout.startswith(f"other ({copied['model'][:12]}…).\n")
    gone = encoder(root, "remove")
    assert gone.stdout.startswith("Took other out.")
    assert not (root / "encoder").exists()
    assert name_of(root) is None


def test_an_encoder_keeps_its_name_when_it_moves_to_another_checkout(root: Path, tmp_path: Path) -> None:
    encoder(root, "add", str(write_encoder(tmp_path / "tiny")), "--before", "query: ")
    moved = tmp_path / "elsewhere"
    (root / "encoder").rename(moved)
    assert "Added tiny" in encoder(root, "add", str(moved)).stdout
    assert json.loads((root / "encoder" / "encoder.json").read_text(encoding="utf-8"))["before"] == "query: "


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["remove"], "There is no encoder in"),
        (["add"], "Add what? One of multilingual-e5-small,"),
        (["add", "nowhere"], "No encoder 'nowhere': there is no such folder, and data/encoders.yml names"),
        (["add", "{empty}"], "There is no model.onnx in"),
        (["add", "{half}"], "There is no tokenizer.json in"),
        (["add", "{broken}"], "model.onnx is no model that can be run"),
        (["remove", "tiny"], "Only nightdesk encoder add takes a name"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_leaves_nothing(
    root: Path, tmp_path: Path, words: list[str], sentence: str
) -> None:
    folders = {name: tmp_path / name for name in ("empty", "half", "broken")}
    for folder in folders.values():
        folder.mkdir()
    (write_encoder(folders["half"]) / "tokenizer.json").unlink()
    (write_encoder(folders["broken"]) / "model.onnx").write_bytes(b"no model")
    done = encoder(root, *(word.format(**folders) for word in words))
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("nightdesk encoder: ")
    assert done.stderr.count("\n") == 1
    assert sentence in done.stderr
    assert sorted(path.name for path in root.iterdir()) == ["data"]


# -- downloads ---------------------------------------------------------------------------------


class Hub:
    """A server of files; `files` may change while it runs."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        hub = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if self.path.startswith("/moved/"):
                    self.send_response(302)
                    self.send_header("Location", self.path.removeprefix("/moved"))
                    self.end_headers()
                    return
                content = hub.files.get(self.path.removeprefix("/torn"))
                self.send_response(404 if content is None else 200)
                self.send_header("Content-Length", str(len(content or b"")))
                self.end_headers()
                whole = content or b""
                self.wfile.write(whole[: len(whole) // 2] if self.path.startswith("/torn") else whole)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def hub() -> Iterator[Hub]:
    hub = Hub()
    yield hub
    hub.close()


def offer(
    root: Path,
    hub: Hub,
    made: Path,
    *,
    path: str = "",
    sums: bool = True,
    table: Any = TABLE,
    most: int = 1,
    **changes: str,
) -> None:
    """Put a tiny encoder on the hub and its name into data/encoders.yml."""
    write_encoder(made, table=table)
    rows = {}
    for name in ("model.onnx", "tokenizer.json"):
        content = (made / name).read_bytes()
        hub.files[f"/{name}"] = content
        rows[name] = {"address": f"{hub.address}{path}/{name}", "most_megabytes": most}
        if sums:
            rows[name]["sha256"] = hashlib.sha256(content).hexdigest()
    rows["model.onnx"].update(changes)
    row = {"about": "Tiny.", "licence": "MIT", "before": "query: ", "files": rows}
    (root / "data" / "encoders.yml").write_text(yaml.safe_dump({"tiny": row}), encoding="utf-8")


@pytest.mark.parametrize("path", ["", "/moved"])
def test_a_name_is_downloaded_with_progress(root: Path, hub: Hub, tmp_path: Path, path: str) -> None:
    offer(root, hub, tmp_path / "made", path=path)
    done = encoder(root, "add", "tiny")
    assert done.returncode == 0, done.stderr
    assert "model.onnx  0.0 of 0.0 MB" in done.stderr
    assert "no checksum" not in done.stderr
    note = json.loads((root / "encoder" / "encoder.json").read_text(encoding="utf-8"))
    assert (note["name"], note["before"], note["licence"]) == ("tiny", "query: ", "MIT")


def test_without_a_published_checksum_the_first_one_counts(root: Path, hub: Hub, tmp_path: Path) -> None:
    offer(root, hub, tmp_path / "made", sums=False)
    first = encoder(root, "add", "tiny")
    assert first.returncode == 0, first.stderr
    assert first.stderr.count("no checksum is published") == 2
    encoder(root, "remove")
    assert encoder(root, "add", "tiny").stderr.count("no checksum") == 0
    offer(root, hub, tmp_path / "made", sums=False, table=TABLE * 2)
    changed = encoder(root, "add", "tiny")
    assert changed.returncode == 1
    assert "model.onnx gave a file with SHA-256" in changed.stderr
    assert name_of(root) == "tiny", "the one that works stays"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"sha256": "0" * 64}, "expected 0000"),
        ({"path": "/nowhere"}, "answers 404"),
        ({"path": "/torn"}, "could not be fetched"),
        ({"most": 0}, "is larger than 0 MB"),
        ({"address": "http://127.0.0.1:9/model.onnx"}, "could not be fetched"),
        ({"address": "nowhere"}, "could not be fetched"),
        ({"address": "http://files.invalid/model.onnx"}, "without encryption"),
    ],
)
def test_a_download_that_fails_is_one_sentence_and_leaves_nothing(
    root: Path, hub: Hub, tmp_path: Path, change: dict[str, Any], sentence: str
) -> None:
    offer(root, hub, tmp_path / "made", **change)
    done = encoder(root, "add", "tiny")
    assert done.returncode == 1
    assert sentence in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in root.iterdir()) == ["data"]


# -- what we say is there ----------------------------------------------------------------------


def test_every_known_encoder_names_one_revision_of_a_file() -> None:
    known = read_known(ROOT / "data" / "encoders.yml")
    assert len(known) >= 2
    for row in known.values():
        assert row.licence in ("MIT", "Apache-2.0")
        for source in row.files.values():
            assert source.address.startswith("https://")
            revision = source.address.split("/resolve/")[1].split("/")[0]
            assert len(bytes.fromhex(revision)) == 20
            assert source.sha256 is None or len(bytes.fromhex(source.sha256)) == 32


def test_a_row_without_a_licence_is_named(tmp_path: Path) -> None:
    (tmp_path / "encoders.yml").write_text("tiny: {about: Tiny.}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"encoders.yml: a field is missing .*licence"):
        read_known(tmp_path / "encoders.yml")


def test_encoders_are_asked_from_several_threads(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from bot.nlu.encoder_note import describe

    opened = Encoder.open(write_encoder(tmp_path), note=describe(tmp_path))
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(opened.vector, ["track", "parcel"] * 50))
    assert all(vector.tolist() == [[1, 0, 0, 0], [0, 1, 0, 0]][at % 2] for at, vector in enumerate(found))
