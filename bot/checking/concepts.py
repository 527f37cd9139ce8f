"""Forms that speak for two concepts at once: they blur what the concepts tell apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Iterator

import yaml

from bot.checking.fault import Fault
from bot.checking.files import _Loader
from bot.nlu.text import fold


def doubtful_forms(folder: Path) -> Iterator[Fault]:
    """Each form of a language that stands in another concept too, where it stands the second time."""
    first: dict[tuple[str, str], tuple[str, Path, int]] = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
        except (yaml.YAMLError, UnicodeDecodeError):
            continue  # told by the check of files
        for concept, language, form, line in _forms(root):
            place = first.setdefault((language, fold(form).strip()), (concept, path, line))
            if place[0] != concept:
                yield Fault(
                    path,
                    line,
                    f"{form!r} ({language}) is a form of {concept} here, and of {place[0]} "
                    f"in {place[1]}:{place[2]}; keep it where it belongs.",
                )


def _forms(root: Any) -> Iterator[tuple[str, str, str, int]]:
    """Concept, language, form and line of every form."""
    for concept, languages in root.value if isinstance(root, yaml.MappingNode) else ():
        for language, forms in languages.value if isinstance(languages, yaml.MappingNode) else ():
            for form in forms.value if isinstance(forms, yaml.SequenceNode) else ():
                if isinstance(form, yaml.ScalarNode):
                    yield concept.value, language.value, form.value, form.start_mark.line + 1
