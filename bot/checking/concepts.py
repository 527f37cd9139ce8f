"""Concepts as they stand in their files: each form once in its language, in one concept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator

import yaml

from bot.checking.fault import Fault
from bot.checking.files import _Loader
from bot.nlu.concepts import key_of
from bot.nlu.text import fold


@dataclass(frozen=True)
class Form:
    """One form of a concept, and where it stands."""

    concept: str
    language: str
    text: str
    path: Path
    line: int


def read_places(folder: Path) -> Iterator[Form]:
    """Every form of the concepts' files; files that are no YAML are left out."""
    for path in sorted(folder.glob("*.yml")):
        try:
            root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
        except (yaml.YAMLError, UnicodeDecodeError):
            continue  # told by the check of files
        yield from _forms(root, path)


def _forms(root: Any, path: Path) -> Iterator[Form]:
    for concept, languages in root.value if isinstance(root, yaml.MappingNode) else ():
        for language, forms in languages.value if isinstance(languages, yaml.MappingNode) else ():
            for form in forms.value if isinstance(forms, yaml.SequenceNode) else ():
                if isinstance(form, yaml.ScalarNode):
                    line = form.start_mark.line + 1
                    yield Form(concept.value, language.value, form.value, path, line)


def repeated_forms(folder: Path) -> Iterator[Fault]:
    """Each form that its language has already, where it stands the second time.

    Digits are masked when forms are matched, so two concepts may not differ by their digits alone.
    """
    first: dict[tuple[str, str], Form] = {}
    spelt: set[tuple[str, str]] = set()
    for form in read_places(folder):
        place = first.setdefault((form.language, key_of(form.text)), form)
        where = f"{place.path}:{place.line}"
        same = (form.language, fold(form.text).strip())
        if place.concept != form.concept:
            yield Fault(
                form.path,
                form.line,
                f"{form.text!r} ({form.language}) is a form of {form.concept} here, and of {place.concept} "
                f"in {where}; keep it where it says the idea by itself.",
            )
        elif same in spelt:
            yield Fault(
                form.path,
                form.line,
                f"{form.text!r} ({form.language}) is a form of {form.concept} twice; keep it once.",
            )
        spelt.add(same)
