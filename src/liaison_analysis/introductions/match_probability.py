"""Probability that a match of a request is a good introduction: a logistic model with fitted weights."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

#: Features of a counterpart, each 0–1 unless stated otherwise: ``uses`` and ``feeds`` (the table of users and
#: the product chain say that it needs the thing; ``needs`` is the greatest of these and ``field``),
#: ``fits`` and ``fits_any`` (the learnt model of users: for the things named, and for all that the enterprise
#: that asks makes or its sentence says), ``field`` (a technology is near in
#: meaning to its business), ``target`` and ``near_target`` (the demand describes such an enterprise: words,
#: meaning), ``text`` (words of the demand), ``takes`` (it
#: makes something of left-overs), ``same`` (it makes the thing or a kind of it), ``thing`` and ``phrase``
#: (shares of the thing's and of its phrase's words that both have), ``meaning`` (cosine), ``answers`` (the
#: learnt model of answers: the whole demand and the business), ``named``
#: (the demand names it), ``deals`` (… as one that it deals with already), ``large`` (logarithm of its
#: headcount), ``serves`` (it lends, tests or studies, so it buys little).
FEATURES: Final[dict[str, tuple[str, ...]]] = {
    "customer": (
        "uses", "feeds", "needs", "fits", "fits_any", "target", "near_target", "text", "takes", "buys",
        "meaning", "field", "answers", "named", "deals", "large", "serves",
    ),
    "other": ("same", "thing", "phrase", "text", "meaning", "answers", "named", "deals"),
}  # fmt: skip

# Log odds of a graded introduction, fitted with labels and with what is read of the demands of eleven regions
# (``benchmarks/regions.py --fit``, 2026-12-01): conditional logit for the order, then a line to the log odds.
# Weights of ten order the eleventh with a mean nDCG at 5 of .71 for customers and .85 for the others (.68 and
# .81 without ``answers``). ``named`` and ``deals`` by judgement: the regions hold too few.
INTERCEPT: Final[dict[str, float]] = {"customer": -5.5, "other": -5.9}
WEIGHTS_OF_FEATURES: Final[dict[str, dict[str, float]]] = {
    "customer": {
        "uses": 0.9, "feeds": 0.8, "needs": 1.2, "fits": 1.4, "fits_any": 1.8, "field": 0.9, "target": 0.2,
        "near_target": 1.1, "text": 2.3, "takes": 0.8, "buys": 0.8, "meaning": 1.1, "answers": 3.5,
        "named": 4.0, "deals": -4.0, "large": 1.8, "serves": -2.1,
    },
    "other": {
        "same": 0.0, "thing": 1.9, "phrase": 2.9, "text": 1.6, "meaning": 1.6, "answers": 6.7, "named": 4.0,
        "deals": -4.0,
    },
}  # fmt: skip

#: Smallest probability at which a counterpart is proposed, by role: of the first three of eleven regions
#: between .05 and .1, one in five was wanted, between .03 and .05 one in nine (by weights of the other
#: regions, 2026-12-01); demands for research differ in wording from business texts more often.
FLOOR: Final[dict[str, float]] = {
    "customer": 0.05, "supplier": 0.05, "financier": 0.05, "tester": 0.05, "research partner": 0.02,
}  # fmt: skip
#: Below this probability a server is described only by its kind, and a maker is not proposed for research.
SURE: Final = 0.1
#: Smallest probability for a proposal to a counterpart that looks for customers, of which it may have many.
BACK_FLOOR: Final = 0.25

# Smallest match of a counterpart that the demand describes, or names (judgement).
_DESCRIBED: Final = 0.3
# The same of one that it describes in other words, above this ``near_target`` (judgement).
_NEARLY_DESCRIBED: Final = 0.2
_NEAR: Final = 0.6
_NAMED: Final = 0.6


def probability(features: pd.DataFrame, role: str) -> pd.Series:
    """Probability that a good officer would make an introduction, by its features.

    Parameters
    ----------
    features
        From ``RequestMatcher.features``: one row for each counterpart.
    role
        ``customer``, or another.

    Returns
    -------
    Series
        0–1, with the index of ``features``.

    Examples
    --------
    >>> nothing = pd.DataFrame([dict.fromkeys(FEATURES["other"], 0.0)], index=["E1"])
    >>> [probability(frame, "supplier").round(4).item() for frame in (nothing, nothing.assign(named=1.0))]
    [0.0027, 0.652]
    """
    kind = "customer" if role == "customer" else "other"
    log_odds = INTERCEPT[kind] + features[list(FEATURES[kind])] @ pd.Series(WEIGHTS_OF_FEATURES[kind])
    match: pd.Series = 1 / (1 + np.exp(-log_odds))
    for name, share in (("target", _DESCRIBED), ("named", _NAMED)):
        if name in features:
            match = 1 - (1 - match) * (1 - share * features[name])
    if "near_target" in features:
        near = ((features["near_target"] - _NEAR) / (1 - _NEAR)).clip(lower=0.0)
        match = 1 - (1 - match) * (1 - _NEARLY_DESCRIBED * near)
    return match
