"""Why the model thought so: what in a text spoke for an intent, and what against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Optional

from bot.nlu.features import CHARS, CONCEPTS, PAIRS, WORDS
from bot.nlu.masking import named

_KINDS = {CONCEPTS: "concept", PAIRS: "concepts", WORDS: "words", CHARS: "letters"}


@dataclass(frozen=True)
class Reason:
    """A piece of a text: `kind` is concept, concepts (two together), words or letters.

    `share` is above zero when it speaks for the intent.
    """

    kind: str
    what: str
    share: float


def explain(
    agent: Any, text: str, metadata: Mapping[str, Any], *, intent: Optional[str] = None, most: int = 12
) -> tuple[str, list[Reason]]:
    """The likeliest intent (or the one that is asked about), and the strongest reasons.

    LookupError when the model knows no such intent.
    """
    from rasa.shared.nlu.constants import TEXT
    from rasa.shared.nlu.training_data.message import Message

    nodes = {type(node).__name__: node for node in _components(agent)}
    message = Message(data={TEXT: text, "metadata": dict(metadata)})
    for name in ("LanguageDecider", "ReferenceExtractor", "WordTokenizer", "MeaningFeaturizer"):
        nodes[name].process([message])
    row = message.get_sparse_features(TEXT)[1].features
    lines, features = nodes["MarginClassifier"].lines, nodes["MeaningFeaturizer"].features
    label = intent or lines.labels[int(lines.probabilities(row.indices, row.data).argmax())]
    if label not in lines.labels:
        raise LookupError(f"No intent {label!r}. Known: {', '.join(lines.labels)}.")
    names = {at: key for key, at in features.vocabulary.items()}
    reasons = [
        Reason(_KINDS[names[at][:2]], named(names[at][2:]), round(share, 4))
        for at, share in lines.reasons(row.indices, row.data, label)[:most]
    ]
    return label, reasons


def _components(agent: Any) -> list[Any]:
    nodes = agent.processor.graph_runner._instantiated_nodes.values()
    return [node._component for node in nodes if node._component is not None]
