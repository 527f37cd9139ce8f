"""Forms of concepts held against the examples: which of them say nothing, and which mislead."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Iterable, Iterator, Mapping, Sequence

from bot.checking.concepts import Form
from bot.checking.examples import Example
from bot.checking.fault import Fault
from bot.nlu.concepts import ConceptBook

# Too common: in so much of its language, and so evenly over the intents (1 is as even as can be).
_COMMON = 0.02
_EVEN = 0.88
# Misleading: in so many messages, and so unlike what the concept's other forms are found in.
_LEAST_MESSAGES = 8
_UNLIKE = -0.7
_PRIOR = 8.0  # what is known of all intents counts as much as so many messages

Counts = Counter[str]


def missing_languages(forms: Sequence[Form]) -> Iterator[Fault]:
    """Each concept that has no form in a language which other concepts have."""
    languages = {form.language for form in forms}
    concepts: dict[str, list[Form]] = defaultdict(list)
    for form in forms:
        concepts[form.concept].append(form)
    for concept, rows in concepts.items():
        missing = sorted(languages - {row.language for row in rows})
        if missing:
            names = ", ".join(missing)
            yield Fault(rows[0].path, rows[0].line, f"{concept} has no form in {names}; give it some.")


@dataclass
class Usage:
    """In which intents' messages forms (by their place in the list) and concepts are found."""

    forms: Sequence[Form]
    intents: Counts
    languages: Counts
    found: dict[int, Counts] = field(default_factory=lambda: defaultdict(Counter))
    at_home: dict[int, Counts] = field(default_factory=lambda: defaultdict(Counter))
    alone: dict[int, Counts] = field(default_factory=lambda: defaultdict(Counter))
    concepts: dict[str, Counts] = field(default_factory=lambda: defaultdict(Counter))

    @classmethod
    def of(cls, forms: Sequence[Form], examples: Sequence[Example]) -> Usage:
        """Find every form in every example, whatever its language, as the model does."""
        usage = cls(forms, Counter(e.intent for e in examples), Counter(e.language for e in examples))
        book = ConceptBook({str(at): {form.language: [form.text]} for at, form in enumerate(forms)})
        for example in examples:
            usage._add(example, [int(at) for at in book.find(example.text)])
        return usage

    def _add(self, example: Example, places: Iterable[int]) -> None:
        concepts: dict[str, list[int]] = defaultdict(list)
        for at in places:
            form = self.forms[at]
            concepts[form.concept].append(at)
            self.found[at][example.intent] += 1
            if form.language == example.language:
                self.at_home[at][example.intent] += 1
        for concept, ats in concepts.items():
            self.concepts[concept][example.intent] += 1
            if len(ats) == 1:
                self.alone[ats[0]][example.intent] += 1


def common_forms(usage: Usage) -> Iterator[Fault]:
    """Forms that stand in so many messages of every intent that they say nothing."""
    for at, intents in sorted(usage.at_home.items()):
        form = usage.forms[at]
        share = intents.total() / usage.languages[form.language]
        even = _entropy(intents) / math.log2(len(usage.intents)) if len(usage.intents) > 1 else 0.0
        if share >= _COMMON and even >= _EVEN:
            yield Fault(
                form.path,
                form.line,
                f"{form.text!r} ({form.language}) of {form.concept} is in {share:.1%} of the messages and "
                f"{even:.2f} even over the intents: it says nothing by itself.",
            )


def misleading_forms(usage: Usage) -> Iterator[Fault]:
    """Forms whose messages want something else than those of the concept's other forms."""
    for at, intents in sorted(usage.found.items()):
        form, count = usage.forms[at], intents.total()
        others = usage.concepts[form.concept] - usage.alone[at]
        if count < _LEAST_MESSAGES or others.total() < _LEAST_MESSAGES:
            continue
        likeness = _likeness(intents, others, usage.intents)
        if likeness < _UNLIKE:
            yield Fault(
                form.path,
                form.line,
                f"{form.text!r} ({form.language}) of {form.concept} is in {count} messages, most of "
                f"{_most(intents)}, and {form.concept} in those of {_most(others)} otherwise "
                f"({likeness:.1f}): is it a common word, or one of another language?",
            )


def _entropy(counts: Counts) -> float:
    total = counts.total()
    return -sum(n / total * math.log2(n / total) for n in counts.values())


def _likeness(ours: Counts, theirs: Counts, all_intents: Mapping[str, int]) -> float:
    """How much more likely our messages are by theirs than by all, as a mean logarithm; 0 is neither."""
    everything, total = sum(all_intents.values()), theirs.total() + _PRIOR
    result = 0.0
    for intent, count in ours.items():
        usual = all_intents[intent] / everything
        result += count * math.log((theirs[intent] + _PRIOR * usual) / total / usual)
    return result / ours.total()


def _most(counts: Counts) -> str:
    return " and ".join(intent for intent, _ in counts.most_common(2))
