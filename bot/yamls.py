"""Reads YAML with the parser in C where PyYAML has it: start-up is mostly reading, and it is far quicker."""

from __future__ import annotations

from typing import Any, Union

import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load_yaml(text: Union[str, bytes]) -> Any:
    """What a YAML document holds; yaml.YAMLError when it is none."""
    return yaml.load(text, Loader=_Loader)
