"""What we say, in the customer's language: replies, filled with the facts of an answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Callable, Iterable, Mapping, Optional, Sequence

from bot.answer import Answer, Fact
from bot.wording.replies import Reply, Template, read_language
from bot.wording.style import read_style
from bot.wording.words import Words


@dataclass(frozen=True)
class Rendered:
    """An answer in words: its text, its card, and its buttons (`label`, `intent`, `entities`)."""

    text: str
    card: Optional[Mapping[str, Any]] = None
    choices: tuple[Mapping[str, Any], ...] = ()


class Phrasebook:
    """Every reply in every language, as data/replies/<language>/<topic>.yml holds them."""

    def __init__(
        self, *, replies: Mapping[str, Mapping[str, Reply]], words: Mapping[str, Words], folder: Path
    ) -> None:
        self._replies = replies
        self._folder = folder
        self.words = words
        self.languages: tuple[str, ...] = tuple(sorted(replies, key=lambda name: (name != "en", name)))

    @classmethod
    def load(cls, folder: Path) -> Phrasebook:
        """Read data/replies and, beside it, data/wording; ValueError names file, line and fault."""
        names = sorted(p.name for p in folder.iterdir() if p.is_dir()) if folder.is_dir() else []
        if not names:
            raise ValueError(
                f"{folder}: no folder of a language in it; replies are in {folder}/en/ and so on."
            )
        replies = {name: read_language(folder / name) for name in names}
        styles = {name: read_style(folder.parent / "wording" / f"{name}.yml") for name in names}
        words = {name: Words(styles[name], term=_terms(replies[name])) for name in names}
        return cls(replies=replies, words=words, folder=folder)

    # -- rendering -----------------------------------------------------------------------

    def render(
        self, answer: Answer, *, language: str, timezone: str, now: datetime, variation: int = 0
    ) -> Rendered:
        """An answer's text, card and buttons; LookupError names a missing reply or fact.

        `timezone` is the customer's (IANA name); `variation` picks among texts that differ in tone.
        """
        facts = {fact.name: fact for fact in answer.facts}
        page = _Page(self, language, timezone, now, variation)
        return Rendered(
            text=page.say(answer.key, facts),
            card=page.card(answer.card, facts) if answer.card is not None else None,
            choices=tuple(
                {
                    "label": page.say(choice.label, {**facts, **{f.name: f for f in choice.facts}}),
                    "intent": choice.intent,
                    "entities": dict(choice.entities or {}),
                }
                for choice in answer.choices
            ),
        )

    def text(
        self,
        key: str,
        *,
        language: str,
        facts: Sequence[Fact] = (),
        timezone: str = "UTC",
        now: datetime,
        variation: int = 0,
    ) -> str:
        """One reply in words."""
        return _Page(self, language, timezone, now, variation).say(key, {f.name: f for f in facts})

    # -- looking up ----------------------------------------------------------------------

    def keys(self, language: str) -> tuple[str, ...]:
        """Every reply key of a language, sorted."""
        return tuple(sorted(self._of(language)))

    def has(self, key: str) -> bool:
        """Whether every language has this reply."""
        return all(key in replies for replies in self._replies.values())

    def ui(self, prefix: str, language: str) -> dict[str, str]:
        """The raw texts of a page's labels, by key: every reply that starts with `prefix`."""
        start = prefix if prefix.endswith(".") else f"{prefix}."
        return {
            key: reply.templates[-1].text
            for key, reply in sorted(self._of(language).items())
            if key.startswith(start)
        }

    def reply(self, key: str, language: str) -> Reply:
        """A reply as it stands in its file; LookupError when the language has none of this key."""
        reply = self._of(language).get(key)
        if reply is None:
            file = self._folder / language / f"{key.split('.')[0]}.yml"
            raise LookupError(f"No reply {key!r} in {language!r}; add it to {file}.")
        return reply

    def _of(self, language: str) -> Mapping[str, Reply]:
        replies = self._replies.get(language)
        if replies is None:
            raise LookupError(
                f"No replies in {language!r}. Known: {', '.join(self.languages)}. "
                f"Add the folder {self._folder / language} (docs/adding.md#language)."
            )
        return replies


class _Page:
    """One act of rendering: a language, a zone, a moment."""

    def __init__(self, book: Phrasebook, language: str, zone: str, now: datetime, variation: int) -> None:
        self._book = book
        self._language = language
        self._zone = zone
        self._now = now
        self._variation = variation

    def say(self, key: str, facts: Mapping[str, Fact]) -> str:
        """A reply, filled."""
        reply = self._book.reply(key, self._language)
        pieces = self._choose(reply, facts).pieces
        said: list[str] = []
        for piece in pieces:
            if isinstance(piece, str):
                said.append(piece)
                continue
            word = self._piece(reply, piece[0], piece[1], facts)
            if len(pieces) > 1 and facts[piece[0]].unit == "term" and _starts_sentence(said):
                word = word[:1].upper() + word[1:]
            said.append(word)
        return "".join(said)

    def card(self, tree: Any, facts: Mapping[str, Fact]) -> Any:
        """A card's tree with its replies and facts in words."""
        if isinstance(tree, Mapping):
            if len(tree) == 1:
                if "reply" in tree:
                    return self.say(str(tree["reply"]), facts)
                if "fact" in tree:
                    name, _, part = str(tree["fact"]).partition(":")
                    return self._word(name, part or None, facts, "A card")
            return {key: self.card(value, facts) for key, value in tree.items()}
        if isinstance(tree, (list, tuple)):
            return [self.card(value, facts) for value in tree]
        return tree

    def _choose(self, reply: Reply, facts: Mapping[str, Fact]) -> Template:
        if reply.plurals is None:
            return reply.variations[self._variation % len(reply.variations)]
        fact = facts.get(reply.counted)
        if fact is None or isinstance(fact.value, bool) or not isinstance(fact.value, (int, Decimal)):
            raise LookupError(
                f"The reply {reply.key!r} ({reply.file}:{reply.line}) counts {reply.counted!r}, "
                f"which is no number among the answer's facts: {_names(facts)}."
            )
        form = self._book.words[self._language].style.plural(fact.value)
        return reply.plurals.get(form) or reply.plurals["other"]

    def _piece(self, reply: Reply, name: str, part: Optional[str], facts: Mapping[str, Fact]) -> str:
        return self._word(name, part, facts, f"The reply {reply.key!r} ({reply.file}:{reply.line})")

    def _word(self, name: str, part: Optional[str], facts: Mapping[str, Fact], asker: str) -> str:
        fact = facts.get(name)
        if fact is None:
            raise LookupError(f"{asker} asks for the fact {name!r}; the answer has {_names(facts)}.")
        return self._book.words[self._language].word(fact, part, zone=self._zone, now=self._now)


def _starts_sentence(said: Sequence[str]) -> bool:
    before = "".join(said[-1:])
    return not said or (before[-1:].isspace() and before.rstrip()[-1:] in ".?!")


def _terms(replies: Mapping[str, Reply]) -> Callable[[str], Optional[str]]:
    def term(key: str) -> Optional[str]:
        reply = replies.get(key)
        return reply.templates[-1].text if reply is not None else None

    return term


def _names(facts: Iterable[str]) -> str:
    return ", ".join(sorted(facts)) or "none"
