"""Loads the house once, then forks servers from it: one a line of standard input.

Each line is a crash point (or `-` for none); the answer is the pid of a server that listens.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from bot import wiring
from bot.serving import House
from bot.settings import Settings

KEEP = ("engine", "mind", "phrasebook", "guard", "saying", "shops", "teams", "topics")


def main() -> None:
    var, port = Path(sys.argv[1]), int(sys.argv[2])
    settings = Settings(var=var, port=port, conversations_per_hour=10**6)
    wiring.use(settings)
    House(settings).load()
    wiring.use(settings, keep=KEEP)  # no connection may cross a fork
    for number, line in enumerate(sys.stdin):
        point = line.strip().replace("-", "")
        pid = os.fork()
        if pid == 0:
            serve(settings.copy(update={"crash_at": point}), f"child{number}")
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def serve(settings: Settings, name: str) -> None:
    """Be a server until the end, in whatever way it comes."""
    sys.stdin.close()
    wiring.use(settings, keep=KEEP)
    app = House(settings).app(name=name)
    app.run(host=settings.host, port=settings.port, access_log=False, debug=False)
    os._exit(0)


if __name__ == "__main__":
    main()
