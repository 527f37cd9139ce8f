"""How well messages are understood, and how fast: `python benchmarks/understanding.py`.

Cross-validates the classifier on the examples of data/nlu (a held-out fold is never trained on),
then times the trained model. `--messages` adds tables of labelled messages (text,intent[,lang]) and
`--elsewhere` tables whose texts no shop answers; both are only read, never learnt from.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections import defaultdict
from functools import lru_cache
from pathlib import Path
from typing import Any, Iterator, Sequence

import numpy as np
import yaml
from scipy.sparse import csr_matrix
from sklearn.model_selection import StratifiedKFold

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.engine.loading import load_agent, parse  # noqa: E402
from bot.engine.models import train  # noqa: E402
from bot.nlu import tokens  # noqa: E402
from bot.nlu.concepts import ConceptBook, read_forms  # noqa: E402
from bot.nlu.features import Features, Options, Prepared, prepare  # noqa: E402
from bot.nlu.linear import fit  # noqa: E402
from bot.nlu.references import References  # noqa: E402

UNKNOWN = "out_of_scope"


def examples() -> Iterator[tuple[str, str, str, float]]:
    """Text, intent, language and weight of every example."""
    for path in sorted((ROOT / "data" / "nlu").glob("*/*.yml")):
        for block in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
            weight = float((block.get("metadata") or {}).get("weight", 1.0))
            for line in block["examples"].splitlines():
                if line.strip():
                    yield line.strip()[2:], block["intent"], path.parent.name, weight


def settings_of(component: str) -> dict[str, Any]:
    """What config.yml says about a component."""
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    found = next(row for row in config["pipeline"] if row["name"].endswith(component))
    return {key: value for key, value in found.items() if key != "name"}


def prepared(text: str, language: str) -> Prepared:
    """A text as the featuriser takes it."""
    words = [(word.text, word.start) for word in tokens.split(text, language)]
    return prepare(text, words, map(vars, references().find(text)))


@lru_cache(maxsize=1)
def references() -> References:
    """What finds order numbers, countries and the like."""
    return References.load(ROOT / "data" / "lookups")


def matrix(features: Features, texts: Sequence[Prepared]) -> csr_matrix:
    """Texts as rows of features."""
    rows = [features.row(text) for text in texts]
    ends = np.cumsum([0] + [len(indices) for indices, _ in rows])
    return csr_matrix(
        (np.concatenate([v for _, v in rows]), np.concatenate([i for i, _ in rows]), ends),
        shape=(len(rows), len(features.vocabulary)),
    )


def cross_validate(folds: int) -> None:
    """Accuracy on held-out folds by language, over the examples at full weight."""
    texts, labels, languages, given = zip(*examples(), strict=True)
    intents, weights = np.array(labels), np.array(given)
    book = ConceptBook(read_forms(ROOT / "data" / "concepts"))
    ready = [prepared(t, lang) for t, lang in zip(texts, languages, strict=True)]
    options = Options(**settings_of("MeaningFeaturizer"))
    right: dict[str, list[tuple[bool, bool, bool, bool]]] = defaultdict(list)
    for seen, held in StratifiedKFold(folds, shuffle=True, random_state=1).split(intents, intents):
        features = Features.fit([ready[i] for i in seen], book, options)
        rows = matrix(features, ready)
        lines = fit(
            rows[seen],
            list(intents[seen]),
            weights=weights[seen],
            unknown=UNKNOWN,
            languages=[languages[i] for i in seen],
            **_classifier(),
        )
        for i in held:
            sure = lines.probabilities(rows[i].indices, rows[i].data)
            ranked = [lines.labels[j] for j in np.argsort(-sure)[:3]]
            abstained = lines.is_strange(lines.margins(rows[i].indices, rows[i].data), languages[i])
            said = UNKNOWN if abstained else ranked[0]
            right[languages[i] if weights[i] >= 0.5 else f"{languages[i]} oblique"].append(
                (intents[i] == UNKNOWN, ranked[0] == intents[i], intents[i] in ranked, said == intents[i])
            )
    print(f"{folds} folds, {len(texts)} examples")
    print("  in scope: first guess, among three, after abstaining; out of scope")
    for language, rows_ in sorted(right.items()):
        _report(language, np.array(rows_))


def _report(name: str, rows: Any) -> None:
    inside, outside = rows[rows[:, 0] == 0], rows[rows[:, 0] == 1]
    shown = "  ".join(f"{inside[:, at].mean():.3f}" for at in (1, 2, 3)) if len(inside) else "-"
    print(f"  {name:12} {shown}   {outside[:, 3].mean():.3f}" if len(outside) else f"  {name:12} {shown}")


def _classifier() -> dict[str, float]:
    known = settings_of("MarginClassifier")
    return {name: float(known[name]) for name in ("penalty", "caution")}


def judge(agent: Any, path: Path, *, elsewhere: bool) -> None:
    """Accuracy on a table of messages that the model has never seen."""
    with path.open(encoding="utf-8") as file:
        table = [row for row in csv.DictReader(file) if not elsewhere or row["intent"] in ("oos", UNKNOWN)]
    rows = []
    for row in table:
        intent = UNKNOWN if elsewhere else row["intent"]
        parsed = parse(agent, row["text"], {})
        ranked = [guess["name"] for guess in parsed["intent_ranking"][:3]]
        first = ranked[0] if ranked else UNKNOWN
        rows.append(
            (intent == UNKNOWN, first == intent, intent in ranked, parsed["intent"]["name"] == intent)
        )
    _report(path.stem[:12], np.array(rows))


def time_parses(agent: Any, texts: Sequence[str]) -> None:
    """Milliseconds a message, in this process."""
    spent = []
    for text in texts:
        started = time.perf_counter()
        parse(agent, text, {})
        spent.append((time.perf_counter() - started) * 1000)
    print(f"parse: p50 {np.percentile(spent, 50):.2f} ms, p99 {np.percentile(spent, 99):.2f} ms")


def main() -> None:
    """Measure, and print as it goes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--messages", type=Path, nargs="*", default=[])
    parser.add_argument("--elsewhere", type=Path, nargs="*", default=[])
    args = parser.parse_args()
    if args.folds > 1:
        cross_validate(args.folds)
    model = train(ROOT, ROOT / "models", if_changed=True).path
    started = time.perf_counter()
    agent = load_agent(model, action_endpoint=None, generator=None)
    parse(agent, "hello", {})
    print(f"load and first parse: {time.perf_counter() - started:.1f} s")
    for path in args.messages:
        judge(agent, path, elsewhere=False)
    for path in args.elsewhere:
        judge(agent, path, elsewhere=True)
    time_parses(agent, [text for text, *_ in examples()][::8])


if __name__ == "__main__":
    main()
