"""What is worth a look, though nothing breaks by it: it takes longer to find than a fault."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

from bot.checking.alike import near_duplicates, shared_openings
from bot.checking.concepts import read_places
from bot.checking.examples import Seen
from bot.checking.fault import Fault
from bot.checking.forms import Usage, common_forms, misleading_forms, missing_languages
from bot.checking.twins import translated_twins
from bot.nlu.concepts import ConceptBook


def find_doubts(data: Path, seen: Seen) -> Iterator[Fault]:
    """Doubts about concepts and about examples; `seen` knows the examples of data/nlu."""
    forms = list(read_places(data / "concepts"))
    by_concept: dict[str, dict[str, list[str]]] = {}
    for form in forms:
        by_concept.setdefault(form.concept, {}).setdefault(form.language, []).append(form.text)
    usage = Usage.of(forms, seen.examples)
    yield from missing_languages(forms)
    yield from common_forms(usage)
    yield from misleading_forms(usage)
    yield from near_duplicates(seen.examples)
    yield from shared_openings(seen.examples)
    yield from translated_twins(seen.examples, ConceptBook(by_concept))
