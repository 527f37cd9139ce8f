"""Nightdesk's full HTTP turn (durable SQLite) beside a stock `rasa init` bot's REST turn, in one run.

Both servers run at the same time on the same core; the clients have the other one. Rounds
alternate between the two, so that whatever else the machine does hits both. A turn of
Nightdesk is two requests: the message (stored and acknowledged), and the long poll that
brings the reply. A turn of the stock bot is one POST to its REST channel. Both are asked
the same sentences. The last line is `ratio X.XX`: turns per second, Nightdesk over stock.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Awaitable, Callable, Optional

import aiohttp

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
# What the examples of `rasa init` are about; both bots know how to answer.
SENTENCES = ("hello", "good morning", "are you a bot?", "bye", "hey there", "thank you", "no", "yes")

Turn = Callable[[aiohttp.ClientSession, dict[str, Any], str], Awaitable[None]]


@dataclass
class Server:
    """A server under measurement, and what was seen of it."""

    name: str
    words: list[str]
    folder: Path
    environment: dict[str, str]
    port: int
    turn: Optional[Turn] = None
    process: Optional[subprocess.Popen[bytes]] = None
    start_seconds: float = 0.0
    rates: list[float] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)

    def start(self, *, core: int) -> None:
        """Start it on one core; its output goes to a file beside its data."""
        log = open(self.folder / f"{self.name}.log", "wb")  # noqa: SIM115 (the process keeps it)
        self.process = subprocess.Popen(
            self.words,
            cwd=self.folder,
            env={**os.environ, **self.environment},
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        )

    def stop(self) -> None:
        """End it and wait."""
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()

    def memory_mb(self) -> float:
        """Resident memory of the process and its children, in MB (10^6 bytes)."""
        assert self.process is not None
        return sum(_resident(pid) for pid in _family(self.process.pid)) / 1e6


def _family(pid: int) -> list[int]:
    pids = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            pids += _family(int(child))
    return pids


def _resident(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def stock(folder: Path) -> Server:
    """A bot as `rasa init` makes it, trained by its own pipeline (DIET, TED)."""
    if not (folder / "models").is_dir():
        print("Making and training the stock bot (rasa init); a few minutes …", flush=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        subprocess.run(
            [str(BIN / "rasa"), "init", "--no-prompt", "--init-dir", str(folder)],
            cwd=folder,
            env={**os.environ, "RASA_TELEMETRY_ENABLED": "false"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
    port = free_port()
    url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"

    async def turn(session: aiohttp.ClientSession, state: dict[str, Any], text: str) -> None:
        sender = state.setdefault("sender", uuid.uuid4().hex)
        async with session.post(url, json={"sender": sender, "message": text}) as answer:
            replies = await answer.json()
        if not replies:
            raise RuntimeError(f"The stock bot said nothing to {text!r}.")

    words = [str(BIN / "rasa"), "run", "-i", "127.0.0.1", "-p", str(port)]
    return Server("stock", words, folder, {"RASA_TELEMETRY_ENABLED": "false"}, port, turn)


def nightdesk(folder: Path) -> Server:
    """Nightdesk as it is served, with a fresh SQLite transcript and no limits on senders."""
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    base = f"http://127.0.0.1:{port}"

    async def turn(session: aiohttp.ClientSession, state: dict[str, Any], text: str) -> None:
        if not state:
            start = {"shop": "demo", "locale": "en-GB", "timezone": "Europe/London", "country": "GB"}
            async with session.post(f"{base}/chat/conversations", json=start) as answer:
                state.update(await answer.json())
            session.headers["Authorization"] = f"Bearer {state['token']}"
        path = f"{base}/chat/conversations/{state['conversation']}/messages"
        async with session.post(path, json={"id": uuid.uuid4().hex, "text": text}) as answer:
            seq = (await answer.json())["seq"]
        replied = False
        after = seq
        while not replied:
            async with session.get(path, params={"after": after, "wait": 10}) as answer:
                rows = (await answer.json())["messages"]
            if not rows:
                raise RuntimeError(f"Nightdesk said nothing to {text!r}.")
            replied = any(row["from"] == "assistant" for row in rows)
            after = rows[-1]["seq"]

    environment = {
        "NIGHTDESK_VAR": str(folder / "var"),
        "NIGHTDESK_PORT": str(port),
        "NIGHTDESK_MESSAGES_PER_MINUTE": "1000000",
        "NIGHTDESK_CONVERSATIONS_PER_HOUR": "1000000",
        "RASA_TELEMETRY_ENABLED": "false",
    }
    return Server("nightdesk", [str(BIN / "nightdesk"), "serve"], folder, environment, port, turn)


async def first_answer(server: Server, *, seconds: float = 180) -> None:
    """Wait for the first answer; its time counts from the start of the command."""
    assert server.turn is not None
    began = time.monotonic()
    while True:
        try:
            async with aiohttp.ClientSession() as session:
                await server.turn(session, {}, "hello")
            server.start_seconds = time.monotonic() - began
            return
        except (aiohttp.ClientError, RuntimeError, KeyError, OSError):
            if time.monotonic() - began > seconds:
                raise RuntimeError(f"{server.name} gave no answer within {seconds:g} s.") from None
            await asyncio.sleep(0.05)


async def one_round(server: Server, *, clients: int, seconds: float) -> None:
    """Many clients, each asking one turn after another, for some seconds."""
    assert server.turn is not None
    turn = server.turn
    ends_at = time.monotonic() + seconds
    done = 0

    async def client(number: int) -> None:
        nonlocal done
        # As many turns a conversation as people have; then a new one begins.
        while time.monotonic() < ends_at:
            async with aiohttp.ClientSession() as session:
                state: dict[str, Any] = {}
                for i in range(20):
                    if time.monotonic() >= ends_at:
                        return
                    began = time.perf_counter()
                    await turn(session, state, SENTENCES[(number + i) % len(SENTENCES)])
                    server.latencies.append(time.perf_counter() - began)
                    done += 1

    began = time.monotonic()
    await asyncio.gather(*(client(i) for i in range(clients)))
    server.rates.append(done / (time.monotonic() - began))


def row(server: Server, memory: float) -> str:
    """One line of the table."""
    ordered = sorted(server.latencies)
    p50 = statistics.median(ordered) * 1000
    p99 = ordered[int(len(ordered) * 0.99) - 1] * 1000
    return (
        f"{server.name:<10} {statistics.median(server.rates):8.1f} {p50:8.1f} {p99:8.1f}"
        f" {server.start_seconds:9.1f} {memory:8.0f}"
    )


async def measure(servers: list[Server], *, rounds: int, seconds: float, clients: int) -> None:
    """Start each alone (so that start-up is its own), then alternate rounds."""
    for server in servers:
        server.start(core=0)
        await first_answer(server)
    for server in servers:  # warm, not counted
        await one_round(server, clients=clients, seconds=2)
        server.rates.clear()
        server.latencies.clear()
    for _ in range(rounds):
        for server in servers:
            await one_round(server, clients=clients, seconds=seconds)


def main() -> int:
    """Run it; prints a table and, last, the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="alternating rounds")
    parser.add_argument("--seconds", type=float, default=6.0, help="length of a round")
    parser.add_argument("--clients", type=int, default=4, help="customers at once")
    parser.add_argument("--stock", type=Path, default=ROOT / "var" / "bench" / "stock")
    parser.add_argument("--json", type=Path, default=None, help="also write the figures here")
    args = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    with tempfile.TemporaryDirectory() as temporary:
        servers = [nightdesk(Path(temporary) / "nightdesk"), stock(args.stock)]
        try:
            asyncio.run(measure(servers, rounds=args.rounds, seconds=args.seconds, clients=args.clients))
            memory = {server.name: server.memory_mb() for server in servers}
        finally:
            for server in servers:
                server.stop()
    ours, theirs = servers
    ratio = statistics.median(ours.rates) / statistics.median(theirs.rates)
    print(f"{args.clients} customers at once, {args.rounds} rounds of {args.seconds:g} s, one core a server")
    print(f"{'':<10} {'turns/s':>8} {'p50 ms':>8} {'p99 ms':>8} {'start s':>9} {'MB':>8}")
    for server in servers:
        print(row(server, memory[server.name]))
    if args.json:
        figures = {
            s.name: {"rates": s.rates, "start": s.start_seconds, "mb": memory[s.name]} for s in servers
        }
        args.json.write_text(json.dumps({**figures, "ratio": ratio}))
    print(f"ratio {ratio:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
