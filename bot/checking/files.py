"""What holds for every YAML file: it loads, no key twice, no word that YAML reads as something else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Iterator

import yaml

from bot.checking.fault import Fault

RASA = ("nlu", "rules", "stories", "responses")
_RASA_KEY = re.compile(rf"\s*[\"']?({'|'.join(RASA)})[\"']?\s*:")
_BOOL, _INT = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:int"
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def check_files(data: Path) -> Iterator[Fault]:
    """Every YAML file below data/."""
    for path in sorted(p for p in data.rglob("*") if p.suffix in (".yml", ".yaml")):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError as e:
            yield Fault(path, 1, f"not UTF-8: {e.reason}.")
            continue
        folder = path.relative_to(data).parts[0]
        if folder not in ("nlu", "rules"):
            yield from _rasa_keys(path, text)
        yield from _yaml(path, text)


def _rasa_keys(path: Path, text: str) -> Iterator[Fault]:
    for number, line in enumerate(text.splitlines(), 1):
        match = _RASA_KEY.match(line)
        if match:
            yield Fault(
                path, number, f"the key {match[1]} is Rasa's: it would be trained on; name it otherwise."
            )


def _yaml(path: Path, text: str) -> Iterator[Fault]:
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as e:
        mark = getattr(e, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        yield Fault(path, line, f"not readable as YAML: {getattr(e, 'problem', None) or e}.")
        return
    if node is None:
        yield Fault(path, 1, "the file is empty; fill it or remove it.")
        return
    yield from _walk(path, node)


def _walk(path: Path, node: Any) -> Iterator[Fault]:
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    yield Fault(path, key.start_mark.line + 1, f"the key {key.value} is there twice.")
                seen.add(key.value)
            yield from _walk(path, key)
            yield from _walk(path, value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _walk(path, item)
    elif node.tag == _BOOL and node.value not in ("true", "false"):
        yield Fault(
            path,
            node.start_mark.line + 1,
            f"YAML reads {node.value} as {'true' if node.value.lower() in ('yes', 'on', 'y') else 'false'}; "
            "put it in quotes, or write true or false.",
        )
    elif node.tag == _INT and ":" in node.value:
        yield Fault(path, node.start_mark.line + 1, f"YAML reads {node.value} as a number; put it in quotes.")
