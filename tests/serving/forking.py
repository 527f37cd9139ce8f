"""Loads a server once, then forks from it: one server a line of standard input.

Each line is a crash point (or `-` for none); the answer is the pid of a server that listens.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sanic import Sanic

from bot import crash, wiring
from bot.serving import House
from bot.settings import Settings


def main() -> None:
    settings = Settings(var=Path(sys.argv[1]), port=int(sys.argv[2]), conversations_per_hour=10**6)
    wiring.use(settings)
    house = House(settings)
    house.load()
    app = house.app(ready=lambda: None)
    wiring.database().close()  # no connection may cross a fork
    for line in sys.stdin:
        point = line.strip().replace("-", "")
        pid = os.fork()
        if pid == 0:
            serve(app, settings, point)
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def serve(app: Sanic, settings: Settings, point: str) -> None:
    """Be a server until the end, in whatever way it comes."""
    sys.stdin.close()
    app.register_listener(lambda *_: crash.arm(point), "after_server_start")
    app.run(host=settings.host, port=settings.port, access_log=False, debug=False)
    os._exit(0)


if __name__ == "__main__":
    main()
