"""Replies: every key in every language, with the same facts, and nothing claimed that is no fact."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import Iterable, Iterator, Mapping

from bot.checking.fault import Fault
from bot.guard import Guard
from bot.wording.lexicon import fold
from bot.wording.replies import Reply, Template, reply_of, rows_of
from bot.wording.style import read_style
from bot.wording.words import PARTS, Words

_PARTS = {"as_of", *(part for parts in PARTS.values() for part in parts)}
_LOUD = re.compile("[!！¡\u2600-\u27bf\U0001f000-\U0001faff]")
# Texts that are facts themselves, or that no customer reads: the guard has no say in them.
_UNGUARDED = ("term.", "web.", "team.", "handoff.mail.")
_FILLED = "\1"

Shelf = Mapping[str, Mapping[str, Reply]]


def check_replies(data: Path, needed: Iterable[tuple[str, str]]) -> Iterator[Fault]:
    """Every reply; `needed` are keys that something names, each with what needs it."""
    folder = data / "replies"
    languages = sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []
    if not languages:
        yield Fault(folder, 1, "no replies in any language; they are in replies/en/ and so on.")
        return
    shelf: dict[str, dict[str, Reply]] = {}
    faults: list[Fault] = []
    for language in languages:
        shelf[language] = _read(folder / language, faults)
    yield from faults
    yield from _same_everywhere(folder, shelf)
    yield from _needed(folder, shelf, needed)
    yield from _tone(shelf)
    yield from _claims(data, shelf)


def _read(folder: Path, faults: list[Fault]) -> dict[str, Reply]:
    replies: dict[str, Reply] = {}
    for path in sorted(folder.glob("*.yml")):
        try:
            rows = list(rows_of(path))
        except ValueError as e:
            faults.append(Fault.from_error(path, e))
            continue
        for key, line, value in rows:
            try:
                reply = reply_of(key, path, line, value)
            except ValueError as e:
                faults.append(Fault(path, line, str(e)))
                continue
            other = replies.get(key)
            if other is not None:
                faults.append(Fault(path, line, f"the reply {key} is also in {other.file}:{other.line}."))
            elif not key.startswith((f"{path.stem}.", "term.")):
                faults.append(Fault(path, line, f"the reply {key} belongs into {key.split('.')[0]}.yml."))
            faults.extend(_parts(reply))
            replies[key] = reply
    return replies


def _parts(reply: Reply) -> Iterator[Fault]:
    for template in reply.templates:
        for piece in template.pieces:
            if not isinstance(piece, str) and piece[1] is not None and piece[1] not in _PARTS:
                yield Fault(
                    reply.file,
                    reply.line,
                    f"the reply {reply.key} asks for the part {piece[1]!r} of {piece[0]!r}; "
                    f"known are {', '.join(sorted(_PARTS))}.",
                )


def _same_everywhere(folder: Path, shelf: Shelf) -> Iterator[Fault]:
    """Each language against the first that has the reply, English before all."""
    order = sorted(shelf, key=lambda name: (name != "en", name))
    for key in sorted({key for replies in shelf.values() for key in replies}):
        first = next(shelf[name][key] for name in order if key in shelf[name])
        for language in order:
            reply = shelf[language].get(key)
            if reply is None:
                path = folder / language / first.file.name
                yield Fault(path, 1, f"the reply {key} is missing; {first.file}:{first.line} has it.")
            else:
                yield from _like(reply, first)


def _like(reply: Reply, first: Reply) -> Iterator[Fault]:
    where = f"{first.file}:{first.line}"
    if reply.placeholders != first.placeholders:
        here, there = (", ".join(sorted(r.placeholders)) or "none" for r in (reply, first))
        yield Fault(
            reply.file, reply.line, f"the reply {reply.key} has the facts {here}; {where} has {there}."
        )
    if reply.counted != first.counted:
        here, there = (f"by {r.counted}" if r.counted else "not" for r in (reply, first))
        yield Fault(
            reply.file, reply.line, f"the reply {reply.key} is {here} counted; in {where} it is {there}."
        )
    tones = [t.placeholders for t in reply.variations]
    if any(names != tones[0] for names in tones):
        yield Fault(reply.file, reply.line, f"the variations of {reply.key} have different facts.")


def _needed(folder: Path, shelf: Shelf, needed: Iterable[tuple[str, str]]) -> Iterator[Fault]:
    missing: dict[str, list[str]] = defaultdict(list)
    for key, by in needed:
        if not any(key in replies for replies in shelf.values()):
            missing[key].append(by)
    for key, users in missing.items():
        path = folder / "en" / f"{key.split('.')[0]}.yml"
        yield Fault(path, 1, f"the reply {key} is missing; {users[0]} needs it.")


def _tone(shelf: Shelf) -> Iterator[Fault]:
    for reply in (r for replies in shelf.values() for r in replies.values()):
        for template in reply.templates:
            loud = _LOUD.search(template.text)
            if loud:
                yield Fault(
                    reply.file, reply.line, f"the reply {reply.key} has {loud[0]!r}; our tone is quiet."
                )


def _claims(data: Path, shelf: Shelf) -> Iterator[Fault]:
    """What a reply's own words claim, where only facts may; plural forms that a language lacks."""
    for language, replies in shelf.items():
        try:
            style = read_style(data / "wording" / f"{language}.yml")
            words = {language: Words(style, term=lambda key: None)}
            guard = Guard.load(data / "guard", words=words)
        except ValueError as e:
            yield Fault.from_error(data / "wording" / f"{language}.yml", e)
            continue
        forms = {style.plural(number) for number in range(101)}
        for reply in replies.values():
            yield from _plural_forms(reply, forms)
            for template in reply.templates:
                yield from _addressed(reply, template, guard, language)
                if not reply.key.startswith(_UNGUARDED):
                    yield from _own_words(reply, template, guard, language)


def _plural_forms(reply: Reply, forms: set[str]) -> Iterator[Fault]:
    missing = forms - set(reply.plurals) if reply.plurals is not None else set()
    if missing:
        yield Fault(
            reply.file, reply.line, f"the reply {reply.key} lacks the plural {', '.join(sorted(missing))}."
        )


def _own_words(reply: Reply, template: Template, guard: Guard, language: str) -> Iterator[Fault]:
    own = "".join(piece if isinstance(piece, str) else _FILLED for piece in template.pieces)
    verdict = guard.check(own, facts=(), language=language, timezone="UTC")
    for finding in verdict.findings:
        yield Fault(
            reply.file,
            reply.line,
            f"the reply {reply.key} claims {finding.text!r} ({finding.kind}) by itself; only a fact may.",
        )


def _addressed(reply: Reply, template: Template, guard: Guard, language: str) -> Iterator[Fault]:
    for start, end in guard.strange(fold(template.text), language=language):
        words = fold(template.text)[start:end]
        yield Fault(
            reply.file, reply.line, f"the reply {reply.key} says {words!r}, which is not how we write."
        )
