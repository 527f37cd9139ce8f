"""Serves like `nightdesk serve`, with the actions that go wrong."""

from __future__ import annotations

import sys
from pathlib import Path

from bot import wiring
from bot.engine.engine import Engine
from bot.engine.models import current_model
from bot.serving import House
from bot.settings import Settings


def main() -> None:
    settings = Settings(var=Path(sys.argv[1]), port=int(sys.argv[2]))
    engine = Engine(
        model=current_model(settings.models),
        actions="tests.serving.odd_actions",
        action_threads=settings.action_threads,
    )
    wiring.use(settings, engine=engine)
    house = House(settings)
    house.load()
    house.app(name="odd").run(host=settings.host, port=settings.port, access_log=False, debug=False)


if __name__ == "__main__":
    main()
