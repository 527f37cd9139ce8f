"""Why the model thought so: what in a text spoke for an intent, and what against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Optional

from bot.nlu.features import CHARS, CONCEPTS, PAIRS, WORDS
from bot.nlu.graph import CONCEPTS as FOUND_CONCEPTS
from bot.nlu.graph import LANGUAGE
from bot.nlu.masking import named

_KINDS = {CONCEPTS: "concept", PAIRS: "concepts", WORDS: "words", CHARS: "letters"}

# What has read a message before the classifier does.
_BEFORE = ("ReferenceExtractor", "LanguageDecider", "WordTokenizer", "MeaningFeaturizer", "SentenceEncoder")


@dataclass(frozen=True)
class Reason:
    """A piece of a text: `kind` is concept, concepts (two together), words, letters, or encoder (all of it).

    `share` is above zero when it speaks for the intent.
    """

    kind: str
    what: str
    share: float


@dataclass(frozen=True)
class Explanation:
    """Why a text was understood as it was.

    `reasons` speak for `intent` or against it, strongest first. `language_by` is what decided the
    language: choice, script, conversation, spelling, langdetect, locale or default; `likely` are
    languages by spelling with their shares, where that was asked.
    """

    intent: str
    reasons: tuple[Reason, ...]
    concepts: tuple[str, ...]
    language: str
    language_by: str
    likely: tuple[tuple[str, float], ...]


def explain(
    agent: Any, text: str, metadata: Mapping[str, Any], *, intent: Optional[str] = None, most: int = 12
) -> Explanation:
    """Why the likeliest intent (or the one that is asked about) was, or was not, understood.

    LookupError when the model knows no such intent.
    """
    from rasa.shared.nlu.constants import TEXT
    from rasa.shared.nlu.training_data.message import Message

    nodes = {type(node).__name__: node for node in _components(agent)}
    message = Message(data={TEXT: text, "metadata": dict(metadata)})
    for name in _BEFORE:
        nodes[name].process([message])
    lines, features = nodes["MarginClassifier"].lines, nodes["MeaningFeaturizer"].features
    row = nodes["MarginClassifier"].row_of(message)
    label = intent or lines.labels[int(lines.probabilities(*row).argmax())]
    if label not in lines.labels:
        raise LookupError(f"No intent {label!r}. Known: {', '.join(lines.labels)}.")
    names = {at: key for key, at in features.vocabulary.items()}
    found = lines.reasons(*row, label)
    reasons = [
        Reason(_KINDS[names[at][:2]], named(names[at][2:]), round(share, 4))
        for at, share in found
        if at in names
    ]
    # The numbers of an encoder's vector say something only together.
    encoded = sum(share for at, share in found if at not in names)
    if encoded:
        reasons.append(Reason("encoder", text, round(encoded, 4)))
    return Explanation(
        intent=label,
        reasons=tuple(sorted(reasons, key=lambda reason: -abs(reason.share))[:most]),
        concepts=tuple(message.get(FOUND_CONCEPTS) or ()),
        language=message.get(LANGUAGE),
        language_by=message.get("language_by"),
        likely=tuple(message.get("language_likely") or ()),
    )


def _components(agent: Any) -> list[Any]:
    nodes = agent.processor.graph_runner._instantiated_nodes.values()
    return [node._component for node in nodes if node._component is not None]
