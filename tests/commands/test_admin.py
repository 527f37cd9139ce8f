"""`nightdesk admin` makes an agent who can sign in; the password is never an argument."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest

from bot.database import Database
from bot.desk.agents import Agents, WrongPassword
from bot.settings import ROOT

PASSWORD = "correct horse"


def admin(folder: Path, *words: str, typed: str = f"{PASSWORD}\n") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "admin", *words],
        cwd=ROOT,
        env={**os.environ, "NIGHTDESK_VAR": str(folder), "NIGHTDESK_DATABASE_URL": ""},
        input=typed,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_an_agent_is_made_and_changed(tmp_path: Path) -> None:
    made = admin(tmp_path, "--login", "Wen", "--name", "Wen", "--json")
    assert (made.returncode, made.stderr) == (0, "")
    assert json.loads(made.stdout) == {"login": "wen", "name": "Wen", "created": True}
    changed = admin(tmp_path, "--login", "wen", "--name", "Wen Li", typed="another horse\n")
    assert "new password" in changed.stdout

    database = Database(f"sqlite:///{tmp_path / 'nightdesk.sqlite'}")
    agents, now = Agents(database, session_hours=1), datetime.now(timezone.utc)
    signed_in = agents.sign_in(login="wen", password="another horse", address="", now=now)
    assert signed_in.agent.name == "Wen Li"
    with pytest.raises(WrongPassword):
        agents.sign_in(login="wen", password=PASSWORD, address="", now=now)
    database.close()


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("--login", "w e n", "--name", "Wen"), f"{PASSWORD}\n", "login"),
        (("--login", "wen", "--name", "Wen"), "short\n", "password"),
        (("--login", "wen", "--name", "Wen"), "", "password"),
    ],
)
def test_a_refusal_is_one_sentence(tmp_path: Path, words: tuple[str, ...], typed: str, said: str) -> None:
    refused = admin(tmp_path, *words, typed=typed)
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert len(refused.stderr.strip().splitlines()) == 1
    assert said in refused.stderr


def test_a_password_is_no_argument(tmp_path: Path) -> None:
    assert admin(tmp_path, "--login", "wen", "--name", "Wen", "--password", PASSWORD).returncode == 2
