"""A real server process on loopback, and a customer who talks to it over HTTP."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Callable, Iterator, Optional, TypeVar

import httpx

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def wait_for(look: Callable[[], Optional[T]], *, seconds: float = 20, what: str = "it") -> T:
    """What `look` gives as soon as it gives anything; AssertionError when time runs out."""
    ends_at = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > ends_at:
            raise AssertionError(f"Waited {seconds:g} s for {what}.")
        time.sleep(0.02)


class Server:
    """`nightdesk serve` in a process of its own."""

    def __init__(
        self, var: Path, *, words: tuple[str, ...] = (), module: str = "", **environment: str
    ) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        command = [module, str(var), str(self.port)] if module else ["bot", "serve", *words]
        self._words = [sys.executable, "-m", *command]
        self._environment = {
            **os.environ,
            "NIGHTDESK_VAR": str(var),
            "NIGHTDESK_PORT": str(self.port),
            "RASA_TELEMETRY_ENABLED": "false",
            **{f"NIGHTDESK_{k.upper()}": v for k, v in environment.items()},
        }
        self.log = var / "server.log"
        var.mkdir(parents=True, exist_ok=True)
        self.process: Optional[subprocess.Popen[bytes]] = None

    def start(self) -> Server:
        """Start, and wait until it is ready."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self._words, cwd=ROOT, env=self._environment, stdout=log, stderr=subprocess.STDOUT
            )
        wait_for(self.is_ready, seconds=60, what=f"the server (see {self.log})")
        return self

    def is_ready(self) -> bool:
        """Whether it answers."""
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()[-3000:]
        try:
            return httpx.get(f"{self.url}/health/ready", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it; returns its exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(20)

    @contextmanager
    def transcript(self) -> Iterator[sqlite3.Connection]:
        """Its database, to look into."""
        with closing(sqlite3.connect(self.log.parent / "nightdesk.sqlite")) as connection:
            yield connection

    def login(self) -> tuple[str, str]:
        """The demo login that it printed."""
        line = next(x for x in self.log.read_text().splitlines()[::-1] if "Sign in as" in x)
        words = line.split()
        return words[3], words[5]


class Customer:
    """One conversation, as a page would hold it."""

    def __init__(self, url: str, **start: Any) -> None:
        self._client = httpx.Client(base_url=url, timeout=30)
        body = {"locale": "en-GB", "timezone": "Europe/London", "country": "GB", **start}
        opened = self._client.post("/chat/conversations", json=body)
        assert opened.status_code == 201, opened.text
        self.state = opened.json()
        self.id = self.state["conversation"]
        self.after = self.state["last_seq"]
        self._path = f"/chat/conversations/{self.id}"
        self._client.headers["Authorization"] = f"Bearer {self.state['token']}"

    def move(self, url: str) -> None:
        """Go on at another address: the server was started anew."""
        headers = self._client.headers
        self._client = httpx.Client(base_url=url, timeout=30, headers=headers)

    def post(self, text: str, *, client_id: str = "") -> httpx.Response:
        """Send a message; returns the answer to the request."""
        body = {"id": client_id or uuid.uuid4().hex, "text": text}
        return self._client.post(f"{self._path}/messages", json=body)

    def choose(self, choice: str) -> httpx.Response:
        """Press a button."""
        return self._client.post(f"{self._path}/messages", json={"id": uuid.uuid4().hex, "choice": choice})

    def messages(self, *, after: int = 0, wait: float = 0) -> list[dict[str, Any]]:
        """The transcript from a place on."""
        got = self._client.get(f"{self._path}/messages", params={"after": after, "wait": wait})
        assert got.status_code == 200, got.text
        rows: list[dict[str, Any]] = got.json()["messages"]
        return rows

    def replies(self, *, after: int, seconds: float = 20) -> list[dict[str, Any]]:
        """What the assistant said after a place, as soon as it said anything."""

        def said() -> list[dict[str, Any]]:
            return [m for m in self.messages(after=after, wait=1) if m["from"] == "assistant"]

        return wait_for(said, seconds=seconds, what="a reply")

    def ask(self, text: str) -> list[dict[str, Any]]:
        """Send a message and wait for what comes back."""
        sent = self.post(text)
        assert sent.status_code == 202, sent.text
        return self.replies(after=sent.json()["seq"])
