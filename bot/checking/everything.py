"""Runs every check, and counts what was checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator

import yaml

from bot.checking.concepts import check_concepts
from bot.checking.doubts import find_doubts
from bot.checking.examples import Seen, check_examples
from bot.checking.fault import Fault, line_of
from bot.checking.files import _Loader, check_files
from bot.checking.held_out import check_held_out
from bot.checking.replies import check_replies
from bot.checking.rooms import check_handoffs, check_rooms, check_understanding, policies_of, topics_of

# Replies that the house itself says, whatever is under data/.
ALWAYS = (
    *(f"system.{name}" for name in ("apology", "too_long", "empty", "withheld")),
    *(f"social.{name}" for name in ("welcome", "unsure", "out_of_scope")),
    *(f"social.language_{name}" for name in ("ask", "unsupported", "switched")),
    *(f"handoff.{name}" for name in ("promised", "noted", "still_coming", "offer", "offer_language")),
)


@dataclass(frozen=True)
class Report:
    """What was found, sorted by file and line, and how much was looked at.

    `doubts` are worth a look, but nothing breaks by them.
    """

    faults: tuple[Fault, ...]
    doubts: tuple[Fault, ...]
    files: int
    languages: tuple[str, ...]
    intents: int
    examples: int


@dataclass(frozen=True)
class Domain:
    """The names of domain.yml."""

    intents: tuple[str, ...]
    entities: tuple[str, ...]
    actions: tuple[str, ...]
    forms: tuple[str, ...]


def check(root: Path, *, doubts: bool = False) -> Report:
    """Check the data of this folder (it holds data/ and domain.yml); nothing is written.

    `doubts` are looked for on request, since that takes longer than all else.
    """
    data, seen = root / "data", Seen()
    domain = read_domain(root / "domain.yml")
    intents = frozenset(domain.intents)
    faults = [
        *check_files(data),
        *check_rules(data, domain),
        *check_examples(data, intents=domain.intents, entities=domain.entities, seen=seen),
        *check_held_out(data, intents=domain.intents, entities=domain.entities, seen=seen),
        *check_concepts(data / "concepts"),
        *check_rooms(data),
        *check_understanding(data, intents),
        *check_handoffs(data, intents),
        *check_replies(data, needed_replies(data, domain)),
    ]
    return Report(
        faults=tuple(sorted({_relative(fault, root) for fault in faults})),
        doubts=tuple(sorted({_relative(d, root) for d in find_doubts(data, seen)})) if doubts else (),
        files=sum(1 for p in data.rglob("*") if p.suffix in (".yml", ".yaml", ".csv")),
        languages=tuple(sorted(p.name for p in (data / "replies").glob("*") if p.is_dir())),
        intents=len(intents),
        examples=seen.total,
    )


def _relative(fault: Fault, root: Path) -> Fault:
    path = fault.path.relative_to(root) if fault.path.is_relative_to(root) else fault.path
    return Fault(path, fault.line, fault.sentence.replace(f"{root}/", ""))


def read_domain(path: Path) -> Domain:
    """The names that domain.yml declares; ValueError when it cannot be read."""
    try:
        row: Any = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
        return Domain(
            intents=_names(row["intents"]),
            entities=_names(row["entities"]),
            actions=_names(row.get("actions")),
            forms=_names(row.get("forms")),
        )
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as e:
        raise ValueError(f"{path}: expected intents, entities and actions ({e}).") from e


def _names(rows: Any) -> tuple[str, ...]:
    return tuple(str(next(iter(row)) if isinstance(row, dict) else row) for row in rows or ())


def needed_replies(data: Path, domain: Domain) -> Iterator[tuple[str, str]]:
    """Every reply that something names, with who does."""
    for key in ALWAYS:
        yield key, "the conversation"
    for intent in domain.intents:
        yield f"choice.{intent}", f"the intent {intent}"
    for topic in topics_of(data):
        yield f"handoff.{topic}", "data/handoffs.yml"
    for action in domain.actions:
        if action.startswith("utter_"):
            yield _key_of(action), f"domain.yml ({action})"
    for path, policy in policies_of(data):
        keys = [policy.title, *(case.reply for case in policy.cases), *(row.label for row in policy.rows)]
        keys += [f"choice.{name}" for name in policy.choices]
        keys += [str(row.shows["reply"]) for row in policy.rows if "reply" in row.shows]
        for key in keys:
            yield key, str(path)


def _key_of(action: str) -> str:
    topic, _, name = action.removeprefix("utter_").partition("_")
    return f"{topic}.{name}"


_STEP = re.compile(r"\s*- (intent|action): *([A-Za-z0-9_]+)")


def check_rules(data: Path, domain: Domain) -> Iterator[Fault]:
    """data/rules: known intents and actions; no intent without a rule."""
    used = set()
    actions = {*domain.actions, *domain.forms, "action_listen"}
    for path in sorted((data / "rules").glob("*.yml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = _STEP.match(line)
            if match is None:
                continue
            kind, name = match.groups()
            if kind == "intent":
                used.add(name)
                if name not in domain.intents:
                    yield Fault(path, number, f"no intent {name!r} in domain.yml.")
            elif name not in actions:
                yield Fault(path, number, f"no action {name!r} in domain.yml.")
    domain_file = data.parent / "domain.yml"
    for intent in domain.intents:
        if intent not in used:
            place = line_of(domain_file, f"- {intent}")
            yield Fault(domain_file, place, f"the intent {intent} has no rule in data/rules/.")
