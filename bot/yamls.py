"""Reads YAML with the parser in C where PyYAML has it: start-up is mostly reading, and it is far quicker."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Union

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(text: Union[str, bytes]) -> Any:
    """What a YAML document holds; yaml.YAMLError when it is none."""
    return yaml.load(text, Loader=_Loader)


def read_yaml(path: Path) -> Any:
    """What a YAML file holds; ValueError names the file, and the line where it stops being YAML."""
    try:
        return load_yaml(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as e:
        mark, problem = getattr(e, "problem_mark", None), getattr(e, "problem", None)
        line = f":{mark.line + 1}" if mark is not None else ""
        raise ValueError(f"{path}{line}: not readable as YAML: {problem or e}.") from None
