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
#: (shares of the thing's and of its phrase's words that both have), ``meaning`` (cosine), ``named``
#: (the demand names it), ``deals`` (… as one that it deals with already), ``large`` (logarithm of its
#: headcount), ``serves`` (it lends, tests or studies, so it buys little).
FEATURES: Final[dict[str, tuple[str, ...]]] = {
    "customer": (
        "uses", "feeds", "needs", "fits", "fits_any", "target", "near_target", "text", "takes", "buys",
        "meaning", "field", "named", "deals", "large", "serves",
    ),
    "other": ("same", "thing", "phrase", "text", "meaning", "named", "deals"),
}  # fmt: skip

# Log odds of a graded introduction, fitted with labels and with what is read of the demands
# (``benchmarks/regions.py --fit``): conditional logit for the order, then a line to the log odds. Customers
# on ten regions, 2026-12-01: weights of nine order the tenth with a mean nDCG at 5 of 0.72, those before,
# without the learnt model of users, with 0.64. The others on medical, display, food and textile,
# 2026-11-30: a fit on ten orders no better. ``named`` and ``deals`` by judgement: the regions hold too few.
INTERCEPT: Final[dict[str, float]] = {"customer": -5.7, "other": -5.9}
WEIGHTS_OF_FEATURES: Final[dict[str, dict[str, float]]] = {
    "customer": {
        "uses": 0.8, "feeds": 0.7, "needs": 1.7, "fits": 2.1, "fits_any": 2.3, "field": 0.9, "target": 0.3,
        "near_target": 1.4, "text": 2.6, "takes": 1.1, "buys": 0.9, "meaning": 1.1, "named": 4.0,
        "deals": -4.0, "large": 1.8, "serves": -2.1,
    },
    "other": {
        "same": 0.7, "thing": 2.1, "phrase": 3.9, "text": 2.2, "meaning": 2.5, "named": 4.0, "deals": -4.0,
    },
}  # fmt: skip

#: Smallest probability at which a counterpart is proposed, by role. Of the first three of seven regions below
#: a tenth, one in six was wanted, and they are a twentieth of all that was wanted there (2026-12-01); demands
#: for research differ in wording from business texts more often.
FLOOR: Final[dict[str, float]] = {
    "customer": 0.1, "supplier": 0.1, "financier": 0.1, "tester": 0.1, "research partner": 0.02,
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
