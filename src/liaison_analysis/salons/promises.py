"""How many meetings can be promised when some of the guests who accepted do not come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._checks import check_frame
from liaison_analysis.salons.timetable_checks import by_name, unknown_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Default probability that a promise is kept (a usual level, judgement).
CERTAINTY: Final = 0.9
#: No-show rates of the table. Organisers of business meetings state that 80 % of accepted meetings take
#: place, hence .2 in the middle.
NO_SHOW_RATES: Final = (0.05, 0.1, 0.2, 0.3)
# A probability below the certainty by less than this is rounding error.
_EXACT: Final = 1e-12


def safe_count(no_show: Iterable[float], certainty: float = CERTAINTY) -> int:
    """Largest number of meetings that are held with a given probability if each may be cancelled.

    Parameters
    ----------
    no_show
        Probability that each meeting is cancelled, independent of the others.
    certainty
        Required probability, above 0 and at most 1.

    Returns
    -------
    The largest k with P(K ≥ k) ≥ certainty.

    Raises
    ------
    ValueError
        A probability does not lie between 0 and 1.

    Notes
    -----
    K, the number held, is Poisson binomial with the probabilities 1 − q of the meetings, and binomial where
    all q are alike: P(K ≥ k) = Σ_{j ≥ k} C(n, j) (1 − q)^j q^(n − j). The distribution is exact, by
    convolution of one meeting after the other (Hong, Computational Statistics & Data Analysis 59, 2013,
    doi:10.1016/j.csda.2012.10.006).

    Examples
    --------
    Six meetings booked, every fifth guest does not come: P(K ≥ 4) = .901, P(K ≥ 5) = .655.

    >>> safe_count([0.2] * 6), safe_count([0.2] * 6, 0.99), safe_count([0.0, 0.5])
    (4, 2, 1)
    """
    rates = np.array(list(no_show), dtype=float)
    if not (((rates >= 0) & (rates <= 1)).all() and 0 < certainty <= 1):
        raise ValueError(
            f"no_show must be probabilities from 0 to 1 and certainty above 0 and at most 1, got "
            f"{rates.tolist()!r} and {certainty!r}"
        )
    held = np.ones(1)
    for rate in rates:
        held = np.convolve(held, [rate, 1 - rate])
    at_least = held[::-1].cumsum()[::-1]
    return int(np.flatnonzero(at_least >= certainty - _EXACT).max())


def promise_table(
    booked: int = 8, no_show: Sequence[float] = NO_SHOW_RATES, certainty: float = CERTAINTY
) -> pd.DataFrame:
    """Table of the number of meetings that can be promised, by number booked and no-show rate.

    Parameters
    ----------
    booked
        The most meetings a guest has booked, 1 or more.
    no_show
        Rates of guests who do not come.
    certainty
        As in `safe_count`.

    Returns
    -------
    DataFrame
        A row for each number booked, from 1; column booked, and one for each rate, which is its name.

    Examples
    --------
    >>> print(promise_table(6).to_string(index=False))
     booked  0.05  0.1  0.2  0.3
          1     1    1    0    0
          2     2    1    1    1
          3     2    2    1    1
          4     3    3    2    2
          5     4    4    3    2
          6     5    4    4    3
    """
    rows = [
        [count, *(safe_count([rate] * count, certainty) for rate in no_show)]
        for count in range(1, booked + 1)
    ]
    return pd.DataFrame(rows, columns=["booked", *no_show])


def safe_promises(
    meetings: pd.DataFrame, no_show: float | Mapping[Any, float], certainty: float = CERTAINTY
) -> pd.DataFrame:
    """Give how many of its booked meetings each guest can be promised.

    Parameters
    ----------
    meetings
        DataFrame[a, b], from `schedule_salon` or `schedule_meetings`.
    no_show
        The probability that a guest does not come, one number for all or one for each guest named (others
        come).
    certainty
        The least probability with which a promise is kept to a guest who is there.

    Returns
    -------
    DataFrame
        Columns enterprise_id, booked (meetings in the timetable), expected (how many are held on average) and
        promised (the largest number held with the certainty); by falling promise, then by id.

    Raises
    ------
    ValueError
        As `safe_count`; or ``no_show`` names who has no meeting, with the nearest names.

    Examples
    --------
    >>> meetings = pd.DataFrame([("robots", "cars"), ("robots", "bank")], columns=["a", "b"])
    >>> print(safe_promises(meetings, {"bank": 0.5}).to_string(index=False))
    enterprise_id  booked  expected  promised
             bank       1       1.0         1
             cars       1       1.0         1
           robots       2       1.5         1
    """
    check_frame(meetings, "meetings", ["a", "b"], source="schedule_salon")
    people = sorted({*meetings["a"], *meetings["b"]}, key=by_name)
    if isinstance(no_show, Mapping):
        strangers = unknown_names({"no_show": no_show}, people, "guest of the timetable")
        if strangers:
            raise ValueError("\n  ".join(["cannot say what may be promised:", *strangers]))
    rates = {
        person: float(no_show.get(person, 0.0)) if isinstance(no_show, Mapping) else float(no_show)
        for person in people
    }
    partners: dict[Any, list[float]] = {person: [] for person in people}
    for a, b in zip(meetings["a"], meetings["b"], strict=True):
        partners[a].append(rates[b])
        partners[b].append(rates[a])
    rows = [
        (person, len(away), len(away) - sum(away), safe_count(away, certainty))
        for person, away in partners.items()
    ]
    rows.sort(key=lambda row: (-row[3], by_name(row[0])))
    return pd.DataFrame(rows, columns=["enterprise_id", "booked", "expected", "promised"])
