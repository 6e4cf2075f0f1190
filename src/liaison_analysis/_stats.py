"""Rates with Wilson's interval; Kaplan–Meier curves, medians, the log-rank test and shrunk Cox models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

# Rounding: a product of many factors may miss one half by less than this.
_EXACT = 1e-12

# Newton's steps per round, and tolerances of convergence (numerical, no influence on results).
_NEWTON_STEPS, _CONVERGED, _CONVERGED_PRECISION = 12, 1e-7, 1e-2
# Bounds of a prior's precision: effects of e^±3 or of nothing; and of a log hazard ratio, against overflow.
_PRECISIONS, _LARGEST_LOG = (0.1, 1e5), 30.0
_BISECTIONS = 60

# Eigenvalues below this share of the largest are rounding.
_SMALL = 1e-10


def kaplan_meier(counts: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Estimate the share still open after each number of days (Kaplan & Meier 1958).

    Parameters
    ----------
    counts
        Columns days, settled (how many happened after so many days) and still_open (how many had not
        happened when last seen, after so many days): they are right-censored. Days may repeat, in any
        order; below 0 they mean earlier than planned.
    confidence
        Of the band: Greenwood's variance on the log(-log) scale, which stays between 0 and 1 (Kalbfleisch &
        Prentice 1980), as in lifelines and in R's ``conf.type = "log-log"``.

    Returns
    -------
    DataFrame
        Columns days, at_risk, settled, still_open, open_share, low, high: one row for each number of days, in
        order. Once nothing is left the share and its band are 0.

    Examples
    --------
    >>> import pandas as pd
    >>> counts = pd.DataFrame({"days": [10, 20, 30], "settled": [1, 1, 0], "still_open": [0, 1, 1]})
    >>> kaplan_meier(counts)[["days", "at_risk", "open_share", "low", "high"]].round(3).to_numpy().tolist()
    [[10.0, 4.0, 0.75, 0.128, 0.961], [20.0, 3.0, 0.5, 0.058, 0.845], [30.0, 1.0, 0.5, 0.058, 0.845]]
    """
    from scipy.stats import norm

    table = counts.groupby("days")[["settled", "still_open"]].sum().sort_index()
    table = table[table.sum(axis=1) > 0]
    settled, leaving = table["settled"].to_numpy(np.float64), table.sum(axis=1).to_numpy(np.float64)
    at_risk = leaving[::-1].cumsum()[::-1]
    share = np.cumprod(1 - settled / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = settled / (at_risk * (at_risk - settled))
        spread = np.sqrt(np.cumsum(np.where(np.isfinite(terms), terms, 0.0)))
        log_share = np.log(share)
        wide = norm.ppf((1 + confidence) / 2) * spread / log_share
        low, high = (np.exp(-np.exp(np.log(-log_share) + side * wide)) for side in (-1, 1))
    certain, gone = share == 1, share == 0
    low, high = (np.where(certain, 1.0, np.where(gone, 0.0, edge)) for edge in (low, high))
    frame = table.reset_index().assign(open_share=share, low=low, high=high)
    frame.insert(1, "at_risk", at_risk.astype(np.int64))
    return frame


def median_days(curve: pd.DataFrame) -> tuple[float, float, float]:
    """Median and its band from a curve; NaN where it is not reached.

    The median is the first day on which at most half are open, and its band the days between which the
    curve's band crosses one half (Brookmeyer & Crowley, Biometrics 38, 1982).

    Examples
    --------
    >>> import pandas as pd
    >>> curve = kaplan_meier(pd.DataFrame({"days": [10, 20, 30], "settled": 1, "still_open": [0, 0, 1]}))
    >>> median_days(curve)
    (20.0, 10.0, nan)
    """
    days = curve["days"].to_numpy(np.float64)

    def first(share: NDArray[np.float64]) -> float:
        reached = np.flatnonzero(share <= 0.5 + _EXACT)
        return float(days[reached[0]]) if len(reached) else np.nan

    low, high = (curve[edge].to_numpy(np.float64) for edge in ("low", "high"))
    return first(curve["open_share"].to_numpy(np.float64)), first(low), first(high)


def settled_median(counts: pd.DataFrame) -> float:
    """Median days of settled cases only, as spreadsheets compute it; NaN if nothing was settled.

    Examples
    --------
    >>> import pandas as pd
    >>> settled_median(pd.DataFrame({"days": [10, 20, 30], "settled": [1, 1, 0], "still_open": [0, 1, 1]}))
    15.0
    """
    ordered = counts.sort_values("days")
    reached = ordered["settled"].cumsum().to_numpy()
    n = int(reached[-1]) if len(reached) else 0
    if not n:
        return float("nan")
    days = ordered["days"].to_numpy(np.float64)
    middle = np.searchsorted(reached, [(n - 1) // 2 + 1, n // 2 + 1])
    return float(days[middle].mean())


def log_rank(groups: Sequence[pd.DataFrame]) -> tuple[float, float]:
    """Log-rank test of equal survival in all groups: the statistic and its p-value.

    Mantel (1966), with the hypergeometric covariance for any number of groups; the degrees of freedom are
    the rank of that covariance, one less than the number of groups that were ever at risk.

    Parameters
    ----------
    groups
        Counts of each group, as in ``kaplan_meier``.

    Returns
    -------
    tuple
        Statistic and two-sided probability; NaN where there is nothing to compare.

    Examples
    --------
    >>> import pandas as pd
    >>> quick = pd.DataFrame({"days": [5, 6, 7, 8, 9], "settled": 1, "still_open": 0})
    >>> slow = quick.assign(days=[10, 16, 17, 18, 30])
    >>> [round(value, 4) for value in log_rank([quick, slow])]
    [9.7007, 0.0018]
    """
    from scipy.stats import chi2

    days = (
        np.unique(np.concatenate([group["days"].to_numpy() for group in groups])) if groups else np.zeros(0)
    )
    settled, at_risk = (np.zeros((len(days), len(groups))) for _ in range(2))
    for j, group in enumerate(groups):
        at = np.searchsorted(days, group["days"].to_numpy())
        np.add.at(settled[:, j], at, group["settled"].to_numpy(np.float64))
        np.add.at(at_risk[:, j], at, (group["settled"] + group["still_open"]).to_numpy(np.float64))
    at_risk = at_risk[::-1].cumsum(axis=0)[::-1]
    n, d = at_risk.sum(axis=1), settled.sum(axis=1)
    happened = d > 0
    settled, at_risk, n, d = settled[happened], at_risk[happened], n[happened], d[happened]
    surplus = (settled - at_risk * (d / n)[:, None]).sum(axis=0)
    weight = d * (n - d) / np.maximum(n - 1, 1) / n
    covariance = np.diag((at_risk * weight[:, None]).sum(axis=0)) - at_risk.T @ (
        at_risk * (weight / n)[:, None]
    )
    # The groups add up to the total, so the matrix is singular up to rounding.
    rank = int(np.linalg.matrix_rank(covariance, rtol=_SMALL, hermitian=True)) if len(groups) > 1 else 0
    if not rank:
        return float("nan"), float("nan")
    statistic: Any = surplus @ np.linalg.pinv(covariance, rtol=_SMALL, hermitian=True) @ surplus
    return float(statistic), float(chi2.sf(statistic, rank))


#: Columns of a rate, as ``with_rates`` makes them.
RATE: Final = ("numerator", "denominator", "rate", "low", "high", "few")

#: Below this denominator a rate is not to be ranked; judgement: Wilson's interval of 5 in 10 is ± 26 points.
FEW: Final = 10


def wilson(
    part: ArrayLike, whole: ArrayLike, *, confidence: float = 0.95
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lower and upper end of Wilson's score interval of each rate; missing where ``whole`` is 0.

    Wilson, Journal of the American Statistical Association 22 (1927), without continuity correction.

    Examples
    --------
    >>> low, high = wilson([198], [309])
    >>> low.round(3), high.round(3)
    (array([0.586]), array([0.692]))
    """
    from scipy.stats import norm

    k, n = (np.asarray(values, dtype=np.float64) for values in (part, whole))
    z = norm.ppf((1 + confidence) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = k / n
        centre = (rate + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z / (1 + z**2 / n) * np.sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2))
    low, high = np.where(k == 0, 0.0, centre - half), np.where(k == n, 1.0, centre + half)
    return np.where(n > 0, low, np.nan), np.where(n > 0, high, np.nan)


def with_rates(frame: pd.DataFrame, *, confidence: float = 0.95) -> pd.DataFrame:
    """Add rate, low, high and few to a frame that has numerator and denominator.

    ``few``: the denominator is below 10, too few to rank by the rate.

    Examples
    --------
    >>> import pandas as pd
    >>> counted = pd.DataFrame({"numerator": [309, 3], "denominator": [476, 4]})
    >>> with_rates(counted).round(3).to_numpy().tolist()
    [[309, 476, 0.649, 0.605, 0.691, False], [3, 4, 0.75, 0.301, 0.954, True]]
    """
    whole: pd.Series[Any] = frame["denominator"].astype("float64")
    low, high = wilson(frame["numerator"], whole, confidence=confidence)
    rate = (frame["numerator"] / whole.where(whole > 0)).astype("float64")
    return frame.assign(rate=rate, low=low, high=high, few=whole < FEW)


@dataclass(frozen=True, eq=False)
class RidgeCox:
    """Proportional-hazards model of categories with shrunk effects, as fitted by ``ridge_cox``.

    Attributes
    ----------
    days
        Days on which anything happened, in order.
    cumulative
        Kalbfleisch and Prentice's cumulative baseline hazard up to and including each of them.
    coefficients
        Log hazard ratio of each value of each factor, one array a factor.
    precisions
        Precision of each factor's prior: larger for smaller differences between its values.
    """

    days: NDArray[np.int64]
    cumulative: NDArray[np.float64]
    coefficients: list[NDArray[np.float64]]
    precisions: NDArray[np.float64]

    def effects(self, codes: NDArray[np.int64]) -> NDArray[np.float64]:
        """Log hazard ratio of each factor, (rows, factors); 0 for a value never seen (−1)."""
        columns = [np.r_[part, 0.0][codes[:, k]] for k, part in enumerate(self.coefficients)]
        return np.column_stack(columns) if columns else np.zeros((len(codes), 0))

    def log_speed(self, codes: NDArray[np.int64]) -> NDArray[np.float64]:
        """Sum of the effects, (rows,)."""
        return np.asarray(self.effects(codes).sum(axis=1), dtype=np.float64)

    def survival(
        self, days: NDArray[Any], log_speed: NDArray[np.float64], *, given: NDArray[Any] | None = None
    ) -> NDArray[np.float64]:
        """Probability of no event by the end of each day, given none by the end of ``given``."""
        hazard = self._hazard(days)
        if given is not None:
            hazard = np.maximum(hazard - self._hazard(given), 0.0)
        return np.asarray(np.exp(-hazard * np.exp(log_speed)), dtype=np.float64)

    def median(self, log_speed: NDArray[np.float64], *, given: NDArray[Any]) -> NDArray[np.float64]:
        """First day by which the survival since ``given`` is one half or less; missing: not reached."""
        wanted = self._hazard(given) + np.log(2) / np.exp(log_speed)
        place = np.searchsorted(self.cumulative, wanted - _EXACT)
        return np.asarray(np.r_[self.days.astype(np.float64), np.nan][place], dtype=np.float64)

    def _hazard(self, days: NDArray[Any]) -> NDArray[np.float64]:
        cumulative = np.r_[0.0, self.cumulative]
        return np.asarray(cumulative[np.searchsorted(self.days, days, side="right")], dtype=np.float64)


def _cells(codes: NDArray[np.int64], sizes: Sequence[int]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Find the combinations of codes: the first row of each, and the combination of each row."""
    number = np.zeros(len(codes), dtype=np.int64)
    for k, size in enumerate(sizes):
        # Renumbered after each factor, so that no product of sizes overflows.
        number = np.unique(number * (size + 1) + codes[:, k] + 1, return_inverse=True)[1]
    _, first, cell = np.unique(number, return_index=True, return_inverse=True)
    return first, cell


def _baseline(
    counted: NDArray[np.float64], weight: NDArray[np.float64], speed: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Kalbfleisch and Prentice's baseline hazard of each day, (days,): the product limit for equal speeds.

    It solves Σ counted · speed / (1 − exp(−hazard · speed)) = weight on each day (Biometrika 60, 1973), by
    bisection.
    """
    day, cell = np.nonzero(counted)
    share = counted[day, cell] * speed[cell]
    low, high = np.zeros(len(weight)), np.full(len(weight), _LARGEST_LOG / speed.max())
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        terms = share / -np.expm1(-np.maximum(middle[day] * speed[cell], _EXACT))
        too_small = np.bincount(day, terms, minlength=len(weight)) > weight
        low, high = np.where(too_small, middle, low), np.where(too_small, high, middle)
    return np.asarray((low + high) / 2, dtype=np.float64)


def ridge_cox(
    days: NDArray[np.int64],
    happened: NDArray[np.bool_],
    codes: NDArray[np.int64],
    sizes: Sequence[int],
    *,
    rounds: int = 30,
) -> RidgeCox:
    """Fit proportional hazards (Cox 1972, Breslow's ties) to categories, their effects shrunk towards zero.

    Each factor's effects have a Gaussian prior whose precision is γ / ‖β‖², where γ is the number of its
    well-determined effects (MacKay, Neural Computation 4, 1992); Newton's steps in between. Rows of the same
    codes are counted together, so the work grows with the number of combinations, not of rows.

    Parameters
    ----------
    days
        Days until the event, or until last observed, (rows,).
    happened
        Whether the event happened, (rows,).
    codes
        Value of each factor, (rows, factors), from 0 up to its size, −1 for none.
    sizes
        Number of values of each factor.
    rounds
        Largest number of rounds, each of Newton's steps and new precisions.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> fast = np.repeat([0, 1], 200)
    >>> wait = rng.exponential(np.where(fast, 20, 60)).astype(int)
    >>> model = ridge_cox(wait, np.ones(400, dtype=bool), fast[:, None], [2])
    >>> bool(0.8 < np.diff(model.coefficients[0])[0] < 1.4)  # the true one is log 3 = 1.1
    True
    """
    first, cell = _cells(codes, sizes)
    cells = codes[first]
    every, at = np.unique(days, return_inverse=True)
    leaving = np.zeros((len(every), len(cells)))
    np.add.at(leaving, (at, cell), 1.0)
    at_risk = leaving[::-1].cumsum(axis=0)[::-1]
    events = np.bincount(at[happened], minlength=len(every)).astype(np.float64)
    some = events > 0
    at_risk, deaths, when = at_risk[some], events[some], every[some]
    starts = np.cumsum([0, *sizes])
    design = np.zeros((len(cells), int(starts[-1])))
    for k in range(len(sizes)):
        known = cells[:, k] >= 0
        design[np.flatnonzero(known), starts[k] + cells[known, k]] = 1.0
    observed = design.T @ np.bincount(cell[happened], minlength=len(cells)).astype(np.float64)
    factor = np.repeat(np.arange(len(sizes)), sizes)
    beta, precision = np.zeros(design.shape[1]), np.ones(len(sizes))
    for _ in range(rounds if len(sizes) else 0):
        before = precision.copy()
        hessian = np.eye(len(beta))
        for _ in range(_NEWTON_STEPS):
            speed = np.exp(np.clip(design @ beta, -_LARGEST_LOG, _LARGEST_LOG))
            share = deaths / (at_risk @ speed)
            expected = speed * (share @ at_risk)
            mean = (at_risk * speed) @ design / (at_risk @ speed)[:, None]
            gradient = observed - design.T @ expected - precision[factor] * beta
            hessian = (design.T * expected) @ design - (mean.T * deaths) @ mean
            hessian += np.diag(precision[factor])
            step = np.linalg.solve(hessian, gradient)
            beta = beta + step
            if np.abs(step).max() < _CONVERGED:
                break
        spread = np.diag(np.linalg.inv(hessian))
        for k in range(len(sizes)):
            mine = factor == k
            determined = max(sizes[k] - precision[k] * spread[mine].sum(), 0.0)
            length = float((beta[mine] ** 2).sum())
            precision[k] = np.clip(determined / max(length, _EXACT), *_PRECISIONS)
        if np.abs(np.log(precision / before)).max() < _CONVERGED_PRECISION:
            break
    speed = np.exp(np.clip(design @ beta, -_LARGEST_LOG, _LARGEST_LOG))
    counted = np.zeros_like(leaving)
    np.add.at(counted, (at[happened], cell[happened]), 1.0)
    cumulative = np.cumsum(_baseline(counted[some], at_risk @ speed, speed))
    parts = [beta[factor == k] for k in range(len(sizes))]
    return RidgeCox(when.astype(np.int64), cumulative, parts, precision)
