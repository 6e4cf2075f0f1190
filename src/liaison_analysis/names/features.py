"""How well written names fit enterprises' names: candidates by characters, then features and odds of pairs.

Candidates are the nearest names by TF-IDF of characters and pairs of them. Each is scored by a conditional
logit with an outside option (McFadden 1974, "Conditional logit analysis of qualitative choice behavior"). The
features of a pair measure whether the written characters are picked in order from the full name, as Chinese
short names are, whether they begin with its brand, and how rare they are; the outside option is "none of
them".
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liaison_analysis.errors import MissingDependencyError
from liaison_analysis.names.parts import GENERIC, NameParts
from liaison_analysis.names.places import places_differ
from liaison_analysis.text import segmenter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Array = np.ndarray[Any, Any]

#: Features of a pair of a written name and a candidate's name.
FEATURES: Final = (
    "missed",  # share of the written characters that the name does not hold in this order
    "missed_weight",  # the same by inverse document frequency
    "all_found",  # no character is missed
    "scattered",  # weight of matched characters neither at a word's start nor right after another match
    "pairs",  # share of neighbouring characters that are neighbours in the name
    "brand_first",  # first character is the brand's first
    "brand_two",  # first two characters are the brand's
    "place_first",  # first character is the name's first, place included
    "brand_second",  # second character is the brand's first: a place in one character stands before
    "last",  # last character is one of the name's last two
    "covered",  # matched weight as a share of the weight of the name after its place
    "left",  # logarithm of the number of characters left over
    "cosine",  # TF-IDF of characters and pairs
    "surplus",  # matched weight beyond what the best name of so large a roster has by chance
    "sound",  # share of missed characters that sound like one of the name in that place
    "elsewhere",  # both name a place, and the places differ
)
#: Weights of ``FEATURES``, then the constant, for short names and for longer ones (``is_long``): in a short
#: name order and brand have the largest weights, in a long one the share of missed characters.
#: ``benchmarks/names.py --fit`` fits them.
WEIGHTS: Final = np.array(
    [
        [
            -9.285, -1.197, 0.662, -1.093, 0.501, 1.089, 0.507, 0.457, 0.264, 0.148, -0.19, -1.197,
            7.346, 2.417, 10.627, -1.097, -3.029,
        ],
        [
            -6.603, -3.162, -1.511, 0.761, 3.411, 1.625, 0.232, 1.085, 0.145, 1.596, 2.043, -1.671,
            11.675, -0.112, 4.72, -1.087, -10.281,
        ],
    ]
)  # fmt: skip
#: Number of candidates for each name: as many as the best method of ``benchmarks/names_peers.py`` reranks.
CANDIDATES: Final = 20
_LONGEST: Final = 28  # characters of a name that are compared; judgement: brand and trade come first
_SHORT: Final = 5  # characters; judgement: what people call a short name is no longer
_CHUNK: Final = 2_000  # names compared at once: bounds memory, changes no result
_UNREACHED: Final = np.float32(-99)  # below any weight that characters can have
_SCATTER_COST: Final = np.float32(1.5)  # judgement: a jump inside a word costs as much as a common character
_SURPLUS: Final = (-10, 12)  # range of ``surplus`` before it is divided by 10; judgement: bounds outliers
_SMOOTHING: Final = 0.1  # added to inverse document frequencies, so that no character has weight 0; judgement
# Denominators for a name without a character after its place, and without pairs, so that they are not 0.
_LEAST_WEIGHT: Final = 0.1
_NO_WEIGHT: Final = 1e-6
# Sounds that speakers of the south-west do not distinguish: zh/z, ch/c, sh/s, n/l, -ng/-n.
_SOUNDS: Final = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"))


@dataclass(frozen=True, eq=False)
class Entries:
    """Names of a roster as arrays for comparison; one column for each name.

    Attributes
    ----------
    parts
        What each name consists of.
    codes, sounds
        Number of each character and of its sound, int32 of shape (28, names); 0 behind the end.
    starts
        Where a word begins, bool of the same shape.
    weights
        Rarity of each character, float32 of the same shape; 0 behind the end.
    brand, length
        Place of the brand's first character, and number of characters; int64 of shape (names,).
    vocabulary, sound_codes
        Numbers of characters and sounds, from 1.
    rarity, unseen
        Inverse document frequency by a character's number, and that of a character in no name.
    vectoriser, matrix
        TF-IDF of characters and pairs of them, and the names' vectors as columns.
    """

    parts: tuple[NameParts, ...]
    codes: Array
    sounds: Array
    starts: Array
    weights: Array
    brand: Array
    length: Array
    vocabulary: dict[str, int]
    sound_codes: dict[str, int]
    rarity: Array
    unseen: float
    vectoriser: Any
    matrix: Any


def build_entries(parts: Sequence[NameParts]) -> Entries:
    """Turn names into arrays; at least one name is needed.

    Examples
    --------
    >>> from liaison_analysis.names.parts import take_apart
    >>> entries = build_entries(take_apart(["重庆云岫机器人"]))
    >>> entries.brand.tolist(), entries.length.tolist(), entries.starts[:, 0].nonzero()[0].tolist()
    ([2], [7], [0, 2, 3, 4])
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    n = len(parts)
    texts = [p.stem[:_LONGEST] for p in parts]
    characters = sorted(set().union(*texts))
    vocabulary = {c: i + 1 for i, c in enumerate(characters)}
    sound_codes = {s: i + 1 for i, s in enumerate(sorted({sound_of(c) for c in characters}))}
    codes, sounds = np.zeros((_LONGEST, n), np.int32), np.zeros((_LONGEST, n), np.int32)
    starts = np.zeros((_LONGEST, n), bool)
    frequency = np.zeros(len(characters) + 1)
    cut = segmenter(GENERIC)
    for k, (p, text) in enumerate(zip(parts, texts, strict=True)):
        codes[: len(text), k] = [vocabulary[c] for c in text]
        sounds[: len(text), k] = [sound_codes[sound_of(c)] for c in text]
        frequency[sorted({vocabulary[c] for c in text})] += 1
        at = 0
        for word in [p.place, *cut(p.core)]:
            if word and at < _LONGEST:
                starts[at, k] = True
            at += len(word)
    rarity = (np.log((n + 1) / (frequency + 1)) + _SMOOTHING).astype(np.float32)
    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), lowercase=False, dtype=np.float32)
    matrix = vectoriser.fit_transform([p.stem for p in parts]).T.tocsr()
    return Entries(
        parts=tuple(parts),
        codes=codes,
        sounds=sounds,
        starts=starts,
        weights=np.where(codes > 0, rarity[codes], np.float32(0)),
        brand=np.array([min(len(p.place), _LONGEST - 1) for p in parts], np.int64),
        length=np.array([len(t) for t in texts], np.int64),
        vocabulary=vocabulary,
        sound_codes=sound_codes,
        rarity=rarity,
        unseen=float(np.log(n + 1) + _SMOOTHING),
        vectoriser=vectoriser,
        matrix=matrix,
    )


@functools.lru_cache(maxsize=50_000)
def sound_of(character: str) -> str:
    """Sound of a character without tone; sounds that are often confused are merged.

    Examples
    --------
    >>> sound_of("南") == sound_of("蓝"), sound_of("重") == sound_of("庆")
    (True, False)
    """
    if character.isascii():
        return character
    try:
        from pypinyin import Style, pinyin
    except ImportError as error:
        raise MissingDependencyError(
            "the package pypinyin is not installed, so names that sound alike cannot be found; "
            "install it with: pip install pypinyin",
        ) from error
    sound: str = pinyin(character, style=Style.NORMAL)[0][0]
    for written, plain in _SOUNDS:
        sound = sound.replace(written, plain)
    return "l" + sound[1:] if sound.startswith("n") and len(sound) > 1 else sound


def nearest(stems: Sequence[str], entries: Entries, *, k: int = CANDIDATES) -> tuple[Array, Array]:
    """Places of the ``k`` nearest names and their cosines, both (stems, k); place −1 for none.

    Sorted by cosine, rounded to six digits, then place.

    Examples
    --------
    >>> from liaison_analysis.names.parts import take_apart
    >>> nearest(["云岫"], build_entries(take_apart(["澄砚轴承", "云岫机器人"])), k=2)[0].tolist()
    [[1, -1]]
    """
    places = np.full((len(stems), k), -1, np.int32)
    cosines = np.zeros((len(stems), k), np.float32)
    for first in range(0, len(stems), _CHUNK):
        similar = (entries.vectoriser.transform(stems[first : first + _CHUNK]) @ entries.matrix).tocsr()
        counts = np.diff(similar.indptr)
        rows = np.repeat(np.arange(len(counts)), counts)
        order = np.lexsort((similar.indices, -similar.data.round(6), rows))
        rank = np.arange(len(order)) - np.repeat(similar.indptr[:-1], counts)
        order, row, rank = order[rank < k], rows[rank < k], rank[rank < k]
        places[first + row, rank] = similar.indices[order]
        cosines[first + row, rank] = similar.data[order]
    return places, cosines


def pair_features(parts: Sequence[NameParts], entries: Entries, places: Array, cosines: Array) -> Array:
    """Features of each written name with each of its candidates.

    Parameters
    ----------
    parts
        Written names.
    entries
        Names of the roster.
    places, cosines
        Candidates and their cosines, as ``nearest`` gives them.

    Returns
    -------
    ndarray
        float32 of shape (names, candidates, features), in the order of ``FEATURES``; 0 where there is no
        candidate.
    """
    n, k = places.shape
    features = np.zeros((n, k, len(FEATURES)), np.float32)
    lengths = np.array([min(len(p.stem), _LONGEST) for p in parts], np.int64)
    for length in np.unique(lengths[lengths > 0]):
        same = np.flatnonzero(lengths == length)
        for first in range(0, len(same), _CHUNK):
            rows = same[first : first + _CHUNK]
            row, column = np.nonzero(places[rows] >= 0)
            if not len(row):
                continue
            texts = [parts[r].stem[:length] for r in rows]
            codes = np.array([[entries.vocabulary.get(c, -1) for c in t] for t in texts], np.int32).T
            sounds = np.array(
                [[entries.sound_codes.get(sound_of(c), -1) for c in t] for t in texts], np.int32
            ).T
            names, where = places[rows][row, column], cosines[rows][row, column]
            values = _features(codes[:, row], sounds[:, row], entries, names, where)
            values[:, FEATURES.index("elsewhere")] = _elsewhere([parts[r] for r in rows], entries, row, names)
            features[rows[row], column] = values
    return features


def _elsewhere(parts: Sequence[NameParts], entries: Entries, row: Array, names: Array) -> Array:
    placed = [p.place for p in parts]
    if not any(placed):
        return np.zeros(len(row), np.float32)
    pairs = zip(row.tolist(), names.tolist(), strict=True)
    return np.array(
        [bool(placed[r]) and places_differ(placed[r], entries.parts[e].place) for r, e in pairs], np.float32
    )


def _features(codes: Array, sounds: Array, entries: Entries, names: Array, cosines: Array) -> Array:
    """Features of pairs whose written names are of one length; (pairs, features)."""
    length, pairs = codes.shape
    longest = int(entries.length[names].max())
    theirs = entries.codes[:longest, names]
    brand, size, each = entries.brand[names], entries.length[names], np.arange(pairs)
    weight = np.where(codes > 0, entries.rarity[np.maximum(codes, 0)], np.float32(entries.unseen))
    total = weight.sum(axis=0)
    hits = [codes[i] == theirs for i in range(length)]
    ones = np.ones((length, pairs), np.float32)
    n_matched = _in_order(hits.__getitem__, ones)
    matched = _in_order(hits.__getitem__, weight)
    kept = _in_order(
        hits.__getitem__, weight, cost=np.where(entries.starts[:longest, names], np.float32(0), _SCATTER_COST)
    )
    their_sounds = entries.sounds[:longest, names]
    n_heard = _in_order(lambda i: hits[i] | (sounds[i] == their_sounds), ones)
    neighbours, possible = np.zeros(pairs, np.float32), np.full(pairs, _NO_WEIGHT, np.float32)
    for i in range(length - 1):
        both = weight[i] + weight[i + 1]
        neighbours += both * (hits[i][:-1] & hits[i + 1][1:]).any(axis=0)
        possible += both
    first = theirs[brand, each]
    second = theirs[np.minimum(brand + 1, longest - 1), each]
    behind_place = entries.weights[:longest, names] * (np.arange(longest)[:, None] >= brand)
    last, before_last = theirs[size - 1, each], theirs[np.maximum(size - 2, 0), each]
    values = {
        "missed": 1 - n_matched / length,
        "missed_weight": 1 - matched / total,
        "all_found": n_matched == length,
        "scattered": (matched - np.maximum(kept, 0)) / total,
        "pairs": neighbours / possible if length > 1 else np.zeros(pairs),
        "brand_first": codes[0] == first,
        "brand_two": (codes[0] == first) & (codes[min(1, length - 1)] == (second if length > 1 else first)),
        "place_first": codes[0] == theirs[0],
        "brand_second": codes[1] == first if length > 1 else np.zeros(pairs),
        "last": (codes[-1] == last) | (codes[-1] == before_last),
        "covered": matched / np.maximum(behind_place.sum(axis=0), np.float32(_LEAST_WEIGHT)),
        "left": np.log1p(np.maximum(size - brand - n_matched, 0)),
        "cosine": cosines,
        "surplus": np.clip(matched - np.log(len(entries.parts)), *_SURPLUS) / 10,
        "sound": (n_heard - n_matched) / length,
        "elsewhere": np.zeros(pairs),
    }
    return np.column_stack([np.asarray(values[name], np.float32) for name in FEATURES])


def _in_order(hits: Callable[[int], Array], weight: Array, *, cost: Array | None = None) -> Array:
    """Weight of the heaviest common subsequence of each pair; each run of matches costs ``cost``.

    One row of the dynamic programme is computed for all pairs and all characters of the names at once.
    """
    shape = hits(0).shape
    best = np.zeros(shape, np.float32)
    ending = np.full(shape, _UNREACHED, np.float32)
    for i in range(len(weight)):
        begun = np.zeros(shape, np.float32)
        begun[1:] = best[:-1]
        if cost is not None:
            begun -= cost
            np.maximum(begun[1:], ending[:-1], out=begun[1:])
        begun += weight[i]
        ending = np.where(hits(i), begun, _UNREACHED)
        np.maximum(best, np.maximum.accumulate(ending, axis=0), out=best)
    last: Array = best[-1]
    return last


def is_long(parts: Sequence[NameParts]) -> Array:
    """Whether names are longer than what people call short names: more than five characters of stem.

    Examples
    --------
    >>> from liaison_analysis.names.parts import take_apart
    >>> is_long(take_apart(["云岫机器人", "重庆云岫机器人"])).tolist()
    [False, True]
    """
    return np.array([len(p.stem) > _SHORT for p in parts], bool)


def utilities(
    features: Array, places: Array, owners: Array, long: Array, *, weights: Array | None = None
) -> Array:
    """Compute the utility of each candidate relative to "none of them": (names, candidates), −inf for none.

    Parameters
    ----------
    features
        As ``pair_features`` gives them.
    places
        Candidates, −1 for none.
    owners
        Number of the enterprise of each entry: of several names of one, the best counts.
    long
        Which rows are long names, as ``is_long`` says.
    weights
        Weights instead of ``WEIGHTS``, of shape (2, features + 1).

    Examples
    --------
    >>> features = np.zeros((1, 2, len(FEATURES)), np.float32)
    >>> features[0, 0, FEATURES.index("brand_first")] = 1
    >>> utilities(features, np.array([[0, -1]]), np.array([0]), np.array([False])).round(2).tolist()
    [[-1.94, -inf]]
    """
    weights = WEIGHTS if weights is None else weights
    chosen = weights[long.astype(np.int64)]
    fit = np.einsum("nkf,nf->nk", features, chosen[:, :-1]) + chosen[:, -1:]
    utility: Array = np.where(places >= 0, fit, -np.inf).astype(np.float64)
    order = np.argsort(-utility, axis=1, kind="stable")
    who = np.take_along_axis(np.where(places >= 0, owners[places], -1), order, axis=1)
    again = np.zeros(who.shape, bool)
    for column in range(1, who.shape[1]):
        again[:, column] = (who[:, :column] == who[:, [column]]).any(axis=1)
    repeated = np.zeros(who.shape, bool)
    np.put_along_axis(repeated, order, again, axis=1)
    utility[repeated] = -np.inf
    return utility


def odds(utility: Array) -> Array:
    """Probability of each candidate; what is missing to 1 is the probability of none of them.

    Examples
    --------
    >>> odds(np.array([[0.0, 0.0, -np.inf]])).round(2).tolist()
    [[0.33, 0.33, 0.0]]
    """
    top = np.maximum(utility.max(axis=1, keepdims=True, initial=0.0), 0.0)
    exponentials = np.exp(utility - top)
    shares: Array = exponentials / (exponentials.sum(axis=1, keepdims=True) + np.exp(-top))
    return shares
