"""One line between each intent and all others, how sure each of them is, and when to rather not say.

Serving needs numpy only; scikit-learn is imported where lines are fitted.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Mapping, Optional, Sequence

import numpy as np

Array = Any  # numpy's own types say nothing that a reader needs here
FOLDS = 3
SEED = 0
# Processes that fit lines at the same time; for fewer examples they take longer to start than to fit.
_JOBS, _FEW = 2, 5000
# Thresholds that are tried, in margins; fewer unknown rows of a language tell nothing about it.
_WIDEST, _STEP = 3.0, 0.01
_FEWEST_UNKNOWN = 40


@dataclass(frozen=True)
class Linear:
    """A fitted classifier. Weights are features × labels; scales and shifts make margins probabilities.

    `unknown` is the label of what no other covers. A row that is stranger than `threshold`, or than
    its language's own in `thresholds`, is better not answered.
    """

    labels: tuple[str, ...]
    weights: Array
    intercepts: Array
    scales: Array
    shifts: Array
    threshold: float
    unknown: str
    thresholds: Mapping[str, float] = field(default_factory=dict)

    def margins(self, indices: Array, values: Array) -> Array:
        """How far on each label's side of its line one row of features lies."""
        result: Array = values @ self.weights[indices].astype(np.float32) + self.intercepts
        return result

    def probabilities(self, indices: Array, values: Array) -> Array:
        """How likely each label is by itself, from 0 to 1, for one row of features."""
        return self.likely(self.margins(indices, values))

    def likely(self, margins: Array) -> Array:
        """Margins as probabilities, each label by itself."""
        result: Array = 1.0 / (1.0 + np.exp(-(margins * self.scales + self.shifts)))
        return result

    def is_strange(self, margins: Array, language: Optional[str] = None) -> bool:
        """Whether a row is better not answered than answered by the best of the known labels."""
        threshold = self.thresholds.get(language or "", self.threshold)
        return bool(strangeness(margins[None, :], self.labels, self.unknown)[0] > threshold)

    def reasons(self, indices: Array, values: Array, label: str) -> list[tuple[int, float]]:
        """Features with what each speaks for a label (above zero) or against it, strongest first."""
        at = self.labels.index(label)
        shares = values * self.weights[indices, at].astype(np.float32)
        order = np.argsort(-np.abs(shares))
        return [(int(indices[i]), float(shares[i])) for i in order]

    def save(self, folder: Path) -> None:
        """Write numbers as npz and words as JSON."""
        np.savez_compressed(
            folder / "lines.npz",
            weights=self.weights,
            intercepts=self.intercepts,
            scales=self.scales,
            shifts=self.shifts,
        )
        words = {
            "labels": self.labels,
            "unknown": self.unknown,
            "threshold": self.threshold,
            "thresholds": dict(self.thresholds),
        }
        (folder / "lines.json").write_text(json.dumps(words), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Linear:
        """What `save` wrote; OSError or ValueError when it is not all there."""
        words = json.loads((folder / "lines.json").read_text(encoding="utf-8"))
        with np.load(folder / "lines.npz", allow_pickle=False) as numbers:
            return cls(
                labels=tuple(words["labels"]),
                weights=numbers["weights"],
                intercepts=numbers["intercepts"],
                scales=numbers["scales"],
                shifts=numbers["shifts"],
                threshold=float(words["threshold"]),
                unknown=str(words["unknown"]),
                thresholds={str(k): float(v) for k, v in words["thresholds"].items()},
            )


def strangeness(margins: Array, labels: Sequence[str], unknown: str) -> Array:
    """How much nearer each row lies to the unknown than to any known label.

    Where nothing unknown was learnt from, how far it lies from every known label.
    """
    at = list(labels).index(unknown) if unknown in labels else None
    if at is None:
        result: Array = -margins.max(axis=1)
        return result
    known = np.delete(margins, at, axis=1).max(axis=1)
    result = margins[:, at] - known
    return result


def fit(
    rows: Array,
    labels: Sequence[str],
    *,
    weights: Array,
    penalty: float,
    unknown: str,
    caution: float,
    languages: Optional[Sequence[str]] = None,
) -> Linear:
    """Fit, calibrate and choose the thresholds, both on folds that the lines never saw.

    `rows` is a sparse matrix, `unknown` the label of what no intent covers, `caution` how much
    recognising that weighs against answering what is known; `languages` has one for each row.
    """
    names = np.array(labels)
    margins, classes, lines = _held_out(rows, names, weights, penalty)
    scales, shifts = _calibrate(margins, names, classes, weights)
    judged = _Judged.of(margins, names, classes, weights, unknown=unknown)
    threshold, thresholds = _thresholds(judged, languages, caution=caution)
    return Linear(
        labels=tuple(str(label) for label in lines.classes_),
        # Half the memory; margins change in their fourth place.
        weights=np.ascontiguousarray(lines.coef_.T, dtype=np.float16),
        intercepts=lines.intercept_.astype(np.float32),
        scales=scales.astype(np.float32),
        shifts=shifts.astype(np.float32),
        threshold=threshold,
        unknown=unknown,
        thresholds=thresholds,
    )


def _svm(penalty: float) -> Any:
    from sklearn.svm import LinearSVC

    # A finer tolerance takes twice as long and tells nothing more apart.
    return LinearSVC(C=penalty, random_state=SEED, tol=0.01)


def _held_out(rows: Array, names: Array, weights: Array, penalty: float) -> tuple[Array, Array, Any]:
    """The margins of every example by lines that never saw it, the labels, and the lines of all."""
    from joblib import Parallel, delayed
    from sklearn.model_selection import StratifiedKFold

    folds = list(StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(names, names))
    parts = [train for train, _ in folds] + [np.arange(len(names))]
    # In processes of their own: liblinear draws from one chance for all threads of a process.
    *partly, whole = Parallel(n_jobs=_JOBS if len(names) > _FEW else 1)(
        delayed(_lines)(rows[part], names[part], weights[part], penalty) for part in parts
    )
    margins = np.zeros((len(names), len(whole.classes_)))
    for lines, (_, test) in zip(partly, folds, strict=True):
        margins[test] = lines.decision_function(rows[test])
    return margins, whole.classes_, whole


def _lines(rows: Array, names: Array, weights: Array, penalty: float) -> Any:
    return _svm(penalty).fit(rows, names, sample_weight=weights)


def _calibrate(margins: Array, names: Array, classes: Array, weights: Array) -> tuple[Array, Array]:
    """A sigmoid for each class, so that 0.8 means right in eight of ten."""
    from sklearn.linear_model import LogisticRegression

    scales, shifts = np.zeros(len(classes)), np.zeros(len(classes))
    for at, name in enumerate(classes):
        curve = LogisticRegression(C=100.0).fit(margins[:, [at]], names == name, sample_weight=weights)
        scales[at], shifts[at] = curve.coef_[0, 0], curve.intercept_[0]
    return scales, shifts


@dataclass(frozen=True)
class _Judged:
    """Held-out rows: how strange each is, whether it is unknown, and right if answered."""

    strange: Array
    is_unknown: Array
    is_right: Array
    weights: Array

    @classmethod
    def of(cls, margins: Array, names: Array, classes: Array, weights: Array, *, unknown: str) -> _Judged:
        known = margins.copy()
        known[:, classes == unknown] = -np.inf
        return cls(
            strange=strangeness(margins, [str(name) for name in classes], unknown),
            is_unknown=names == unknown,
            is_right=classes[known.argmax(axis=1)] == names,
            weights=weights,
        )

    def some(self, rows: Array) -> _Judged:
        return _Judged(self.strange[rows], self.is_unknown[rows], self.is_right[rows], self.weights[rows])

    def balance(self, thresholds: Array, caution: float) -> Array:
        """At each threshold: known rows answered rightly, and unknown ones told so `caution` times."""
        known = self.weights * ~self.is_unknown
        answered = _share_up_to(self.strange, known * self.is_right, thresholds) / max(known.sum(), 1e-9)
        unknown = self.weights * self.is_unknown
        if not unknown.any():
            return answered
        told = 1.0 - _share_up_to(self.strange, unknown, thresholds) / unknown.sum()
        result: Array = answered + caution * told
        return result


def _share_up_to(values: Array, weights: Array, bounds: Array) -> Array:
    """The weight of the values up to each bound."""
    order = np.argsort(values)
    heavy = np.concatenate([[0.0], np.cumsum(weights[order])])
    result: Array = heavy[np.searchsorted(values[order], bounds, side="right")]
    return result


def _thresholds(
    judged: _Judged, languages: Optional[Sequence[str]], *, caution: float
) -> tuple[float, dict[str, float]]:
    """The best threshold over all rows, and each language's own, which leans on that of all."""
    bounds = np.arange(-_WIDEST, _WIDEST, _STEP)
    overall = judged.balance(bounds, caution)
    own: dict[str, float] = {}
    spoken = np.array(languages if languages is not None else [])
    for language in sorted(set(spoken)):
        some = judged.some(spoken == language)
        if some.is_unknown.sum() >= _FEWEST_UNKNOWN:
            own[str(language)] = float(bounds[(some.balance(bounds, caution) + overall).argmax()])
    return float(bounds[overall.argmax()]), own
