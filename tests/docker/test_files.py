"""The image and the compose file are sound: linted, and they agree with each other and the settings."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DOCKER = ROOT / "docker"
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DOCKER / "compose.yml").read_text())
    return loaded


@pytest.mark.parametrize(
    "words",
    [
        ["hadolint", str(DOCKER / "Dockerfile")],
        ["yamllint", "--strict", "-d", "{extends: relaxed, rules: {line-length: {max: 130}}}", str(DOCKER)],
    ],
    ids=["hadolint", "yamllint"],
)
def test_linters_find_nothing(words: list[str]) -> None:
    done = subprocess.run([str(BIN / words[0]), *words[1:]], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_every_variable_is_a_setting(compose: dict[str, Any]) -> None:
    known = {f"NIGHTDESK_{name.upper()}" for name in Settings.__fields__}
    used = set(compose["services"]["app"]["environment"])
    used |= set(re.findall(r"NIGHTDESK_[A-Z_]+", (DOCKER / "Dockerfile").read_text()))
    assert used <= known


def test_secrets_have_no_default_and_stand_in_the_example(compose: dict[str, Any]) -> None:
    text = (DOCKER / "compose.yml").read_text()
    example = {line.partition("=")[0] for line in (DOCKER / ".env.example").read_text().splitlines()}
    assert set(re.findall(r"\$\{(\w+)", text)) == example
    assert set(re.findall(r"\$\{(\w*PASSWORD\w*)(?!:\?)[:}]", text)) == set()


def test_only_the_proxy_is_reachable_and_the_database_has_no_way_out(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert services["database"]["networks"] == ["back"]
    assert compose["networks"]["back"]["internal"] is True


def test_what_the_image_copies_exists() -> None:
    for line in (DOCKER / "Dockerfile").read_text().splitlines():
        words = line.split()
        if words[:1] == ["COPY"] and not words[1].startswith("--"):
            for source in words[1:-1]:
                assert (ROOT / source).exists(), source
