"""Our featuriser and classifier on public benchmarks, beside what others published.

BANKING77 (77 intents of one bank) and CLINC150 (150 intents, and messages that belong to none)
are read from tables beside the checkout and never learnt from by the product. The threshold of
CLINC150 is chosen on its validation part, never on the part that it is reported on. Last, the
house's own data: how long training takes, and a parse in the serving process.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Callable, Optional, Sequence

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np  # noqa: E402
import yaml  # noqa: E402
from scipy.sparse import csr_matrix  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.engine.loading import load_agent, parse  # noqa: E402
from bot.engine.models import train  # noqa: E402
from bot.nlu import tokens  # noqa: E402
from bot.nlu.concepts import ConceptBook, read_forms  # noqa: E402
from bot.nlu.features import Features, Options, Prepared, prepare  # noqa: E402
from bot.nlu.linear import Linear, fit  # noqa: E402
from bot.nlu.references import References  # noqa: E402

UNKNOWN = "oos"
FEW = 20
CURVE = np.linspace(0.0, 0.9, 10)
# What others published on the same splits: accuracy, or in scope and out-of-scope recall.
BANKING_PUBLISHED = (("BERT, tuned", 0.9366), ("USE + ConveRT", 0.9336))
BANKING_MEASURED = (("Rasa's word and letter counts + logistic regression", 0.880),)
FEW_MEASURED = (("stock Rasa DIET, 100 epochs", 0.783), ("node-nlp 4.27", 0.744))
CLINC_PUBLISHED = (("BERT", 0.969, 0.403),)

Example = tuple[str, str]
Score = Callable[[Sequence[str]], Any]


@dataclass(frozen=True)
class Model:
    """A fitted featuriser and classifier, and how long it took."""

    features: Features
    lines: Linear
    seconds: float

    def sure(self, texts: Sequence[str]) -> Any:
        """How likely each label is for each text."""
        rows = [self.features.row(prepared(text)) for text in texts]
        return np.array([self.lines.probabilities(*row) for row in rows])

    def margins(self, texts: Sequence[str]) -> Any:
        """How far each text lies on each label's side of its line, before calibration."""
        rows = [self.features.row(prepared(text)) for text in texts]
        lines = self.lines
        return np.array([values @ lines.weights[at] + lines.intercepts for at, values in rows])

    def milliseconds(self, texts: Sequence[str]) -> float:
        """The median time of one text, from letters to intents."""
        spent = []
        for text in texts:
            began = time.perf_counter()
            self.lines.probabilities(*self.features.row(prepared(text)))
            spent.append((time.perf_counter() - began) * 1000)
        return float(np.median(spent))


def prepared(text: str) -> Prepared:
    """A text as the featuriser takes it."""
    words = [(word.text, word.start) for word in tokens.split(text, "en")]
    return prepare(text, words, map(vars, references().find(text)))


@lru_cache(maxsize=1)
def references() -> References:
    """What finds order numbers, countries and the like."""
    return References.load(ROOT / "data" / "lookups")


def settings_of(component: str) -> dict[str, Any]:
    """What config.yml says about a component."""
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    return dict(next(row for row in config["pipeline"] if row["name"].endswith(component)))


def learn(examples: Sequence[Example], book: ConceptBook) -> Model:
    """Fit as `nightdesk train` does, with the settings of config.yml."""
    began = time.monotonic()
    known = settings_of("MeaningFeaturizer")
    options = Options(**{name: known[name] for name in Options.__dataclass_fields__ if name in known})
    ready = [prepared(text) for text, _ in examples]
    features = Features.fit(ready, book, options)
    rows = [features.row(text) for text in ready]
    ends = np.cumsum([0] + [len(indices) for indices, _ in rows])
    matrix = csr_matrix(
        (np.concatenate([v for _, v in rows]), np.concatenate([i for i, _ in rows]), ends),
        shape=(len(rows), len(features.vocabulary)),
    )
    classifier = settings_of("MarginClassifier")
    lines = fit(
        matrix,
        [intent for _, intent in examples],
        weights=np.ones(len(examples)),
        penalty=float(classifier["penalty"]),
        caution=float(classifier["caution"]),
        unknown=UNKNOWN,
    )
    return Model(features, lines, time.monotonic() - began)


def read(path: Path) -> dict[str, list[Example]]:
    """The parts of a table: split -> texts and intents."""
    parts: dict[str, list[Example]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            parts[row["split"]].append((row["text"], row["intent"]))
    return parts


def accuracy(model: Model, examples: Sequence[Example]) -> float:
    """The share whose likeliest intent is right, without any threshold."""
    best = model.sure([text for text, _ in examples]).argmax(axis=1)
    right = (model.lines.labels[at] == intent for at, (_, intent) in zip(best, examples, strict=True))
    return sum(right) / len(examples)


def at_thresholds(
    score: Score, labels: Any, inside: Sequence[Example], outside: Sequence[Example], thresholds: Any
) -> list[tuple[float, float]]:
    """In-scope accuracy and out-of-scope recall at each threshold of a score."""
    sure, strange = (score([text for text, _ in part]) for part in (inside, outside))
    right = labels[sure.argmax(axis=1)] == np.array([intent for _, intent in inside])
    top, stranger = sure.max(axis=1), strange.max(axis=1)
    return [(float((right & (top >= t)).mean()), float((stranger < t).mean())) for t in thresholds]


def banking(parts: dict[str, list[Example]], book: ConceptBook, draws: int) -> dict[str, Any]:
    """All examples, then twenty an intent."""
    model = learn(parts["train"], book)
    whole = accuracy(model, parts["test"])
    speed = model.milliseconds([text for text, _ in parts["test"][:500]])
    print(f"BANKING77, {len(parts['train'])} examples")
    row("this pipeline", f"{whole:.4f}", f"trained in {model.seconds:.1f} s, {speed:.2f} ms a message")
    for name, value in BANKING_MEASURED:
        row(name, f"{value:.4f}", "measured here, 85 s")
    for name, value in BANKING_PUBLISHED:
        row(name, f"{value:.4f}", "published")
    few, seconds = [], []
    for seed in range(draws):
        drawn = draw(parts["train"], seed)
        small = learn(drawn, book)
        few.append(accuracy(small, parts["test"]))
        seconds.append(small.seconds)
    print(f"BANKING77, {FEW} examples an intent, mean of {draws} draws")
    spread = " ".join(f"{value:.3f}" for value in few)
    row("this pipeline", f"{np.mean(few):.4f}", f"{spread}; trained in {np.mean(seconds):.1f} s")
    for name, value in FEW_MEASURED:
        row(name, f"{value:.4f}", "measured on one draw")
    return {"accuracy": whole, "seconds": model.seconds, "ms": speed, "few": few}


def draw(examples: Sequence[Example], seed: int) -> list[Example]:
    """Twenty examples of each intent."""
    held: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        held[example[1]].append(example)
    chance = random.Random(seed)
    return [example for intent in sorted(held) for example in chance.sample(held[intent], FEW)]


def clinc(parts: dict[str, list[Example]], book: ConceptBook) -> dict[str, Any]:
    """In scope and out of it, with the threshold from the validation parts."""
    model = learn(parts["train"], book)
    labels = np.array(model.lines.labels)
    print(f"CLINC150, {len(parts['train'])} examples, none of them out of scope; {model.seconds:.1f} s")
    figures: dict[str, Any] = {"seconds": model.seconds}
    for name, score, fine in (
        ("confidence", model.sure, np.linspace(0.0, 0.99, 199)),
        ("margin", model.margins, np.linspace(-1.0, 1.0, 401)),
    ):
        chosen = at_thresholds(score, labels, parts["val"], parts["oos_val"], fine)
        threshold = float(fine[max(range(len(fine)), key=lambda at: sum(chosen[at]))])
        inside, outside = at_thresholds(score, labels, parts["test"], parts["oos_test"], [threshold])[0]
        said = f"threshold {threshold:.3f} from the validation part"
        row(
            f"this pipeline, abstaining by {name}",
            f"{inside:.3f} + {outside:.3f} = {inside + outside:.3f}",
            said,
        )
        figures[name] = {"threshold": threshold, "in_scope": inside, "out_of_scope": outside}
    for name, theirs, recall in CLINC_PUBLISHED:
        row(name, f"{theirs:.3f} + {recall:.3f} = {theirs + recall:.3f}", "published")
    print("  the curve on the test part, by confidence: threshold, in scope, out of scope, sum")
    curve = at_thresholds(model.sure, labels, parts["test"], parts["oos_test"], CURVE)
    for at, (right, recall) in zip(CURVE, curve, strict=True):
        print(f"    {at:.1f}  {right:.3f}  {recall:.3f}  {right + recall:.3f}")
    return figures


def house() -> dict[str, Any]:
    """The product's own data: training, and parses in the serving process."""
    with tempfile.TemporaryDirectory(prefix="nightdesk-bench-") as folder:
        began = time.monotonic()
        made = train(ROOT, Path(folder), progress=lambda _: None)
        seconds = time.monotonic() - began
        agent = load_agent(made.path, action_endpoint=None, generator=None)
    paths = sorted((ROOT / "data" / "evaluation").glob("*.yml"))
    held = [
        (path.stem, row["text"]) for path in paths for row in yaml.safe_load(path.read_text())["messages"]
    ]
    spent = []
    for language, text in held[::4]:
        began = time.perf_counter()
        parse(agent, text, {"conversation": "bench", "locale": language})
        spent.append((time.perf_counter() - began) * 1000)
    half, last = np.percentile(spent, [50, 99])
    print("The house's own data")
    row("training, all of data/", f"{seconds:.1f} s", "in a process of its own, two cores at most")
    row("a parse, in the serving process", f"{half:.2f} ms", f"p50; p99 {last:.2f} ms, {len(spent)} messages")
    return {"seconds": seconds, "p50_ms": float(half), "p99_ms": float(last)}


def row(name: str, value: str, said: str) -> None:
    """One line of a table."""
    print(f"  {name:<52} {value:>24}  {said}", flush=True)


def main() -> int:
    """Run what there are tables for; 0 also when there are none."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "benchmarks")
    parser.add_argument("--draws", type=int, default=5, help="draws of twenty examples an intent")
    parser.add_argument("--json", type=Path, default=None, help="also write the figures here")
    args = parser.parse_args()
    book = ConceptBook(read_forms(ROOT / "data" / "concepts"))
    figures: dict[str, Any] = {}
    for name in ("banking77", "clinc150"):
        parts = table(args.data / f"{name}.csv")
        if parts is not None:
            figures[name] = banking(parts, book, args.draws) if name == "banking77" else clinc(parts, book)
    figures["house"] = house()
    if args.json:
        args.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


def table(path: Path) -> Optional[dict[str, list[Example]]]:
    """A benchmark's parts, or None with a word where it is absent."""
    if not path.is_file():
        print(f"Skipped {path.stem}: {path} is not there; --data names another folder.")
        return None
    return read(path)


if __name__ == "__main__":
    sys.exit(main())
