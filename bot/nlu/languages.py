"""Which language a text is in: scripts, then character n-grams learnt from our own examples.

No Rasa in here, and numpy only.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Iterable, Mapping, Optional, Sequence

import numpy as np

from bot.nlu.features import char_ngrams
from bot.nlu.text import HAN, KANA, plain
from bot.yamls import read_yaml

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
_FOREIGN = -1.0  # nats in favour of each language that the assistant does not understand
_FOREIGN_LETTERS = 5.0  # nats for each word with a letter that none of ours has
_MOST_FOREIGN_WORDS = 3
# Ours have thousands of examples, a foreign one some sixty lines: they weigh this share of one of ours.
_FOREIGN_SHARE = 0.3
_LEAST_FOREIGN = 2  # lines in which a piece that ours hardly have must stand
_NEVER = -1e6

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
# Scripts of ours in which languages are written that are not.
_SHARED = ("ru", "ar")
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
class Foreign:
    """A language that the assistant does not understand: lines in it, and letters that none of ours has."""

    texts: tuple[str, ...] = ()
    letters: str = ""


def read_foreign(folder: Path) -> dict[str, Foreign]:
    """Languages by ISO 639-1, as data/foreign/<language>.yml describes them; ValueError names a bad file."""
    found = {}
    for path in sorted(folder.glob("*.yml")):
        row: Any = read_yaml(path)
        texts = row.get("texts") if isinstance(row, dict) else None
        if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
            raise ValueError(f"{path}: expected texts, a list of lines in this language.")
        found[path.stem] = Foreign(tuple(texts), str(row.get("letters") or ""))
    return found


@dataclass(frozen=True)
class Letters:
    """Languages told apart by how their words are spelt.

    `foreign` are those of them that the assistant does not understand, each with the language of ours
    whose script it is written in ("" is Latin); `telling` says which of them a letter tells.
    """

    languages: tuple[str, ...]
    places: Mapping[str, int]
    evidence: Any
    foreign: Mapping[str, str] = field(default_factory=dict)
    telling: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def fit(
        cls, texts: Iterable[tuple[str, str, float]], *, foreign: Optional[Mapping[str, Foreign]] = None
    ) -> Letters:
        """Learn from (text, language, weight), and from foreign lines; what is seen once teaches nothing."""
        rows = list(texts)
        ours = {language for _, language, _ in rows}
        others = {language: row for language, row in (foreign or {}).items() if language not in ours}
        languages = tuple(sorted({*ours, *others}))
        place = {language: at for at, language in enumerate(languages)}
        seen: dict[str, list[float]] = {}
        for text, language, weight in rows:
            at = place[language]
            for piece in _pieces(text):
                found = seen.get(piece)
                if found is None:
                    found = seen[piece] = [0.0] * len(languages)
                found[at] += weight
        usual = sum(sum(counts) for counts in seen.values()) / max(1, len(ours))
        seen = {piece: counts for piece, counts in seen.items() if sum(counts) >= _LEAST_SEEN}
        for language, row in others.items():
            times = Counter(piece for text in row.texts for piece in _pieces(text))
            weight = _FOREIGN_SHARE * usual / sum(times.values())
            for piece, count in times.items():
                if piece not in seen and count >= _LEAST_FOREIGN:
                    seen[piece] = [0.0] * len(languages)
                if piece in seen:
                    seen[piece][place[language]] += weight * count
        kept = sorted(seen)
        counts = np.array([seen[piece] for piece in kept])
        evidence = np.log((counts + _SMOOTHING) / (counts.sum(axis=0) + _SMOOTHING * len(kept)))
        evidence -= evidence.mean(axis=1, keepdims=True)
        return cls(
            languages,
            {piece: at for at, piece in enumerate(kept)},
            evidence.astype(np.float16),
            {language: _shared_script(row.texts) for language, row in others.items()},
            _telling(others),
        )

    def likely(self, text: str, *, favour: Mapping[str, float]) -> list[tuple[str, float]]:
        """Languages with how likely each is, likeliest first; `favour` is in nats."""
        at = [self.places[piece] for piece in _pieces(text) if piece in self.places]
        score = np.array([favour.get(language, 0.0) for language in self.languages])
        if at:
            score = score + self.evidence[at].sum(axis=0, dtype=np.float32) * _TEMPERING
        share = np.exp(score - score.max())
        share /= share.sum()
        order = np.argsort(-share, kind="stable")
        return [(self.languages[i], float(share[i])) for i in order]

    def told(self, text: str) -> Mapping[str, int]:
        """Foreign languages with how many words of a text have a letter of theirs that none of ours has.

        A word in capitals amid others is a name: people live in Łódź and are called Yıldız.
        """
        if text.isascii() or not self.telling:
            return {}
        found: Counter[str] = Counter()
        is_loud = text.isupper()
        for at, word in enumerate(unicodedata.normalize("NFC", text).split()):
            if at == 0 or is_loud or not word.lstrip("\"'(¿¡").istitle():
                found.update({language for char in word for language in self.telling.get(char, ())})
        return {language: min(count, _MOST_FOREIGN_WORDS) for language, count in found.items()}

    def is_foreign(self, decision: Decision) -> bool:
        """Whether a text was found to be in a language that nobody taught; a mere locale tells nothing."""
        if decision.by not in ("script", "spelling"):
            return False
        return decision.language in self.foreign or decision.language not in self.languages

    def save(self, folder: Path) -> None:
        """Write numbers as npz and words as JSON."""
        np.savez_compressed(folder / "letters.npz", evidence=self.evidence)
        words = {
            "languages": self.languages,
            "foreign": dict(self.foreign),
            "telling": dict(self.telling),
            "pieces": list(self.places),
        }
        (folder / "letters.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Letters:
        """What `save` wrote."""
        words = json.loads((folder / "letters.json").read_text(encoding="utf-8"))
        with np.load(folder / "letters.npz", allow_pickle=False) as numbers:
            evidence = numbers["evidence"]
        return cls(
            tuple(words["languages"]),
            {piece: at for at, piece in enumerate(words["pieces"])},
            evidence,
            words["foreign"],
            {char: tuple(languages) for char, languages in words["telling"].items()},
        )


def decide(text: str, letters: Letters, known: Known, *, said: Optional[str] = None) -> Decision:
    """The language to answer a text in, or the foreign one that it is in.

    In this order: the customer's own choice, the conversation so far, the script, spelling,
    langdetect, the storefront's locale. `said` is the text without what it refers to: a size, a
    colour or a country is spelt alike in many languages.
    """
    if known.chosen:
        return Decision(known.chosen, "choice")
    said = text if said is None else said
    script = script_of(text)
    if script:
        return (_in_script(said, script, letters, known) if script in _SHARED else None) or Decision(
            script, "script"
        )
    words = _spelling(said).split()
    home = (known.locale or "").replace("_", "-").split("-")[0].lower() or None
    if known.so_far and len(words) < FEWEST_WORDS:
        return Decision(known.so_far, "conversation")
    if not words:
        return Decision(home or DEFAULT, "locale" if home else "default")
    favour = {language: _SPOKEN for language in known.spoken}
    if home and not known.so_far:
        favour[home] = favour.get(home, 0.0) + _HOME
    told = letters.told(said)
    ranked = letters.likely(said, favour=favour | _foreign_favour(letters, told))
    strange = _foreign(ranked, letters, known, is_short=len(words) < FEWEST_WORDS, told=told)
    if strange:
        return strange
    ranked = _without(ranked, letters.foreign)
    likely = tuple(ranked[:_TOLD])
    best, sure = ranked[0]
    if known.so_far:
        by_now = (best, "spelling") if sure >= _VERY_SURE else (known.so_far, "conversation")
        return Decision(*by_now, likely)
    # A word or two must be very foreign to leave the storefront's language.
    if sure >= (_SURE if home is None or len(words) >= FEWEST_WORDS else _VERY_SURE):
        return Decision(best, "spelling", likely)
    guessed = _detected(said, tuple(known.spoken)) if _long(words) else None
    if guessed and guessed in [language for language, _ in ranked[:2]]:
        return Decision(guessed, "langdetect", likely)
    if home:
        return Decision(home, "locale", likely)
    return Decision(*((best, "spelling") if sure >= _LIKELY else (DEFAULT, "default")), likely)


def _in_script(said: str, script: str, letters: Letters, known: Known) -> Optional[Decision]:
    """A foreign language that is written in a script of ours, when the text is surely in it."""
    others = [language for language, shared in letters.foreign.items() if shared == script]
    is_short = len(_spelling(said).split()) < FEWEST_WORDS
    told = letters.told(said)
    if not others or (is_short and (known.so_far or not told)):
        return None
    never = {language: _NEVER for language in letters.languages if language not in (script, *others)}
    ranked = letters.likely(said, favour={**_foreign_favour(letters, told), **never})
    return _foreign(ranked, letters, known, is_short=is_short, told=told)


def _foreign(
    ranked: Sequence[tuple[str, float]],
    letters: Letters,
    known: Known,
    *,
    is_short: bool,
    told: Mapping[str, int],
) -> Optional[Decision]:
    """The likeliest foreign language, when the text is surely in one of them, whichever it is."""
    if is_short and not told:
        return None
    sure = sum(share for language, share in ranked if language in letters.foreign)
    if sure < (_VERY_SURE if known.so_far or is_short else _SURE):
        return None
    best = next(language for language, _ in ranked if language in letters.foreign)
    return Decision(best, "spelling", tuple(ranked[:_TOLD]))


def _foreign_favour(letters: Letters, told: Mapping[str, int]) -> dict[str, float]:
    return {language: _FOREIGN + _FOREIGN_LETTERS * told.get(language, 0) for language in letters.foreign}


def _without(ranked: Sequence[tuple[str, float]], foreign: Mapping[str, str]) -> list[tuple[str, float]]:
    """The languages of ours alone, with how likely each is among them."""
    ours = [(language, share) for language, share in ranked if language not in foreign]
    whole = sum(share for _, share in ours)
    return [(language, share / whole) for language, share in ours] if whole else ours


def _shared_script(texts: Sequence[str]) -> str:
    script = script_of(" ".join(texts))
    return script if script in _SHARED else ""


def _telling(foreign: Mapping[str, Foreign]) -> dict[str, tuple[str, ...]]:
    """Letters, small and capital, with the foreign languages that have them and ours have not."""
    told: dict[str, tuple[str, ...]] = {}
    for language, row in foreign.items():
        for char in sorted({*row.letters, *row.letters.upper()}):
            if not char.isascii():  # a Turkish ı is an I among capitals
                told[char] = (*told.get(char, ()), language)
    return told


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
