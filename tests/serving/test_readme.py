"""The README's conversation is what the assistant says today."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys

import pytest

from tests.serving.server import ROOT

pytestmark = pytest.mark.slow

TRANSCRIPT = re.compile(r"<!-- transcript: (?P<options>.*?) -->\n```text\n(?P<body>.*?)```", re.DOTALL)
SPEAKER = re.compile(r"^(customer|assistant) +", re.MULTILINE)


def turns(body: str) -> list[tuple[str, str]]:
    """Who said what, white space folded."""
    parts = SPEAKER.split(body)[1:]
    return [(who, " ".join(said.split())) for who, said in zip(parts[::2], parts[1::2], strict=True)]


def test_the_transcript_is_real(model: None) -> None:
    found = TRANSCRIPT.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert found is not None
    written = turns(found["body"])
    assert len(written) >= 6
    asked = [said for who, said in written if who == "customer"]
    played = subprocess.run(
        [sys.executable, "-m", "bot", "converse", "--json", *shlex.split(found["options"])],
        cwd=ROOT,
        input="\n".join(json.dumps({"text": text}) for text in asked),
        capture_output=True,
        text=True,
        check=True,
    )
    said = [" ".join(json.loads(line)["text"].split()) for line in played.stdout.splitlines()]
    assert said == [text for who, text in written if who == "assistant"]
