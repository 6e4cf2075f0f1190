"""Enterprises that a demand names: to be met, or as ones that it deals with already, excludes or mentions."""

from __future__ import annotations

import csv
import functools
import io
import math
import re
from collections import Counter
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# The enterprise that is judged and other enterprises, as they stand in the features.
_NAMED: Final = "□"
_OTHER: Final = "○"
_MARKS: Final = re.compile("[，。；！？：,;!?:]")
# Characters before and behind the name whose sequences are features of their own, and the longest sequence.
_BEFORE: Final = 8
_BEHIND: Final = 10
_LONGEST: Final = 3
# Examples in which a feature stands at least; inverse strength of the penalty: of 1 to 3, and of 0.3, 1 and
# 3 the ones of the best F1 over eight folds of the examples.
_LEAST_EXAMPLES: Final = 3
_C: Final = 1.0
#: Smallest probability of a wish to meet at which a firm counts as named, and the probability below which it
#: counts as one not to be met: over eight folds of the examples .86 of those named are wanted and .77 of the
#: wanted named; nine in a hundred of the wanted are below the second.
WANTED: Final = 0.5
NOT_WANTED: Final = 0.2


def how_named(brand: str, text: str, others: Iterable[str] = ()) -> tuple[bool, bool]:
    """Whether a demand names an enterprise to be met, and whether as one that need not be met.

    A logistic regression over the characters around the name, its clause and those beside it, learnt from
    800 notes written for this package (``named_firms.csv``): 300 wish to meet the firm; in the others it is a
    partner already, was tried or excluded, has been arranged, or is only mentioned.

    Parameters
    ----------
    brand
        By which the enterprise is named; ``""`` where it has none of its own.
    text
        The demand.
    others
        Brands of other enterprises, which may stand in the text too.

    Returns
    -------
    tuple of bool
        Never both; neither where the enterprise is not named, or it is not clear how.

    Examples
    --------
    >>> [how_named("温驿", text) for text in ("想约见温驿", "温驿那边谈崩了", "想找一家")]
    [(True, False), (False, True), (False, False)]
    """
    if not brand or brand not in text:
        return False, False
    p = _wish_to_meet(brand, text, tuple(sorted(o for o in others if o and o != brand and o in text)))
    return p >= WANTED, p < NOT_WANTED


@functools.lru_cache(maxsize=20_000)
def _wish_to_meet(brand: str, text: str, others: tuple[str, ...]) -> float:
    """Probability that a text wishes to meet the firm that it names."""
    marked = text.replace(brand, _NAMED)
    for other in others:
        marked = marked.replace(other, _OTHER)
    weights = _weights()
    score = weights[""] + sum(weights.get(feature, 0.0) for feature in _features(marked))
    return 1 / (1 + math.exp(-score))


def _features(marked: str) -> set[str]:
    """Sequences of characters around the name, in its clause and those beside it, and in the whole text."""
    at = marked.index(_NAMED)
    cuts = [0, *(mark.end() for mark in _MARKS.finditer(marked)), len(marked) + 1]
    mine = max(i for i, cut in enumerate(cuts[:-1]) if cut <= at)
    clauses = {
        "before": marked[cuts[mine - 1] : cuts[mine] - 1] if mine else "",
        "clause": marked[cuts[mine] : cuts[mine + 1] - 1],
        "next": marked[cuts[mine + 1] : cuts[mine + 2] - 1] if mine + 2 < len(cuts) else "",
        "left": marked[max(0, at - _BEFORE) : at],
        "right": marked[at + 1 : at + 1 + _BEHIND],
        "text": marked,
    }
    found = {f"{place}:{words}" for place, text in clauses.items() for words in _sequences(text)}
    for n in range(1, _LONGEST + 2):
        found |= {
            f"to the name:{marked[max(0, at - n) : at]}",
            f"from the name:{marked[at + 1 : at + 1 + n]}",
        }
    return found


def _sequences(text: str) -> Iterator[str]:
    for n in range(1, _LONGEST + 1):
        yield from (text[start : start + n] for start in range(len(text) - n + 1))


@functools.cache
def _weights() -> dict[str, float]:
    """Read the packaged weights; that of the empty feature is the intercept."""
    table = files("liaison_analysis.introductions").joinpath("named_firm_weights.csv").read_text("utf-8")
    return {row["feature"]: float(row["weight"]) for row in csv.DictReader(table.splitlines())}


def named_examples() -> list[tuple[str, str]]:
    """Read the examples, in which the firm is □ and another one ○, and how each stands to the firm."""
    table = files("liaison_analysis.introductions").joinpath("named_firms.csv").read_text("utf-8")
    rows = csv.DictReader(table.splitlines())
    return [(row["text"].replace("{X}", _NAMED).replace("{Y}", _OTHER), row["relation"]) for row in rows]


def learnt_weights() -> str:
    """Learn the weights from the examples, as a table in CSV."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    examples = named_examples()
    found = [_features(text) for text, _ in examples]
    in_examples = Counter(feature for features in found for feature in features)
    rows = [
        {feature: 1.0 for feature in sorted(features) if in_examples[feature] >= _LEAST_EXAMPLES}
        for features in found
    ]
    table = DictVectorizer()
    x = table.fit_transform(rows)
    wanted = [relation == "wanted" for _, relation in examples]
    model = LogisticRegression(C=_C, tol=1e-7, max_iter=2000).fit(x, wanted)
    learnt = dict(zip(["", *table.feature_names_], [model.intercept_[0], *model.coef_[0]], strict=True))
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(["feature", "weight"])
    writer.writerows((feature, f"{weight:.4f}") for feature, weight in learnt.items() if round(weight, 4))
    return written.getvalue()
