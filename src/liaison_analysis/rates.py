"""Rates with what they are of, and how sure they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

#: Columns of a rate, as ``with_rates`` makes them.
RATE: Final = ("numerator", "denominator", "rate", "low", "high", "few")

#: Below this denominator a rate is not to be ranked.
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

    ``few`` says that the denominator is below 10: too few to rank by the rate.

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
