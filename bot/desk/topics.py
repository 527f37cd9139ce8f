"""Which topics go to a person, and what the assistant asks when it is not sure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Mapping, Sequence

from babel import Locale

from bot.answer import Answer, Choice, Fact, HandoffRequest
from bot.yamls import read_yaml

# A button is no use for these: there is nothing to look up behind them.
_NO_BUTTON = {"greet", "goodbye", "thank", "affirm", "deny", "out_of_scope", "human_handoff", "bot_challenge"}
MOST_GUESSES = 2
# What was understood -> the reply that names it.
_KEYS = {
    frozenset(names.split()): key
    for names, key in (
        ("order_number", "order"),
        ("product", "product"),
        ("product colour", "product_colour"),
        ("product size", "product_size"),
        ("product colour size", "product_both"),
        ("colour", "colour"),
        ("size", "size"),
        ("colour size", "both"),
        ("country", "country"),
    )
}


@dataclass(frozen=True)
class Topics:
    """The topics of data/handoffs.yml, and the languages that the assistant speaks.

    `guess` is the confidence from which an intent is offered as a button, `ask_first` the one
    below which a topic is asked about before it is handed over.
    """

    priorities: Mapping[str, str]
    languages: tuple[str, ...]
    guess: float = 0.0
    ask_first: float = 0.0
    usual: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def load(
        cls, path: Path, *, languages: Sequence[str], guess: float = 0.0, ask_first: float = 0.0
    ) -> Topics:
        """Read data/handoffs.yml; ValueError when it is no table of topics."""
        data: Any = read_yaml(path)
        try:
            priorities = {str(k): str(v["priority"]) for k, v in data["topics"].items()}
            usual = {str(k): tuple(map(str, v)) for k, v in (data.get("usual") or {}).items()}
        except (KeyError, TypeError, AttributeError) as e:
            raise ValueError(f"{path}: expected topics, each with a priority.") from e
        return cls(
            priorities=priorities,
            languages=tuple(languages),
            guess=guess,
            ask_first=ask_first,
            usual=usual,
        )

    def is_guess(self, intent: str, confidence: float) -> bool:
        """Whether to ask before this topic wakes a person; never when it is urgent."""
        return self.priorities.get(intent) != "urgent" and confidence < self.ask_first

    def hand_over(self, intent: str) -> Answer:
        """Pass this topic to a person, in a sentence of its own where there is one."""
        known = intent in self.priorities
        return Answer(
            key=f"handoff.{intent}" if known else "handoff.promised",
            handoff=HandoffRequest(
                reason="topic" if known else "no_answer",
                priority=self.priorities.get(intent, "normal"),
                topic=intent,
            ),
        )

    def unsure(
        self,
        ranking: Sequence[tuple[str, float]],
        *,
        abstained: bool,
        said: str = "",
        named: Sequence[Fact] = (),
        again: bool = False,
    ) -> Answer:
        """Ask which of the likeliest questions is meant; the last button is always a person.

        `ranking` has intents with their confidences, best first. What is surely nothing for a
        shop gets no guesses, and a question that has next to nothing for it is none. `said` goes along
        with the buttons, so that nothing has to be said twice; `named` are the facts that were
        understood of it. `again`: the customer was not understood just before either, so a person is
        offered, with the time that the turn adds.
        """
        likely = [name for name, sure in ranking if sure >= self.guess and name not in _NO_BUTTON]
        usual = [name for fact in named for name in self.usual.get(fact.name, ())]
        if usual:
            likely = [name for name in likely if name in usual] + usual
        likely = list(dict.fromkeys(likely))[:MOST_GUESSES] if abstained else []
        guesses = tuple(
            Choice(label=f"choice.{name}", intent=name, entities={"said": said} if said else None)
            for name in likely
        )
        person = Choice(label="choice.human_handoff", intent="human_handoff")
        if again:
            return Answer(key="handoff.offer", choices=(person, *guesses))
        if not abstained:
            return Answer(key="social.out_of_scope", choices=(person,))
        understood = _KEYS.get(frozenset(fact.name for fact in named))
        if understood is None or not guesses:
            return Answer(key="social.unsure", choices=(*guesses, person))
        return Answer(key=f"social.unsure_about.{understood}", facts=tuple(named), choices=(*guesses, person))

    def foreign(self, *, again: bool = False) -> Answer:
        """Say that a message is in a language that the assistant does not know, and which ones it has.

        A person is offered, with the time that the turn adds; the turn says it in English too. `again`: the
        customer was told so before, and a person is all that is left to offer.
        """
        person = Choice(label="choice.human_handoff", intent="human_handoff")
        if again:
            return Answer(key="handoff.offer", choices=(person,))
        return Answer(key="handoff.offer_language", facts=(self._spoken(),), choices=(person,))

    def help(self) -> Answer:
        """Ask what it is about, with the usual questions as buttons; the last one is always a person."""
        names = (*self.usual.get("help", ()), "human_handoff")
        return Answer(
            key="social.help", choices=tuple(Choice(label=f"choice.{name}", intent=name) for name in names)
        )

    def language(self, text: str, *, language: str) -> Answer:
        """Switch to the language that a text names, or list those that the assistant speaks.

        The fact `switched_to` makes the turn switch before it renders.
        """
        wanted = named_language(text)
        spoken = self._spoken()
        if wanted is None:
            return Answer(key="social.language_ask", facts=(spoken,))
        if wanted not in self.languages:
            return Answer(key="social.language_unsupported", facts=(spoken,))
        return Answer(
            key="social.language_switched",
            facts=(Fact("switched_to", wanted, "language", source="assistant"),),
        )

    def _spoken(self) -> Fact:
        return Fact("languages", self.languages, "language", source="assistant")


def named_language(text: str) -> str | None:
    """The ISO 639-1 code of the language that a text names, in any of the names of CLDR."""
    folded = text.casefold()
    found = [(len(name), code) for name, code in _language_names().items() if _names(name, folded)]
    return max(found)[1] if found else None


def _names(name: str, text: str) -> bool:
    if re.search(r"[぀-ヿ㐀-鿿]", name):
        return name in text
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


@lru_cache(maxsize=1)
def _language_names() -> dict[str, str]:
    """Names of languages, folded, as the world's larger languages write them."""
    spoken = ("en", "zh", "es", "pt", "fr", "de", "it", "ru", "ar", "ja", "ko", "nl", "pl", "tr")
    names = {}
    for writer in spoken:
        for code in spoken:
            name = Locale.parse(writer).languages.get(code)
            if name:
                names[name.casefold()] = code
                if name.endswith(("语", "語")):  # 英语 is 英文 as often as not
                    names[name[:-1] + "文"] = code
    return names
