"""Counts of themes by month, trends, and themes that a group of enterprises raises more often."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from liaison_analysis._checks import check_frame

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


# Share of intervals that miss the rate ratio, half of them on each side: 95 % intervals, by convention.
_BEYOND = 0.05
# Added to both counts, so that a ratio is finite where one is 0 (Haldane 1956,
# doi:10.1111/j.1469-1809.1955.tb01285.x).
_CONTINUITY = 0.5


def theme_counts(
    labels: Iterable[int],
    dates: Iterable[Any],
    *,
    names: Sequence[str] | pd.Series[str],
    visits: Iterable[Any] | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Count texts by theme and month, with exact Poisson intervals (Garwood 1936, doi:10.2307/2333958).

    Parameters
    ----------
    labels
        Theme number of each text; -1 counts in ``total`` only.
    dates
        Date of each text; a missing one leaves the text out.
    names
        Name of each theme.
    visits
        Date of each visit.
    confidence
        Of the intervals.

    Returns
    -------
    pandas.DataFrame
        [month, theme, name, n, low, high, total, share], every month and theme, including those with n = 0;
        ``low`` and ``high`` bound the expected number per month, ``total`` counts the month's texts. With
        visits also [visits, per_visit, per_visit_low, per_visit_high]; missing in a month without visits.

    Raises
    ------
    ValueError
        ``labels`` and ``dates`` are of different lengths, or ``confidence`` is not between 0 and 1.

    Examples
    --------
    >>> counts = theme_counts([0, 0, 1], ["2022-03-01", "2022-03-09", "2022-04-02"], names=["停车", "融资"])
    >>> counts[["name", "n"]].to_numpy().tolist()
    [['停车', 2], ['融资', 0], ['停车', 0], ['融资', 1]]
    >>> counts[["low", "high"]].round(2).iloc[0].tolist()
    [0.24, 7.22]
    """
    from scipy.stats import chi2

    number = np.asarray(list(labels), dtype=np.int64)
    months = pd.Series(pd.to_datetime(pd.Series(list(dates)))).dt.to_period("M")
    if len(months) != len(number):
        raise ValueError(f"expected one date for each text, got {len(months)} dates and {len(number)} texts")
    seen = months.dropna()
    columns = pd.Index(range(len(names)))
    every = pd.period_range(seen.min(), seen.max(), freq="M") if len(seen) else pd.PeriodIndex([], freq="M")
    table = pd.crosstab(seen, number[seen.index]) if len(seen) else pd.DataFrame()
    counts = table.reindex(index=every, columns=columns, fill_value=0).to_numpy(dtype=np.int64)
    totals = seen.value_counts().reindex(every, fill_value=0).to_numpy(dtype=np.int64)
    tail = (1 - confidence) / 2
    n = counts.ravel()
    total = np.repeat(totals, len(names))
    frame = pd.DataFrame(
        {
            "month": np.repeat(every.to_timestamp().to_numpy(), len(names)),
            "theme": np.tile(np.arange(len(names), dtype=np.int64), len(every)),
            "name": pd.Series(list(names) * len(every), dtype="str"),
            "n": n,
            "low": np.where(n > 0, chi2.ppf(tail, 2 * np.maximum(n, 1)) / 2, 0.0),
            "high": chi2.ppf(1 - tail, 2 * n + 2) / 2,
            "total": total,
            "share": np.where(total > 0, n / np.maximum(total, 1), np.nan),
        },
    )
    if visits is None:
        return frame
    when = pd.Series(pd.to_datetime(pd.Series(list(visits)))).dt.to_period("M").dropna()
    made = np.repeat(when.value_counts().reindex(every, fill_value=0).to_numpy(dtype=np.int64), len(names))
    frame["visits"] = made
    for source, target in (("n", "per_visit"), ("low", "per_visit_low"), ("high", "per_visit_high")):
        frame[target] = np.where(made > 0, frame[source] / np.maximum(made, 1), np.nan)
    return frame


def rising_themes(counts: pd.DataFrame, *, per: str = "total", alpha: float = 0.05) -> pd.DataFrame:
    """Test each theme for a trend over months, relative to the number of texts or visits.

    Score test for a Poisson log-linear trend with months as scores, conditional on the theme's count (the
    Cochran–Armitage form): without a trend, a theme's texts are spread over the months in proportion to the
    exposure. Probabilities are two-sided and corrected by Benjamini & Hochberg (1995).

    Parameters
    ----------
    counts
        From ``theme_counts``: DataFrame[month, theme, name, n, total], [visits] for ``per="visits"``.
    per
        Exposure: ``"total"`` (all texts of the month), ``"visits"``, or ``"month"`` (all months equal).
    alpha
        False discovery rate at which ``trend`` says rising or falling.

    Returns
    -------
    pandas.DataFrame
        [theme, name, n, rate_ratio, low, high, z, p, q, trend]: ``rate_ratio`` of the later to the earlier
        half of the months, 0.5 added to each half's count, with its 95 % interval (Wald, of the logarithm);
        the greatest ``z`` first.

    Raises
    ------
    ValueError
        ``per`` is another value, or ``"visits"`` where visits were not counted.

    Examples
    --------
    >>> months = [f"2022-{m:02}-10" for m in range(1, 13)]
    >>> dates = [d for i, d in enumerate(months) for _ in range(i + 1)] + months * 9
    >>> counts = theme_counts([0] * 78 + [1] * 108, dates, names=["停车", "融资"])
    >>> rising_themes(counts, per="month")[["name", "trend"]].to_numpy().tolist()
    [['停车', 'rising'], ['融资', 'steady']]
    """
    from scipy.stats import norm

    check_frame(counts, "counts", ["month", "theme", "name", "n"], source="theme_counts")

    if per not in {"total", "visits", "month"} or (per != "month" and per not in counts):
        raise ValueError(f"expected per 'total', 'visits' (counted with visits=…) or 'month', got {per!r}")
    rows = []
    for theme, part in counts.sort_values("month").groupby("theme"):
        n = part["n"].to_numpy(dtype=float)
        exposure = np.ones(len(n)) if per == "month" else part[per].to_numpy(dtype=float)
        share = exposure / max(exposure.sum(), 1)
        score = np.arange(len(n), dtype=float)
        mean = share @ score
        spread = n.sum() * (share @ (score - mean) ** 2)
        z = float(n @ (score - mean) / np.sqrt(spread)) if spread > 0 else 0.0
        late = score >= len(n) / 2
        a, b = n[late].sum() + _CONTINUITY, n[~late].sum() + _CONTINUITY
        ratio = (a / max(exposure[late].sum(), 1)) / (b / max(exposure[~late].sum(), 1))
        wide = np.exp(norm.ppf(1 - _BEYOND / 2) * np.sqrt(1 / a + 1 / b))
        name = part["name"].iloc[0]
        rows.append((theme, name, int(n.sum()), ratio, ratio / wide, ratio * wide, z, 2 * norm.sf(abs(z))))
    columns = ["theme", "name", "n", "rate_ratio", "low", "high", "z", "p"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["q"] = _corrected(frame["p"])
    word = np.where(frame["z"] > 0, "rising", "falling")
    frame["trend"] = pd.Series(np.where(frame["q"] < alpha, word, "steady"), dtype="str")
    frame["order"] = (-frame["z"]).round(9)
    return frame.sort_values(["order", "theme"], ignore_index=True).drop(columns="order")


def over_represented(
    labels: Iterable[int],
    groups: Iterable[Any],
    *,
    names: Sequence[str] | pd.Series[str],
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Find themes that a group (a town, a category) raises more often than the others do.

    Fisher's exact test of theme against group, one-sided, corrected by Benjamini & Hochberg (1995,
    doi:10.1111/j.2517-6161.1995.tb02031.x) over all pairs.

    Parameters
    ----------
    labels
        Theme number of each text; texts with -1 are left out.
    groups
        Group of each text; texts without one are left out.
    names
        Name of each theme.
    alpha
        False discovery rate at which ``over`` is true.

    Returns
    -------
    pandas.DataFrame
        [group, theme, name, n, expected, lift, odds_ratio, phi, p, q, over]: ``lift`` is n over expected,
        ``odds_ratio`` has 0.5 added to each cell (Haldane–Anscombe), ``phi`` is the effect size −1–1; by
        group, then probability.

    Examples
    --------
    >>> labels, towns = [0] * 12 + [1] * 12, ["鱼复"] * 10 + ["水土"] * 14
    >>> table = over_represented(labels, towns, names=["停车", "融资"])
    >>> table.loc[table["over"], ["group", "name", "n"]].to_numpy().tolist()
    [['水土', '融资', 12], ['鱼复', '停车', 10]]
    """
    from scipy.stats import hypergeom

    number, group = np.asarray(list(labels), dtype=np.int64), pd.Series(list(groups), dtype="object")
    kept = group.notna().to_numpy() & (number >= 0)
    number, group = number[kept], group[kept].astype(str)
    whole = len(number)
    rows = []
    for value in sorted(group.unique()):
        inside = (group == value).to_numpy()
        for theme, name in enumerate(names):
            of = number == theme
            a, size, count = int((inside & of).sum()), int(inside.sum()), int(of.sum())
            b, c, d = size - a, count - a, whole - size - count + a
            odds = (a + 0.5) * (d + 0.5) / ((b + 0.5) * (c + 0.5))
            root = np.sqrt(float(size) * count * (whole - size) * (whole - count))
            phi = (a * d - b * c) / root if root > 0 else 0.0
            expected = size * count / whole
            lift = a / expected if expected else np.nan
            p = float(hypergeom.sf(a - 1, whole, count, size))
            rows.append((value, theme, name, a, expected, lift, odds, phi, p))
    columns = ["group", "theme", "name", "n", "expected", "lift", "odds_ratio", "phi", "p"]
    frame = pd.DataFrame(rows, columns=columns)
    frame["q"] = _corrected(frame["p"])
    frame["over"] = frame["q"] < alpha
    frame["order"] = frame["p"].round(12)
    return frame.sort_values(["group", "order", "theme"], ignore_index=True).drop(columns="order")


def _corrected(p: pd.Series[float]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Benjamini–Hochberg q-values."""
    from scipy.stats import false_discovery_control

    return np.asarray(false_discovery_control(p.to_numpy(dtype=float)) if len(p) else [], dtype=float)
