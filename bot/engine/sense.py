"""What a message means after what was said before: it may go on with a question, or put one right.

No Rasa, no I/O. What is remembered is a small value among the working memory of a conversation:
the latest questions with their words, how long ago they were, and the products spoken of.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from typing import Any, Callable, Mapping, Optional, Sequence

from bot.answer import Answer
from bot.engine.following_words import FollowingWords, plainly
from bot.engine.spoken import (
    LABEL,
    SHORT,
    SHORT_LABEL,
    TOPICS,
    Piece,
    Topic,
    blanked,
    letters_of_size,
    pieces_of,
    topics_of,
    without,
)
from bot.nlu.text import WITHOUT_SPACES
from bot.nlu.understanding import OUT_OF_SCOPE

PRODUCTS, LOST = "products", "not_understood"
# After so many messages about something else a question is forgotten.
MOST_TURNS = 4
MOST_TOPICS = 3
_LONGEST = 300
# With so many words left a message that begins with "and" is a question of its own.
_MOST_LEFT = 3
# Nobody names one of these for small talk.
_REFERENCES = ("order_number", "tracking_number", "email")
# Answers that are none: nobody understood, or nothing could be done.
_LOST = ("social.unsure", "social.out_of_scope", "social.help", "handoff.offer")
_LETTERS = re.compile(r"[^\W_]+")
# What another product keeps of the question before; the other one of two keeps the size too.
_KEPT_BY_PRODUCT = ("country", "colour")
_KEPT_BY_OTHER = ("country", "colour", "size")


@dataclass(frozen=True)
class Reading:
    """What a message is taken for.

    `text` is what it says in full ("do you have the jacket in blue"), `drops` the places of what it says but
    does not mean, `product` an id that it points at, `size` a bare label. `follows` is False when it stands
    for itself, `handed` True when it goes on with what a person was asked. `asks` is "where_number" or "help"
    for two questions that are no intents of their own.
    """

    intent: str
    confidence: float
    text: str
    follows: bool = False
    handed: bool = False
    product: Optional[str] = None
    size: Optional[str] = None
    drops: tuple[tuple[int, int], ...] = ()
    asks: str = ""


class Sense:
    """Reads messages in the light of what was said.

    `named(shop, text)` gives the pieces of a text that name a product of the shop. `sure` is the confidence
    of a question that stands for itself whatever was said; below `ask_first` small talk is none.
    """

    def __init__(
        self,
        words: FollowingWords,
        *,
        named: Callable[[str, str], Sequence[str]],
        sure: float,
        ask_first: float,
    ) -> None:
        self._words = words
        self._named = named
        self._sure = sure
        self._ask_first = ask_first

    # -- reading -------------------------------------------------------------------------

    def read(self, text: str, parsed: Mapping[str, Any], *, memory: Mapping[str, Any], shop: str) -> Reading:
        """What a text means here; `parsed` is what the model makes of it alone."""
        own = Reading(
            intent=str(parsed["intent"]["name"] or OUT_OF_SCOPE),
            confidence=float(parsed["intent"]["confidence"] or 0),
            text=text,
        )
        if len(text) > _LONGEST:
            return own
        if self._asks_where(text, parsed):
            return replace(own, intent="shipping_status", asks="where_number")
        if self._asks_for_help(text) and not memory.get("loop"):
            return replace(own, intent=OUT_OF_SCOPE, asks="help")
        pieces, drops = self._pieces(text, parsed)
        bare_text = blanked(text, drops)
        topics = topics_of(memory)
        found = (
            self._goes_on(bare_text, own, pieces, topics, memory=memory, shop=shop)
            or self._when(bare_text, own, pieces, topics)
            or self._same_country(own, pieces, topics)
        )
        return replace(found or own, drops=drops)

    def is_doubtful(self, reading: Reading, parsed: Mapping[str, Any], memory: Mapping[str, Any]) -> bool:
        """Whether to ask rather than to take this for small talk, or for nothing a shop answers."""
        if reading.follows or reading.asks or memory.get("loop"):
            return False
        has_reference = any(e["entity"] in _REFERENCES for e in parsed.get("entities") or ())
        if reading.intent == OUT_OF_SCOPE:
            return has_reference or reading.confidence < self._sure
        is_small_talk = reading.intent in self._words.small_talk
        return is_small_talk and (has_reference or reading.confidence < self._ask_first)

    def _goes_on(
        self,
        text: str,
        own: Reading,
        pieces: Sequence[Piece],
        topics: Sequence[Topic],
        *,
        memory: Mapping[str, Any],
        shop: str,
    ) -> Optional[Reading]:
        """A message that names only a new thing goes on with the latest question that takes it."""
        is_other = bool(self._words.other.search(plainly(text)))
        products = tuple(self._named(shop, text)) if topics else ()
        things = {piece.entity for piece in pieces} | ({"product"} if products or is_other else set())
        if self._words.having.search(plainly(text)):
            if products:
                return None  # "do you have the boots?" is a question in full
            topics = [t for t in topics if t.intent == own.intent]
        topic = next((t for t in topics if things & set(self._words.takes.get(t.intent, ()))), None)
        if topic is None or not self._is_bare(text, own, pieces, products, topic):
            return None
        other = _other_product(memory) if is_other and not products else None
        if is_other and not products and other is None and not pieces:
            return None
        kept: tuple[str, ...] = ()
        if products or other:
            kept = _KEPT_BY_OTHER if other else _KEPT_BY_PRODUCT
        full = self._in_full(text, topic, pieces, kept=kept if products or other else None)
        return Reading(
            intent=topic.intent,
            confidence=max(topic.confidence, self._sure),
            text=full,
            follows=True,
            handed=topic.handed,
            product=other,
            size=letters_of_size(full) if "label" in self._words.takes[topic.intent] else None,
        )

    def _is_bare(
        self, text: str, own: Reading, pieces: Sequence[Piece], products: Sequence[str], topic: Topic
    ) -> bool:
        """Whether nothing stands beside the new thing, or little after an "and" or a "no"."""
        rest = without(text, pieces)
        for name in sorted(products, key=len, reverse=True):
            rest = rest.replace(name, " ")
        rest = self._words.empty.sub(" ", self._words.other.sub(" ", plainly(rest)))
        left = _LETTERS.findall(rest)
        if not left:
            return True
        folded = plainly(text)
        goes_on = self._words.opening.match(folded) or self._words.correcting.match(folded)
        few = sum(len(word) if WITHOUT_SPACES.search(word) else 1 for word in left) <= _MOST_LEFT
        stands = own.confidence >= self._sure and own.intent not in (topic.intent, OUT_OF_SCOPE)
        return bool(goes_on) and few and not (stands and own.intent not in self._words.small_talk)

    def _when(
        self, text: str, own: Reading, pieces: Sequence[Piece], topics: Sequence[Topic]
    ) -> Optional[Reading]:
        """An order's arrival, or that of what would be ordered: the latest question decides."""
        folded = self._words.arrival.sub(" ", plainly(without(text, pieces)))
        if not self._words.arrival.search(plainly(text)) or _LETTERS.search(
            self._words.empty.sub(" ", folded)
        ):
            return None
        topic = next(
            (t for t in topics if t.intent in self._words.before_order or t.intent == "shipping_status"), None
        )
        if topic is None:
            return None
        intent = topic.intent if topic.intent == "shipping_status" else "delivery_time"
        country = () if any(p.entity == "country" for p in pieces) else topic.said("country")
        return Reading(
            intent=intent,
            confidence=max(topic.confidence, own.confidence, self._sure),
            text=" ".join((text, *country)),
            follows=True,
            handed=False,
        )

    def _same_country(
        self, own: Reading, pieces: Sequence[Piece], topics: Sequence[Topic]
    ) -> Optional[Reading]:
        """A question about delivery or duty that names no country means the one named just before."""
        if own.intent not in self._words.same_country or any(p.entity == "country" for p in pieces):
            return None
        for topic in topics:
            named = topic.said("country") if topic.intent in self._words.same_country else ()
            if named:
                return replace(own, text=" ".join((own.text, *named)))
        return None

    def _pieces(
        self, text: str, parsed: Mapping[str, Any]
    ) -> tuple[list[Piece], tuple[tuple[int, int], ...]]:
        """What a text names, and the places of what it says that it does not mean."""
        spans = self._named_in(text, parsed, labels=SHORT_LABEL if len(text) <= SHORT else LABEL)
        refused = [s for s in spans if self._is_refused(text, s, spans)]
        return [s for s in spans if s not in refused], tuple((s.start, s.end) for s in refused)

    def _named_in(self, text: str, parsed: Mapping[str, Any], labels: re.Pattern[str] = LABEL) -> list[Piece]:
        """The things that a text names, and for whom it asks."""
        pieces = pieces_of(text, parsed, labels=labels)
        whom = [Piece("whom", m.start(), m.end(), m.group()) for m in self._words.whom.finditer(text)]
        return sorted((*pieces, *whom), key=lambda piece: piece.start)

    def _is_refused(self, text: str, span: Piece, spans: Sequence[Piece]) -> bool:
        others = [s for s in spans if s != span and _sort(s) == _sort(span)]
        if not others:
            return False
        before, after = plainly(text[: span.start]), plainly(text[span.end :])
        return bool(self._words.not_meant.search(before) or self._words.not_meant_before.match(after))

    def _asks_for_help(self, text: str) -> bool:
        folded = plainly(text)
        if not self._words.help.search(folded):
            return False
        return not _LETTERS.search(self._words.empty.sub(" ", self._words.help.sub(" ", folded)))

    def _asks_where(self, text: str, parsed: Mapping[str, Any]) -> bool:
        if any(e["entity"] in _REFERENCES for e in parsed.get("entities") or ()):
            return False  # it is there already
        folded = plainly(text)
        return any(a.search(folded) and n.search(folded) for a, n in self._words.where_number)

    def _in_full(
        self, text: str, topic: Topic, pieces: Sequence[Piece], *, kept: Optional[Sequence[str]]
    ) -> str:
        """The question in full: the old words with the new things in them.

        With `kept`, it is about another product: the new words, and only these kinds of the old things.
        """
        if kept is not None:
            new = {piece.entity for piece in pieces}
            return " ".join((text, *(said for kind in kept if kind not in new for said in topic.said(kind))))
        edits: list[tuple[int, int, str]] = []
        added = []
        for kind in dict.fromkeys(topic.kind_of(piece) for piece in pieces):
            new_words = " ".join(piece.text for piece in pieces if topic.kind_of(piece) == kind)
            places = [(start, end) for name, start, end in topic.spans if name == kind]
            edits += [(start, end, "" if at else new_words) for at, (start, end) in enumerate(places)]
            if not places:
                added.append(new_words)
        full = topic.text
        for start, end, words in sorted(edits, reverse=True):
            full = full[:start] + words + full[end:]
        return " ".join((full, *added))

    # -- remembering ---------------------------------------------------------------------

    def remember(
        self,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
        *,
        parsed: Mapping[str, Any],
        answers: Sequence[Answer],
    ) -> dict[str, Any]:
        """The memory after a turn: `after` is Rasa's own, `before` what was remembered when it began.

        `parsed` is what the message was taken for, with its text in full.
        """
        intent, text = str(parsed["intent"]["name"]), str(parsed.get("text") or "")
        confidence = float(parsed["intent"]["confidence"] or 0)
        memory = dict(after)
        topics = [replace(t, age=t.age + 1) for t in topics_of(before) if t.age < MOST_TURNS]
        if intent in self._words.takes and answers and not _is_lost(answers):
            handed = any(answer.handoff for answer in answers)
            spans = [(p.entity, p.start, p.end) for p in self._named_in(text, parsed) if p.end <= _LONGEST]
            topics = [t for t in topics if t.intent != intent]
            topics.insert(0, Topic(intent, round(confidence, 3), text[:_LONGEST], tuple(spans), 0, handed))
        if topics:
            memory[TOPICS] = [asdict(topic) for topic in topics[:MOST_TOPICS]]
        products = _products_after(before, after, answers)
        if products:
            memory[PRODUCTS] = products
        lost = int(_slots(before).get(LOST) or 0) + 1 if _is_lost(answers) else 0
        slots = {name: value for name, value in _slots(after).items() if name != LOST}
        memory["slots"] = {**slots, LOST: lost} if lost else slots
        if not memory["slots"]:
            del memory["slots"]
        return memory


def _sort(piece: Piece) -> str:
    """What can stand in the place of each other: a size with a word beside it and one without."""
    return "size" if piece.entity == "label" else piece.entity


def _products_after(
    before: Mapping[str, Any], after: Mapping[str, Any], answers: Sequence[Answer]
) -> list[str]:
    """The product that was spoken of last and the one before it, or two that were offered."""
    known = [str(name) for name in before.get(PRODUCTS) or ()]
    offered = list(
        dict.fromkeys(
            str((choice.entities or {})["product"])
            for answer in answers
            for choice in answer.choices
            if "product" in (choice.entities or {})
        )
    )
    if len(offered) == 2:
        return offered
    seen = _slots(after).get("product_seen")
    if seen and [seen] != known[:1]:
        known = [str(seen), *(name for name in known if name != seen)]
    return known[:2]


def _other_product(memory: Mapping[str, Any]) -> Optional[str]:
    """The product that "the other one" means, when one was spoken of last and there is another."""
    seen = _slots(memory).get("product_seen")
    known = [str(name) for name in memory.get(PRODUCTS) or ()]
    return next((name for name in known if name != seen), None) if seen else None


def _slots(memory: Mapping[str, Any]) -> Mapping[str, Any]:
    slots: Mapping[str, Any] = memory.get("slots") or {}
    return slots


def _is_lost(answers: Sequence[Answer]) -> bool:
    """Whether the customer was told that nobody understands, or that nothing can be done."""
    return any(answer.key.startswith(_LOST) for answer in answers)
