"""Which language a text is in: scripts, then character n-grams learnt from our own examples.

No Rasa in here, and numpy only.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Iterable, Mapping, Optional, Sequence

import numpy as np

from bot.nlu.features import char_ngrams
from bot.nlu.text import HAN, KANA, plain

DEFAULT = "en"
# A text of fewer words never takes a conversation to another language, whatever it looks like.
FEWEST_WORDS = 3
_FEWEST_LETTERS = 20
_SURE = 0.8  # of a language at the start of a conversation
_VERY_SURE = 0.95  # of another language in the middle of one
_LIKELY = 0.5
_TOLD = 3  # languages that a decision names
_LONGEST = 4
_SMOOTHING = 0.2
_LEAST_SEEN = 5.0  # lower takes twice the memory and is right no more often
# Character n-grams overlap, so their sum is far too sure of itself.
_TEMPERING = 0.25
_SPOKEN = 0.7  # nats in favour of a language that the assistant speaks
_HOME = 1.5  # nats in favour of the storefront's own

# Languages of Latin letters that langdetect may name: all that it knows would take 60 MB.
_DETECTED = (
    *("en", "es", "de", "pt", "fr", "it", "nl", "pl", "tr"),
    *("sv", "da", "no", "cs", "ro", "hu", "vi", "id", "fi"),
)

_SCRIPTS = (
    ("ja", re.compile(f"[{KANA}]")),
    ("zh", re.compile(f"[{HAN}]")),
    ("ko", re.compile("[\uac00-\ud7af\u1100-\u11ff]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("ar", re.compile("[\u0600-\u06ff\u0750-\u077f]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
    ("hi", re.compile("[\u0900-\u097f]")),
)
_SCRIPT_SHARE = 0.25
_NO_LETTERS = re.compile(r"@(?:mail|link)|[^\w\s'’]|[\d_]")


@dataclass(frozen=True)
class Decision:
    """A language (ISO 639-1), what spoke for it, and how likely the spelling made which, if it was asked."""

    language: str
    by: str
    likely: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Known:
    """What is known before the text is looked at; languages are ISO 639-1, `locale` is BCP 47."""

    chosen: Optional[str] = None
    so_far: Optional[str] = None
    locale: Optional[str] = None
    spoken: tuple[str, ...] = ()


@dataclass(frozen=True)
class Letters:
    """Languages told apart by how their words are spelt."""

    languages: tuple[str, ...]
    places: Mapping[str, int]
    evidence: Any

    @classmethod
    def fit(cls, texts: Iterable[tuple[str, str, float]]) -> Letters:
        """Learn from (text, language, weight); what is seen once teaches nothing."""
        rows = list(texts)
        languages = tuple(sorted({language for _, language, _ in rows}))
        place = {language: at for at, language in enumerate(languages)}
        seen: dict[str, list[float]] = {}
        for text, language, weight in rows:
            at = place[language]
            for piece in _pieces(text):
                found = seen.get(piece)
                if found is None:
                    found = seen[piece] = [0.0] * len(languages)
                found[at] += weight
        everything = np.array(list(seen.values()))
        sizes = everything.sum(axis=0)
        kept = sorted(piece for piece, counts in seen.items() if sum(counts) >= _LEAST_SEEN)
        counts = np.array([seen[piece] for piece in kept])
        evidence = np.log((counts + _SMOOTHING) / (sizes + _SMOOTHING * len(kept)))
        evidence -= evidence.mean(axis=1, keepdims=True)
        return cls(languages, {piece: at for at, piece in enumerate(kept)}, evidence.astype(np.float32))

    def likely(self, text: str, *, favour: Mapping[str, float]) -> list[tuple[str, float]]:
        """Languages with how likely each is, likeliest first; `favour` is in nats."""
        at = [self.places[piece] for piece in _pieces(text) if piece in self.places]
        score = np.array([favour.get(language, 0.0) for language in self.languages])
        if at:
            score = score + self.evidence[at].sum(axis=0) * _TEMPERING
        share = np.exp(score - score.max())
        share /= share.sum()
        order = np.argsort(-share, kind="stable")
        return [(self.languages[i], float(share[i])) for i in order]

    def save(self, folder: Path) -> None:
        """Write numbers as npz and words as JSON."""
        np.savez_compressed(folder / "letters.npz", evidence=self.evidence)
        words = {"languages": self.languages, "pieces": list(self.places)}
        (folder / "letters.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Letters:
        """What `save` wrote."""
        words = json.loads((folder / "letters.json").read_text(encoding="utf-8"))
        with np.load(folder / "letters.npz", allow_pickle=False) as numbers:
            evidence = numbers["evidence"]
        return cls(
            tuple(words["languages"]), {piece: at for at, piece in enumerate(words["pieces"])}, evidence
        )


def decide(text: str, letters: Letters, known: Known, *, said: Optional[str] = None) -> Decision:
    """The language to answer a text in.

    In this order: the customer's own choice, the conversation so far, the script, spelling,
    langdetect, the storefront's locale. `said` is the text without what it refers to: a size, a
    colour or a country is spelt alike in many languages.
    """
    if known.chosen:
        return Decision(known.chosen, "choice")
    script = script_of(text)
    if script:
        return Decision(script, "script")
    said = text if said is None else said
    words = _spelling(said).split()
    home = (known.locale or "").replace("_", "-").split("-")[0].lower() or None
    if known.so_far and len(words) < FEWEST_WORDS:
        return Decision(known.so_far, "conversation")
    if not words:
        return Decision(home or DEFAULT, "locale" if home else "default")
    favour = {language: _SPOKEN for language in known.spoken}
    if home and not known.so_far:
        favour[home] = favour.get(home, 0.0) + _HOME
    ranked = letters.likely(said, favour=favour)
    likely = tuple(ranked[:_TOLD])
    best, sure = ranked[0]
    if known.so_far:
        told = (best, "spelling") if sure >= _VERY_SURE else (known.so_far, "conversation")
        return Decision(*told, likely)
    # A word or two must be very foreign to leave the storefront's language.
    if sure >= (_SURE if home is None or len(words) >= FEWEST_WORDS else _VERY_SURE):
        return Decision(best, "spelling", likely)
    guessed = _detected(said, tuple(known.spoken)) if _long(words) else None
    if guessed and guessed in [language for language, _ in ranked[:2]]:
        return Decision(guessed, "langdetect", likely)
    if home:
        return Decision(home, "locale", likely)
    told = (best, "spelling") if sure >= _LIKELY else (DEFAULT, "default")
    return Decision(*told, likely)


def script_of(text: str) -> Optional[str]:
    """The language that a script alone tells, or None; Latin letters tell nothing.

    One Chinese character weighs two letters. Kana make a text Japanese, however much Han it has.
    """
    letters = sum(char.isalpha() for char in text)
    found = {language: len(pattern.findall(text)) for language, pattern in _SCRIPTS}
    han, kana = found["zh"], found["ja"]
    if kana:
        found["ja"], found["zh"] = kana + han, 0
    weights = {k: n * (2 if k in ("ja", "zh") else 1) for k, n in found.items() if n}
    if not weights:
        return None
    language = max(weights, key=lambda k: weights[k])
    return language if weights[language] / (letters + han + kana) >= _SCRIPT_SHARE else None


def _long(words: Sequence[str]) -> bool:
    return len(words) >= FEWEST_WORDS and sum(map(len, words)) >= _FEWEST_LETTERS


def _spelling(text: str) -> str:
    return _NO_LETTERS.sub(" ", plain(text))


def _pieces(text: str) -> list[str]:
    return list(dict.fromkeys(char_ngrams(_spelling(text), _LONGEST)))


@lru_cache(maxsize=4096)
def _detected(text: str, spoken: tuple[str, ...]) -> Optional[str]:
    """What langdetect says when it is sure; it is right on about half of short chat texts."""
    factory = _factory()
    from langdetect.lang_detect_exception import LangDetectException

    detector = factory.create()
    detector.set_prior_map({code: 4.0 if code in spoken else 1.0 for code in factory.langlist})
    detector.append(text)
    try:
        ranked = detector.get_probabilities()
    except LangDetectException:
        return None
    return str(ranked[0].lang) if ranked and ranked[0].prob >= 0.9 else None


@lru_cache(maxsize=1)
def _factory() -> Any:
    """langdetect with our languages; loaded with the first text that needs it, in 30 ms."""
    from langdetect import DetectorFactory
    from langdetect.detector_factory import PROFILES_DIRECTORY

    DetectorFactory.seed = 0
    factory = DetectorFactory()
    profiles = [Path(PROFILES_DIRECTORY) / language for language in _DETECTED]
    factory.load_json_profile([profile.read_text(encoding="utf-8") for profile in profiles])
    return factory
