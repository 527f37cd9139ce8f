"""A process that reads texts with any Rasa model: `python -m bot.engine.stock MODEL`.

Standard input: a JSON string a line. Standard output, in the same order: the intents that the
model thinks of, as a JSON list of {name, confidence}, likeliest first.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main(model: Path) -> int:
    """Read until the end of the input."""
    from bot.engine.loading import load_agent, parse

    agent = load_agent(model, action_endpoint=None, generator=None)
    for line in sys.stdin:
        ranking = parse(agent, json.loads(line), {}).get("intent_ranking") or []
        rows = [{"name": row["name"], "confidence": row["confidence"]} for row in ranking]
        sys.stdout.write(json.dumps(rows) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
