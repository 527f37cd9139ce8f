"""Concepts as they stand in their files: forms that can be found, each once in its language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator, Union

import yaml

from bot.checking.fault import Fault
from bot.checking.files import _Loader
from bot.nlu.concepts import key_of


@dataclass(frozen=True)
class Form:
    """One form of a concept, and where it stands."""

    concept: str
    language: str
    text: str
    path: Path
    line: int


def read_places(folder: Path) -> Iterator[Form]:
    """Every form of the concepts' files; what is no table of concepts is left out."""
    return (form for form in _read(folder) if isinstance(form, Form))


def check_concepts(folder: Path) -> Iterator[Fault]:
    """Every file of data/concepts.

    Digits are masked when forms are matched, so two concepts may not differ by their digits alone.
    """
    first: dict[tuple[str, str], Form] = {}
    for form in _read(folder):
        if isinstance(form, Fault):
            yield form
            continue
        key = key_of(form.text)
        place = first.setdefault((form.language, key), form)
        sentence = _useless(form, key)
        if not sentence and place is not form:
            sentence = _repeated(form, place, key)
        if sentence:
            yield Fault(form.path, form.line, sentence)


def _useless(form: Form, key: str) -> str:
    if not key:
        return (
            f"the form {form.text!r} of {form.concept} ({form.language}) is found nowhere; it needs letters."
        )
    if not key.strip("0 "):
        return (
            f"the form {form.text!r} of {form.concept} ({form.language}) is any number, for digits are "
            "masked; it needs letters."
        )
    return ""


def _repeated(form: Form, place: Form, key: str) -> str:
    what = f"{form.text!r} ({form.language}) is a form of {form.concept}"
    if place.concept != form.concept:
        return (
            f"{what} here, and of {place.concept} in {place.path}:{place.line}; "
            "keep it where it says the idea by itself."
        )
    if "0" in key:  # another number of the same idea, such as 110v and 220v
        return ""
    return f"{what} twice ({place.text!r} in {place.path}:{place.line}); keep it once."


def _read(folder: Path) -> Iterator[Union[Form, Fault]]:
    """Forms, and what is no concept, language or form."""
    files: dict[str, Path] = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            root = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
        except (yaml.YAMLError, UnicodeDecodeError):
            continue  # told by the check of files
        if not isinstance(root, yaml.MappingNode):
            yield Fault(path, 1, "expected concepts, each with languages and their forms.")
            continue
        for name, languages in root.value:
            line = name.start_mark.line + 1
            if files.setdefault(name.value, path) != path:
                yield Fault(path, line, f"the concept {name.value} is in {files[name.value]} already.")
            if isinstance(languages, yaml.MappingNode):
                yield from _forms(name.value, languages, path)
            else:
                yield Fault(path, line, f"the concept {name.value} needs languages and their forms.")


def _forms(concept: str, languages: Any, path: Path) -> Iterator[Union[Form, Fault]]:
    for language, forms in languages.value:
        if isinstance(forms, yaml.SequenceNode) and forms.value:
            for form in forms.value:
                yield Form(concept, language.value, str(form.value), path, form.start_mark.line + 1)
        else:
            line = language.start_mark.line + 1
            yield Fault(path, line, f"the concept {concept} has no forms in {language.value}; list some.")
