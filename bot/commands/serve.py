"""`nightdesk serve`: everything on one port."""

from __future__ import annotations

import argparse
import logging
import sys
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
        logging.getLogger(name).setLevel(settings.log_level)
    wiring.use(settings)
    house = House(settings)
    print("Loading …", file=sys.stderr, flush=True)
    house.load()

    def ready() -> None:
        _greet(settings.host, settings.port, demo=settings.demo, seconds=time.monotonic() - began)

    app = house.app(ready=ready)
    app.run(host=settings.host, port=settings.port, access_log=False, debug=False)
    return 0


def _greet(host: str, port: int, *, demo: bool, seconds: float) -> None:
    base = f"http://{host}:{port}"
    print(f"Nightdesk answers at {base} (ready after {seconds:.1f} s). Stop it with Ctrl-C.", flush=True)
    if demo:
        login, password = wiring.agents().demo_login(now=wiring.clock()())
        print(f"  The demo shop, with the widget: {base}/")
        print(f"  The team's inbox:               {base}/team/")
        print(f"  Sign in as {login} with {password}", flush=True)
