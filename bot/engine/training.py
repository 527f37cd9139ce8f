"""The training process: `python -m bot.engine.training ROOT OUTPUT NAME`; says each step on stdout.

It is a process of its own because training imports TensorFlow, and serving must not.
"""

from __future__ import annotations

import logging
import os
import re
import sys
from pathlib import Path
from typing import Any, Mapping, Optional

import yaml

# What a usable model gets right at least, of the examples that it was trained on.
LEAST_RIGHT = 0.7
_SAMPLE = 50  # every so many examples

ENCODING = "bot.nlu.encoder"
_STEP = re.compile(r"Starting to train component '(\w+)'")
_SAID = {
    "LanguageDecider": "learning to tell languages apart",
    "MeaningFeaturizer": "learning words and concepts",
    "SentenceEncoder": "looking for an encoder",
    "MarginClassifier": "learning intents",
    "RulePolicy": "learning rules",
}


class Steps(logging.Handler):
    """Tells of each component as its training begins, and of how far the encoder is."""

    def emit(self, record: logging.LogRecord) -> None:
        found = _STEP.search(record.getMessage())
        if record.name == ENCODING:
            say(record.getMessage())
        elif found:
            say(_SAID.get(found[1], found[1]))


def say(step: str) -> None:
    """One line for whoever started us."""
    sys.stdout.buffer.write(f"» {step}\n".encode())
    sys.stdout.buffer.flush()


def main(root: Path, output: Path, name: str) -> int:
    """Train from `root` into `output`/`name`.tar.gz and try the result; 0 when it can be used."""
    os.environ["NIGHTDESK_ROOT"] = str(root)
    for variable, value in {
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_MAX_CACHE_SIZE": "0",  # we train all or nothing: a cache would only cost time
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }.items():
        os.environ.setdefault(variable, value)
    say("starting")
    from rasa.model_training import train

    for logger in map(logging.getLogger, ("rasa.engine.training.hooks", ENCODING)):
        logger.setLevel(logging.INFO)
        logger.addHandler(Steps())
        logger.propagate = False
    say("reading examples and rules")
    result = train(
        domain=str(root / "domain.yml"),
        config=str(root / "config.yml"),
        training_files=[str(root / "data" / "nlu"), str(root / "data" / "rules")],
        output=str(output),
        force_training=True,
        fixed_model_name=name,
    )
    if result.code != 0 or result.model is None:
        sys.stderr.write("Rasa made no model.\n")
        return 1
    say("trying the model")
    return _try(Path(result.model), root)


def _try(model: Path, root: Path) -> int:
    """A model that loads may still know nothing: ask it what it has just been taught."""
    from bot.engine.loading import load_agent, parse

    agent = load_agent(model, action_endpoint=None, generator=None)
    asked = _sample(root)
    right = sum(_likeliest(parse(agent, text, {})) == intent for text, intent in asked)
    if right < LEAST_RIGHT * len(asked):
        sys.stderr.write(f"The model gets only {right} of {len(asked)} of its own examples right.\n")
        return 1
    return 0


def _likeliest(parsed: Mapping[str, Any]) -> Optional[str]:
    """The likeliest intent; a text in a language that we do not speak has none."""
    return next((str(row["name"]) for row in parsed["intent_ranking"]), None)


def _sample(root: Path) -> list[tuple[str, str]]:
    """A few examples of every intent, from every file."""
    asked = []
    for path in sorted((root / "data" / "nlu").glob("*/*.yml")):
        for block in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
            texts = [line.strip()[2:] for line in block["examples"].splitlines() if line.strip()]
            asked += [(text, block["intent"]) for text in texts[::_SAMPLE]]
    return asked


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]))
