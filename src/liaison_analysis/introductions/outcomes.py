"""What salons led to: the funnel from invitation to contract, and the weights fitted to outcomes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from liaison_analysis._checks import check_frame
from liaison_analysis._stats import wilson
from liaison_analysis.introductions.calibration import known_outcomes
from liaison_analysis.introductions.evidence import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Collection

#: Stages of a salon's introductions; each is a subset of the one before.
STAGES: Final = ["invited", "came", "met", "talks", "contract"]
SHARES: Final = ["chain_share", "asked_share", "back_share"]
_LED_ON = ("talks", "sample", "contract")
# Cases of the rarer outcome for each weight (Peduzzi et al. 1996, doi:10.1016/S0895-4356(96)00236-3).
_FEWEST: Final = 10
_Z = 1.959963984540054


def salon_funnel(
    salons: pd.DataFrame, *, by: str | None = None, came: Collection[str] | None = None
) -> pd.DataFrame:
    """Count how far the introductions of salons went.

    Parameters
    ----------
    salons
        The ledger's table: DataFrame[salon_id, held_on, seeker_id, counterpart_id, met, outcome].
    by
        A column to count by, such as "salon_id"; by default all rows together.
    came
        Counterparts who came, where that was noted; otherwise whoever met somebody counts as having come.

    Returns
    -------
    DataFrame[(by,) stage, n, of, rate, low, high, unknown], one row for each stage in the order of `STAGES`:
    how many introductions reached it, out of how many of the stage before for which this is known, the rate
    with its 95 % interval (Wilson, Journal of the American Statistical Association 22, 1927), missing where
    nothing is known, and for how many it is unknown. A sample counts as talks.

    Raises
    ------
    ValueError
        If a column is missing.

    Examples
    --------
    >>> salons = pd.DataFrame(
    ...     [("S1", True, "contract"), ("S1", True, "none"), ("S1", False, None), ("S1", None, None)],
    ...     columns=["salon_id", "met", "outcome"],
    ... ).assign(seeker_id="E1", counterpart_id=["E2", "E3", "E4", "E5"])
    >>> print(salon_funnel(salons)[["stage", "n", "of", "rate", "unknown"]].round(2).to_string(index=False))
       stage  n  of  rate  unknown
     invited  4   4  1.00        0
        came  2   3  0.67        1
         met  2   2  1.00        0
       talks  1   2  0.50        0
    contract  1   1  1.00        0
    """
    check_frame(salons, "salons")
    needed = ["seeker_id", "counterpart_id", "met", "outcome", *([by] if by else [])]
    missing = [name for name in needed if name not in salons]
    if missing:
        got = list(salons.columns)
        raise ValueError(f"salons must have the columns {needed!r}; {missing!r} missing, got {got!r}")
    groups = [(None, salons)] if by is None else list(salons.groupby(by, sort=True))
    frames = []
    for key, rows in groups:
        frame = _stages(rows, came)
        if by is not None:
            frame.insert(0, by, key)
        frames.append(frame)
    columns = [*([by] if by else []), "stage", "n", "of", "rate", "low", "high", "unknown"]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def _stages(rows: pd.DataFrame, came: Collection[str] | None) -> pd.DataFrame:
    """Count the stages of some rows."""
    met = rows["met"].astype("boolean")
    there = met if came is None else rows["counterpart_id"].isin(list(came)).astype("boolean")
    talks = rows["outcome"].isin(_LED_ON).astype("boolean").mask(rows["outcome"].isna())
    signed = rows["outcome"].eq("contract").astype("boolean").mask(rows["outcome"].isna())
    before = pd.Series(data=True, index=rows.index, dtype="boolean")
    rows_of_stages = []
    for stage, reached in zip(STAGES, [before, there, met, talks, signed], strict=True):
        eligible = reached[before.fillna(value=False).astype(bool)]
        n, of = int(eligible.sum()), int(eligible.notna().sum())
        low, high = (float(end[0]) for end in wilson([n], [of]))
        rows_of_stages.append((stage, n, of, n / of if of else math.nan, low, high, len(eligible) - of))
        before = before & reached
    return pd.DataFrame(rows_of_stages, columns=["stage", "n", "of", "rate", "low", "high", "unknown"])


@dataclass(frozen=True, eq=False)
class OutcomeFit:
    """Weights of the evidence, fitted to outcomes.

    Attributes
    ----------
    weights
        DataFrame[evidence, prior, weight, low, high]: the weight of each kind of evidence now and after the
        outcomes, with the interval of its log odds ratio scaled to weights; low and high are
        missing where there are too few outcomes.
    n, n_success
        Introductions with a known outcome, and those that led to talks, a sample or a contract.
    statement
        A sentence that says whether there are enough outcomes.
    """

    weights: pd.DataFrame
    n: int
    n_success: int
    statement: str

    @property
    def enough(self) -> bool:
        """Whether the weights were learnt."""
        return bool(self.weights["low"].notna().all())


def fit_outcomes(salons: pd.DataFrame, introductions: pd.DataFrame) -> OutcomeFit:
    """Fit the weights of the kinds of evidence to the outcomes of introductions.

    Parameters
    ----------
    salons
        The ledger's table; rows without an outcome, and those who did not meet, are left out.
    introductions
        From ``rank_introductions``: score and chain_share, asked_share, back_share of each pair.

    Returns
    -------
    OutcomeFit
        The weights of ``evidence.WEIGHTS``, moved as far as the outcomes support it, summing to one.

    Raises
    ------
    ValueError
        If a column is missing.

    Notes
    -----
    A logistic regression of "led to talks, a sample or a contract" on the three parts of the evidence
    (score × share / weight, each between 0 and 1) with a ridge that pulls towards the present weights;
    intervals from the curvature at the optimum. Below ten cases of the rarer outcome for each of the three
    (Peduzzi et al., Journal of Clinical Epidemiology 49, 1996) the weights stay as they are.

    Examples
    --------
    >>> none = pd.DataFrame(columns=["seeker_id", "counterpart_id", "met", "outcome"])
    >>> pairs = pd.DataFrame(columns=["seeker_id", "counterpart_id", "score", *SHARES])
    >>> fit_outcomes(none, pairs).statement
    '0 outcomes, 0 of which led on: too few to learn from (30 of either kind needed); the weights stay.'
    """
    check_frame(salons, "salons")
    check_frame(introductions, "introductions")
    for name, frame, needed in (
        ("salons", salons, ["seeker_id", "counterpart_id", "outcome"]),
        ("introductions", introductions, ["seeker_id", "counterpart_id", "score", *SHARES]),
    ):
        missing = [column for column in needed if column not in frame]
        if missing:
            raise ValueError(f"{name} must have the columns {needed!r}; {missing!r} missing")
    pair = ["seeker_id", "counterpart_id"]
    best = introductions.sort_values("score", ascending=False, kind="stable").drop_duplicates(pair)
    known = known_outcomes(salons).merge(best[[*pair, "score", *SHARES]], on=pair)
    success = known["outcome"].isin(_LED_ON).to_numpy(dtype=float)
    n, n_success = len(known), int(success.sum())
    prior = np.array([WEIGHTS[share.removesuffix("_share")] for share in SHARES])
    table = pd.DataFrame({"evidence": [share.removesuffix("_share") for share in SHARES], "prior": prior})
    fewest = _FEWEST * len(SHARES)
    counted = f"{n} outcomes, {n_success} of which led on"
    if min(n_success, n - n_success) < fewest:
        table = table.assign(weight=prior, low=math.nan, high=math.nan)
        few = f"too few to learn from ({fewest} of either kind needed); the weights stay."
        return OutcomeFit(table, n, n_success, f"{counted}: {few}")
    parts = known[SHARES].to_numpy(dtype=float) * known[["score"]].to_numpy(dtype=float) / prior
    slope, spread = _regress(parts, success, prior)
    total = np.maximum(slope, 0).sum() or 1.0
    low, high = (np.maximum(slope + side * _Z * spread, 0) / total for side in (-1, 1))
    table = table.assign(weight=np.maximum(slope, 0) / total, low=low, high=np.minimum(high, 1))
    return OutcomeFit(table.round(9), n, n_success, f"{counted}: weights learnt, intervals beside them.")


def _regress(parts: np.ndarray, success: np.ndarray, prior: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Logistic regression with a ridge towards the prior's direction: slopes and their standard errors."""
    from scipy.optimize import minimize
    from scipy.special import expit

    rows = np.column_stack([np.ones(len(parts)), parts])
    centre = np.append(0.0, 4 * prior)
    ridge = np.append(0.0, np.full(parts.shape[1], 1.0))

    def loss(at: np.ndarray) -> tuple[float, np.ndarray]:
        linear = rows @ at
        off = at - centre
        value = np.logaddexp(0, linear).sum() - success @ linear + (ridge * off**2).sum() / 2
        return float(value), rows.T @ (expit(linear) - success) + ridge * off

    slopes = minimize(loss, centre, jac=True, method="BFGS").x
    probability = expit(rows @ slopes)
    curvature = (rows * (probability * (1 - probability))[:, None]).T @ rows + np.diag(ridge)
    return slopes[1:], np.sqrt(np.diag(np.linalg.inv(curvature)))[1:]
