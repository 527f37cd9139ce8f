"""`nightdesk serve`: everything on one port."""

from __future__ import annotations

import argparse
import logging
import socket
import sys
import threading
import time

from bot import wiring
from bot.serving import House


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of this command; each stands above the setting of its name."""
    parser.add_argument("--demo", action="store_true", help="a demo storefront and a printed login")
    parser.add_argument("--host", default=None, help="address to listen on")
    parser.add_argument("--port", type=int, default=None, help="port to listen on")
    parser.add_argument("--roles", default=None, help="any of chat, desk, alarm, with commas between")


def run(args: argparse.Namespace) -> int:
    """Serve until told to stop."""
    began = time.monotonic()
    given = {k: v for k in ("host", "port", "roles") if (v := getattr(args, k)) is not None}
    settings = wiring.settings().copy(update={**given, "demo": args.demo or wiring.settings().demo})
    if settings.demo and (not settings.is_loopback or settings.proxies):
        raise ValueError(
            "Demo mode prints a login, so it listens on loopback only and behind no proxy; asked for was "
            f"{settings.host} behind {settings.proxies}. Leave --demo out, and make an agent with: "
            "nightdesk admin."
        )
    for name in ("bot", "actions"):
        logging.getLogger(name).setLevel(settings.log_level.upper())
    wiring.use(settings)
    listener = _listener(settings.host, settings.port)  # before the slow part: a port in use is told at once
    house = House(settings)
    print("Loading …", file=sys.stderr, flush=True)
    house.load()

    answering = threading.Event()

    def ready() -> None:
        answering.set()
        port = listener.getsockname()[1]
        _greet(settings.host, port, demo=settings.demo, seconds=time.monotonic() - began)

    app = house.app(ready=ready)
    app.run(sock=listener, access_log=False, debug=False)
    return 0 if answering.is_set() else 1


def _listener(host: str, port: int) -> socket.socket:
    """A socket that is ours from now on; it listens when the server starts. OSError."""
    if not 0 <= port <= 65535:  # some of the calls below would quietly take another one
        raise ValueError(f"There is no port {port}; ports go from 0 to 65535.")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, protocol, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except (OSError, UnicodeError) as e:
        why = getattr(e, "strerror", None) or e
        raise OSError(
            f"Nobody can listen on {host}, port {port}: {why}. Choose others with --host and --port."
        ) from None
    return listener


def _greet(host: str, port: int, *, demo: bool, seconds: float) -> None:
    base = f"http://{host}:{port}"
    print(f"Nightdesk answers at {base} (ready after {seconds:.1f} s). Stop it with Ctrl-C.", flush=True)
    if demo:
        login, password = wiring.agents().demo_login(now=wiring.clock()())
        print(f"  The demo shop, with the widget: {base}/")
        print(f"  The team's inbox:               {base}/team/")
        print(f"  Sign in as {login} with {password}", flush=True)
