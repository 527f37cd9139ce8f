"""One line between each intent and all others, how sure each of them is, and when to rather not say.

Serving needs numpy only; scikit-learn is imported where lines are fitted.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Sequence

import numpy as np

Array = Any  # numpy's own types say nothing that a reader needs here
FOLDS = 4
SEED = 0


@dataclass(frozen=True)
class Linear:
    """A fitted classifier. Weights are features × labels; scales and shifts make margins probabilities."""

    labels: tuple[str, ...]
    weights: Array
    intercepts: Array
    scales: Array
    shifts: Array
    threshold: float

    def probabilities(self, indices: Array, values: Array) -> Array:
        """How likely each label is by itself, from 0 to 1, for one row of features."""
        margins = values @ self.weights[indices] + self.intercepts
        result: Array = 1.0 / (1.0 + np.exp(-(margins * self.scales + self.shifts)))
        return result

    def reasons(self, indices: Array, values: Array, label: str) -> list[tuple[int, float]]:
        """Features with what each speaks for a label (above zero) or against it, strongest first."""
        at = self.labels.index(label)
        shares = values * self.weights[indices, at]
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
        words = {"labels": self.labels, "threshold": self.threshold}
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
            )


def fit(
    rows: Array, labels: Sequence[str], *, weights: Array, penalty: float, unknown: str, lost: float
) -> Linear:
    """Fit, calibrate and choose the threshold, all on held-out folds.

    `rows` is a sparse matrix, `unknown` the label of what no intent covers. The threshold is the
    highest one that loses at most the share `lost` of what was right.
    """
    names = np.array(labels)
    margins, classes = _held_out(rows, names, weights, penalty)
    scales, shifts = _calibrate(margins, names, classes, weights)
    sure = 1.0 / (1.0 + np.exp(-(margins * scales + shifts)))
    threshold = _threshold(sure, names, classes, weights, unknown=unknown, lost=lost)
    lines = _svm(penalty).fit(rows, names, sample_weight=weights)
    return Linear(
        labels=tuple(str(label) for label in lines.classes_),
        weights=np.ascontiguousarray(lines.coef_.T, dtype=np.float32),
        intercepts=lines.intercept_.astype(np.float32),
        scales=scales.astype(np.float32),
        shifts=shifts.astype(np.float32),
        threshold=threshold,
    )


def _svm(penalty: float) -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=penalty, random_state=SEED)


def _held_out(rows: Array, names: Array, weights: Array, penalty: float) -> tuple[Array, Array]:
    """The margins of every example by lines that never saw it."""
    from sklearn.model_selection import StratifiedKFold

    classes = np.unique(names)
    margins = np.zeros((len(names), len(classes)))
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(names, names):
        lines = _svm(penalty).fit(rows[train], names[train], sample_weight=weights[train])
        margins[test] = lines.decision_function(rows[test])
    return margins, classes


def _calibrate(margins: Array, names: Array, classes: Array, weights: Array) -> tuple[Array, Array]:
    """A sigmoid for each class, so that 0.8 means right in eight of ten."""
    from sklearn.linear_model import LogisticRegression

    scales, shifts = np.zeros(len(classes)), np.zeros(len(classes))
    for at, name in enumerate(classes):
        curve = LogisticRegression(C=100.0).fit(margins[:, [at]], names == name, sample_weight=weights)
        scales[at], shifts[at] = curve.coef_[0, 0], curve.intercept_[0]
    return scales, shifts


def _threshold(
    sure: Array, names: Array, classes: Array, weights: Array, *, unknown: str, lost: float
) -> float:
    best = sure.argmax(axis=1)
    right = (classes[best] == names) & (names != unknown)
    if not right.any():
        return 0.0
    confidence, weight = sure.max(axis=1)[right], weights[right]
    order = np.argsort(confidence)
    share = np.cumsum(weight[order]) / weight.sum()
    return float(confidence[order][np.searchsorted(share, lost)])
