"""Names in a crowd: nearly all match no enterprise of the roster, and each enterprise is named once at most.

A register that is searched for the firms of a roster holds many names like a firm's, and one of them is the
firm's own. Each name is therefore weighed against the others that could mean the same firm, and each firm
against the others that the name could mean: the matching market of Choo and Siow (2006, "Who marries whom and
why", doi:10.1086/498585), in which both sides choose by a logit and may stay unmatched. Features of the name
itself are used beside those of the pair: how many others begin or end as it does (``…集团``), and its length.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from liaison_analysis.names.features import FEATURES, WEIGHTS, is_long, utilities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.names.parts import NameParts

    Array = np.ndarray[Any, Any]

#: Features of a name among the others of its crowd, whichever enterprise it may mean.
STANDING: Final = (
    "heads",  # logarithm of the number of names whose core begins with the same two characters
    "tails",  # the same of names that end alike
    "two",  # the stem has two characters
    "three",  # three
    "five",  # five or more
)
#: Weights of ``features.FEATURES``, of ``STANDING``, then the constant: for short names, fitted with 260,000
#: names that match no enterprise as examples of "none of them" (``benchmarks/names_strangers.py --fit``), and
#: for longer ones, which are weighed as in a ledger.
AMONG_STRANGERS: Final = np.array(
    [
        [
            -0.809, 0.17, 5.869, -4.458, 6.175, 0.886, 0.693, -0.191, 1.066, 0.046, 0.669, -0.278, 3.641,
            0.805, -0.618, -0.119, -0.645, -0.608, -2.19, -2.089, -1.248, -6.857,
        ],
        [*WEIGHTS[1, :-1], *[0.0] * len(STANDING), WEIGHTS[1, -1]],
    ]
)  # fmt: skip
#: Different names, and names an enterprise, from which a list is a crowd. Judgement: ledgers have fewer.
_MANY: Final = 1_000
_EACH: Final = 20
_ROUNDS: Final = 200  # of Sinkhorn's algorithm at most
_CLOSE: Final = 1e-8  # change of a share below which it has converged
_HIGHEST: Final = 60.0  # utilities are capped here, so that no exponential overflows


def is_crowd(names: int, enterprises: int) -> bool:
    """Whether so many different names are a crowd: at least 1,000, and 20 for every enterprise.

    Examples
    --------
    >>> is_crowd(267_000, 5_000), is_crowd(5_000, 5_000), is_crowd(300, 3)
    (True, False, False)
    """
    return names >= max(_MANY, _EACH * enterprises)


def standing(parts: Sequence[NameParts]) -> Array:
    """Features of each name among all of them, in the order of ``STANDING``: float64, (names, features).

    Examples
    --------
    >>> from liaison_analysis.names.parts import take_apart
    >>> standing(take_apart(["云岫机器人", "云岫集团", "澄砚集团"])).round(2).tolist()[1]
    [1.1, 1.1, 0.0, 0.0, 0.0]
    """
    heads, tails = (Counter(ends) for ends in (_heads(parts), _tails(parts)))
    length = np.array([len(p.stem) for p in parts])
    return np.column_stack(
        [
            np.log1p([heads[head] for head in _heads(parts)]),
            np.log1p([tails[tail] for tail in _tails(parts)]),
            length == 2,
            length == 3,
            length >= 5,
        ]
    ).astype(np.float64)


def _heads(parts: Sequence[NameParts]) -> list[str]:
    return [p.core[:2] for p in parts]


def _tails(parts: Sequence[NameParts]) -> list[str]:
    return [p.core[-2:] for p in parts]


def crowd_utilities(
    parts: Sequence[NameParts],
    stands: Array,
    features: Array,
    places: Array,
    owners: Array,
    *,
    weights: Array | None = None,
) -> Array:
    """Weigh each candidate in a crowd, as ``features.utilities`` does it for a ledger.

    Parameters
    ----------
    parts, features, places, owners
        As in ``features.utilities``.
    stands
        Rows of ``standing`` for these names.
    weights
        Weights instead of ``AMONG_STRANGERS``.
    """
    weights = AMONG_STRANGERS if weights is None else weights
    long, n = is_long(parts), len(FEATURES)
    of_pairs = np.delete(weights, np.s_[n:-1], axis=1)
    of_names = (stands * weights[long.astype(np.int64), n:-1]).sum(axis=1)
    utility: Array = utilities(features, places, owners, long, weights=of_pairs) + of_names[:, None]
    return utility


def matched(firms: Array, utility: Array) -> Array:
    """Probability of each candidate where a firm is named once at most (Choo and Siow 2006).

    A pair's probability is exp(utility) × probability that the name stays unmatched × probability that the
    firm does, so that all probabilities of a name, and all of a firm, add up to 1. The two sides are adjusted
    in turn, as in Sinkhorn's algorithm; a firm whose probabilities add up to more because that has not
    converged is renormalised.

    Parameters
    ----------
    firms
        Numbers of the candidates, (names, candidates); −1 for none.
    utility
        Their utilities, −inf for none; staying unmatched has utility 0.

    Returns
    -------
    ndarray
        Probabilities, of the same shape.

    Examples
    --------
    Two names for one firm, the first fits it better; alone the second would have had 0.88.

    >>> matched(np.array([[0], [0]]), np.array([[6.0], [2.0]])).round(2).tolist()
    [[0.87], [0.11]]
    """
    places = np.maximum(firms, 0)
    appeal = np.where(firms >= 0, np.exp(np.minimum(utility, _HIGHEST)), 0.0)
    n = int(firms.max(initial=0)) + 1
    free = np.ones(n)
    for _ in range(_ROUNDS):
        open_to = 1 / (1 + (appeal * free[places]).sum(axis=1))
        before = free
        asked = np.bincount(places.ravel(), (appeal * open_to[:, None]).ravel(), minlength=n)
        free = 1 / (1 + asked)
        if np.abs(free - before).max() < _CLOSE:
            break
    open_to = 1 / (1 + (appeal * free[places]).sum(axis=1))
    shares: Array = appeal * open_to[:, None] * free[places]
    of_firms = np.bincount(places.ravel(), shares.ravel(), minlength=n)
    shares /= np.maximum(of_firms, 1)[places]  # renormalised where Sinkhorn has not converged
    return shares
