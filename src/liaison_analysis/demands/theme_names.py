"""Names of themes: a noun or phrase of the texts, or two of them where one covers too little."""

from __future__ import annotations

import functools
import re
from collections import Counter
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liaison_analysis.demands.naming import CLAUSE, STOP_WORDS, is_content
from liaison_analysis.text import person_words, tagged_words, topic_shares, unit_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from liaison_analysis.demands.representation import Floats

# Kinds of words (jieba's tags) that a name consists of: nouns, verbs, adjectives, set phrases, short forms;
# no places, persons, firms, numbers, pronouns or particles. A phrase ends with no bare verb.
_NAMING: Final = re.compile(r"^(?:n|nz|v|vn|a|an|b|i|l|j|eng)$")
_ENDING: Final = re.compile(r"^(?:n|nz|vn|a|an|i|l|j)$")
_NOUN: Final = re.compile(r"^(?:n|nz|vn|an|l|j|eng)$")

# Words that say what is wrong, and may end a phrase although they are short or in the stop list.
_WRONG: Final = frozenset("不足 太少 太多 太高 太贵 困难 严重 难 慢 贵 少 差 远".split())  # noqa: SIM905 - a list to read

# Words of a firm's name, of where something is, of anybody, of the form of a message and of how it asks.
_NO_SUBJECT: Final = frozenset(
    "有限公司 责任公司 股份 集团 外省 省内 省外 市内 区内 沿海 国内 国外 外头 跟前 "  # noqa: SIM905
    "男子 女子 网友 组图 附图 图文 快讯 视频 报道 盘点 办理 存在 加快 增加 认识".split()
)

# Characters of a phrase, words in it, and characters of two parts together (judgement).
_SHORTEST, _LONGEST, _MOST_WORDS, _LONGEST_PAIR = 4, 10, 3, 9
# Texts that must hold a part: one may be about a firm's own matter, and so may less than 2 % (judgement).
_TEXTS_OF_PART, _SHARE_OF_PART = 2, 0.02
# A part holds one of so many best words of its theme; a bare verb is one of the first few (judgement).
_BEST, _BEST_VERBS = 25, 5
# Single words and phrases of a theme that are compared by meaning: their sentence vectors take the time.
_WORDS_KEPT, _PHRASES_KEPT = 10, 18
# Parts that are tried in pairs (judgement).
_PAIRED: Final = 10

# Two parts make a name where each is used more in this theme than elsewhere (share of its uses, texts of each
# theme counted alike), few texts of the rarer hold both (or they are one matter), and the rarer is not much
# rarer than the other (judgement).
_LEAST_OWN, _MOST_SHARED, _LEAST_RATIO = 0.35, 0.25, 0.35

# Score of a name: its cosine to the theme less half of that to the next theme, plus 0.15 × the logarithm of
# the share of the theme's texts that hold it, and what kinds of names read better or worse by. Chosen by
# reading the names of a hundred themes of public sets, the sample and regions against their texts, 2026-12.
_OTHER, _COVERAGE = 0.5, 0.15
_OF_PHRASE, _OF_PAIR, _OF_NAME, _OF_VERB, _OF_VERB_NOUN = 0.08, -0.06, -0.1, -0.05, -0.02


@dataclass(frozen=True)
class NamePart:
    """A word or phrase that could name a theme.

    Attributes
    ----------
    name
        As it stands in the texts.
    n_words
        Number of its words.
    kinds
        jieba's tag of each word.
    holds
        For each text of the theme that was read, whether it holds all words: (texts,).
    own
        Share of the uses of its words that fall to this theme, 0–1, each theme with as many texts.
    """

    name: str
    n_words: int
    kinds: tuple[str, ...]
    holds: np.ndarray[Any, np.dtype[np.bool_]]
    own: float

    @property
    def bonus(self) -> float:
        """What its kind adds to its score: phrases read better, proper names and bare verbs worse."""
        if any(kind in {"nz", "eng"} for kind in self.kinds):
            of_kind = _OF_NAME
        else:
            of_kind = {"v": _OF_VERB, "vn": _OF_VERB_NOUN}.get("".join(self.kinds), 0.0)
        return of_kind + _OF_PHRASE * (self.n_words > 1)


def name_parts(texts: Sequence[Sequence[str]], terms: Sequence[Sequence[str]]) -> list[list[NamePart]]:
    """List words and phrases that could name each theme.

    A part is one noun, one of the theme's best verbs, or a run of two or three nouns, verbs and adjectives of
    4 to 10 characters inside a clause. It has no places, persons, firms or words of the stop list, holds one
    of the theme's words, and occurs in two texts at least.

    Parameters
    ----------
    texts
        Cleaned texts of each theme.
    terms
        Words of each theme, the best first.

    Returns
    -------
    list[list[NamePart]]
        For each theme at most 10 words and 18 phrases, first those whose words weigh most and that most texts
        hold.

    Examples
    --------
    >>> texts = [["请问员工停车位不足怎么办", "员工停车位太少", "我厂员工停车位不足"]]
    >>> [part.name for part in name_parts(texts, [["停车位", "员工"]])[0]]
    ['停车位', '员工', '员工停车位', '员工停车位不足', '停车位不足']
    """
    read = [[_clauses(text) for text in of_theme] for of_theme in texts]
    held = [[{word for clause in text for word, *_ in clause} for text in of_theme] for of_theme in read]
    uses = []
    for of_theme in held:
        counts = Counter(word for has in of_theme for word in has)
        uses.append({word: n / len(of_theme) for word, n in counts.items()})
    total: Counter[str] = Counter()
    for shares in uses:
        total.update(shares)
    return [
        _parts(clauses, has, shares, terms=words[:_BEST], total=total)
        for clauses, has, shares, words in zip(read, held, uses, terms, strict=True)
    ]


_Word = tuple[str, str, str, bool]  # in lower case, as written, tag, whether it may stand in a name


def _clauses(text: str) -> list[list[_Word]]:
    persons = person_words(text)
    return [
        [
            (word.lower(), word, _kind(word, tag), word not in persons and _usable(word, tag))
            for word, tag in tagged
        ]
        for tagged in map(tagged_words, CLAUSE.split(text))
    ]


@functools.lru_cache(maxsize=20_000)
def _kind(word: str, tag: str) -> str:
    """Give a word's tag; a noun is what the thesaurus knows, although jieba takes 幼儿园 for a person."""
    return "n" if tag == "nr" and topic_shares([word]).any() else tag


def _usable(word: str, tag: str) -> bool:
    if word in _WRONG:
        return True
    return is_content(word) and word not in _NO_SUBJECT and _NAMING.match(_kind(word, tag)) is not None


def _runs(clause: Sequence[_Word]) -> list[tuple[_Word, ...]]:
    """List the runs of one to three words that may stand in a name."""
    runs = []
    for start in range(len(clause)):
        for end in range(start + 1, min(start + _MOST_WORDS, len(clause)) + 1):
            if not clause[end - 1][3]:
                break
            runs.append(tuple(clause[start:end]))
    return runs


def _reads(run: tuple[_Word, ...], terms: Sequence[str]) -> bool:
    """Whether a run reads as a noun or phrase about the theme of these words."""
    words, tags = [word for word, *_ in run], [tag for *_, tag, _ in run]
    if not any(word in terms for word in words) or len(set(words)) < len(words):
        return False
    if len(run) == 1:
        return words[0] not in STOP_WORDS and (
            _NOUN.match(tags[0]) is not None or (tags[0] == "v" and words[0] in terms[:_BEST_VERBS])
        )
    return (
        _SHORTEST <= sum(map(len, words)) <= _LONGEST
        and (_ENDING.match(tags[-1]) is not None or words[-1] in _WRONG)
        and not any(word in _WRONG for word in words[:-1])
        and any(_NOUN.match(tag) for tag in tags)
    )


def _parts(
    read: list[list[list[_Word]]],
    held: list[set[str]],
    uses: dict[str, float],
    *,
    terms: Sequence[str],
    total: Counter[str],
) -> list[NamePart]:
    """Parts of one theme, words before phrases."""
    texts_of: Counter[tuple[_Word, ...]] = Counter()
    for text in read:
        texts_of.update({run for clause in text for run in _runs(clause) if _reads(run, terms)})
    weight = {term: 1 / (rank + 2) for rank, term in enumerate(terms)}
    scored: dict[str, tuple[float, NamePart]] = {}
    for run, n_texts in texts_of.items():
        if n_texts < max(_TEXTS_OF_PART, _SHARE_OF_PART * len(read)):
            continue
        words = [word for word, *_ in run]
        holds = np.array([has.issuperset(words) for has in held])
        own = float(np.mean([uses[word] / total[word] for word in words]))
        name = "".join(word for _, word, *_ in run)
        part = NamePart(name, len(run), tuple(tag for *_, tag, _ in run), holds, own)
        score = (
            sum(weight.get(word, 0.0) for word in words) / len(run) ** 0.5 * float(1 + np.log(holds.sum()))
        )
        scored.setdefault(name, (round(score, 9), part))
    ordered = sorted(scored.values(), key=lambda pair: (-pair[0], len(pair[1].name), pair[1].name))
    parts = [part for _, part in ordered]
    single = [part for part in parts if part.n_words == 1]
    return single[:_WORDS_KEPT] + [part for part in parts if part.n_words > 1][:_PHRASES_KEPT]


def ranked_names(
    parts: Sequence[NamePart], centres: Floats, theme: int, *, vectors_of: Callable[[list[str]], Floats]
) -> list[str]:
    """Rank the names of a theme, the best first: its parts, and pairs of parts joined by 与.

    A name's score is its cosine to the theme's centre less half of that to the next theme, plus a share of
    the logarithm of its coverage; of a pair the sum of both vectors counts, and the texts that hold one of
    them. Two parts are joined where both belong to this theme more than to others and seldom occur together.

    Parameters
    ----------
    parts
        Of the theme, from ``name_parts``.
    centres
        Centres of all themes, rows of length 1.
    theme
        Number of the theme.
    vectors_of
        Gives coordinates of texts, rows of length 1, in the space of the centres.

    Returns
    -------
    list[str]
        Names; none where there are no parts.
    """
    if not parts:
        return []
    vectors = np.asarray(vectors_of([part.name for part in parts]), dtype=np.float64)

    def scores(rows: np.ndarray[Any, Any], coverage: Sequence[float], bonus: Sequence[float]) -> Any:
        cosines = rows @ centres.T.astype(np.float64)
        own = cosines[:, theme].copy()
        cosines[:, theme] = -1.0
        score = own - _OTHER * cosines.max(axis=1) + _COVERAGE * np.log(coverage) + np.asarray(bonus)
        return np.round(score, 6)

    alone = scores(vectors, [float(part.holds.mean()) for part in parts], [part.bonus for part in parts])
    names = dict(zip((part.name for part in parts), alone.tolist(), strict=True))
    best = [int(i) for i in np.argsort(-alone, kind="stable") if parts[i].own >= _LEAST_OWN][:_PAIRED]
    pairs = [(i, j) for i, j in combinations(best, 2) if _complement(parts[i], parts[j])]
    if pairs:
        both = [(parts[i], parts[j]) for i, j in pairs]
        joined = scores(
            unit_rows(np.array([vectors[i] + vectors[j] for i, j in pairs])),
            [float((a.holds | b.holds).mean()) for a, b in both],
            [_OF_PAIR + a.bonus + b.bonus - _OF_PHRASE * (a.n_words > 1 and b.n_words > 1) for a, b in both],
        )
        for (a, b), score in zip(both, joined.tolist(), strict=True):
            first, second = sorted((a, b), key=lambda part: (-int(part.holds.sum()), part.name))
            names[f"{first.name}与{second.name}"] = score
    return sorted(names, key=lambda name: (-names[name], len(name), name))


def _complement(a: NamePart, b: NamePart) -> bool:
    """Whether two parts say more together than each alone, and can stand beside each other."""
    if set(a.name) & set(b.name) or len(a.name) + len(b.name) > _LONGEST_PAIR:
        return False
    if not all(_NOUN.match(kind) for kind in a.kinds + b.kinds):  # 污染严重 and 想换国产 are no things
        return False
    rarer, other = sorted((int(a.holds.sum()), int(b.holds.sum())))
    shared = int((a.holds & b.holds).sum())
    return shared <= _MOST_SHARED * rarer and rarer >= _LEAST_RATIO * other
