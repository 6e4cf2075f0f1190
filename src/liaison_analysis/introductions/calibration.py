"""Calibration: the probability of success at a score, fitted to the outcomes of past introductions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pandas as pd

#: Outcomes of a meeting that count as a success.
SUCCESSES: Final = ("sample", "contract")

#: A curve is fitted from this number of outcomes, of which a quarter succeeded and a quarter failed
#: (judgement).
FEWEST: Final = 20

# Newton's method for Platt's curve: penalty on the slope, so that it is finite where classes do not overlap,
# what keeps the matrix regular, the step at which it is done, and the most steps (judgement).
_RIDGE: Final = 1e-3
_STABLE: Final = 1e-9
_DONE: Final = 1e-10
_STEPS: Final = 50

# Number of outcomes at which the isotonic and the logistic curve have equal weight. On synthetic outcomes
# any number between 100 and 400 works.
_SHAPED: Final = 200
UNCALIBRATED: Final = "uncalibrated"


def known_outcomes(salons: pd.DataFrame) -> pd.DataFrame:
    """Rows with a known outcome, without pairs that did not meet: their outcome does not depend on the score.

    Examples
    --------
    >>> import pandas as pd
    >>> salons = pd.DataFrame({"met": [True, False, None, True], "outcome": ["none", "none", "talks", None]})
    >>> known_outcomes(salons)["outcome"].tolist()
    ['none', 'talks']
    """
    met = salons["met"].astype("boolean").fillna(value=True) if "met" in salons else True
    return salons[salons["outcome"].notna() & met]


def past_outcomes(salons: pd.DataFrame) -> pd.DataFrame:
    """Find pairs that met and whose outcome is known, with ``success``: a sample or contract at any time.

    Examples
    --------
    >>> import pandas as pd
    >>> salons = pd.DataFrame({"seeker_id": ["A", "A"], "counterpart_id": ["B", "B"],
    ...     "met": True, "outcome": ["none", "contract"]})
    >>> past_outcomes(salons)["success"].tolist()
    [True]
    """
    pair = ["seeker_id", "counterpart_id"]
    known = known_outcomes(salons)
    known = known.assign(success=known["outcome"].isin(SUCCESSES))
    return known.groupby(pair)["success"].max().reset_index()


def outcome_curve(
    scores: Sequence[float], successes: Sequence[bool]
) -> Callable[[np.ndarray], np.ndarray] | None:
    """Fit the probability of success at a score; None where there are too few outcomes.

    Two rising curves, mixed: a logistic one with the smoothed targets of Platt (1999, "Probabilistic outputs
    for support vector machines"), by Newton's method, which needs few outcomes, and an isotonic one
    (Zadrozny and Elkan 2002, doi:10.1145/775047.775151), which can take any shape but needs many: for n
    outcomes its weight is n / (n + 200). A logistic curve that falls with the score is replaced by the share
    of successes, since then the score is not informative.

    Parameters
    ----------
    scores
        Of pairs that met.
    successes
        Whether the meeting was a success.

    Examples
    --------
    >>> curve = outcome_curve([0.2] * 20 + [0.6] * 20, [False] * 15 + [True] * 5 + [False] * 5 + [True] * 15)
    >>> curve(np.array([0.2, 0.6])).round(2).tolist()
    [0.27, 0.73]
    >>> outcome_curve([0.5], [True]) is None
    True
    """
    from sklearn.isotonic import IsotonicRegression

    x, y = np.asarray(scores, float), np.asarray(successes, bool)
    n, won = len(y), int(y.sum())
    if n < FEWEST or min(won, n - won) < FEWEST / 4:
        return None
    target = np.where(y, (won + 1) / (won + 2), 1 / (n - won + 2))
    base = float(target.mean())
    design = np.column_stack([np.ones(n), x - x.mean()])
    weights = np.array([np.log(base / (1 - base)), 0.0])
    for _ in range(_STEPS):
        p = 1 / (1 + np.exp(-design @ weights))
        gradient = design.T @ (target - p) - np.array([0.0, _RIDGE]) * weights
        hessian = design.T @ (design * (p * (1 - p))[:, None]) + np.diag([_STABLE, _RIDGE])
        step = np.linalg.solve(hessian, gradient)
        weights += step
        if np.abs(step).max() < _DONE:
            break
    centre = float(x.mean())
    if weights[1] <= 0:
        weights = np.array([np.log(base / (1 - base)), 0.0])
    steps = IsotonicRegression(out_of_bounds="clip").fit(x, y.astype(float))
    share = n / (n + _SHAPED)

    def curve(score: np.ndarray) -> np.ndarray:
        at = np.asarray(score, float)
        smooth = 1 / (1 + np.exp(-(weights[0] + weights[1] * (at - centre))))
        mixed: np.ndarray = (1 - share) * smooth + share * steps.predict(at)
        return mixed

    return curve
