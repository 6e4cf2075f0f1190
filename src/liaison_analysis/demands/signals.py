"""Weak signals: matters that few demands of several firms are about, most of them lately."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._checks import check_kind
from liaison_analysis.text import normalise, unit_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison_analysis.demands.themes import DemandThemes

#: A weak signal has at most so many demands, of so many firms at least (judgement: more are a theme, fewer
#: are a firm's own matter).
MOST_DEMANDS: Final = 12
LEAST_FIRMS: Final = 3

# More than this many times as many demands in the later half as in the earlier (judgement).
_GROWTH: Final = 2

# Mean cosine distance up to which texts are about one matter: of .5 and .6 the one whose groups were about
# one matter in the sample (8 and 14 groups read, 2026-11).
_DISTANCE: Final = 0.5

# Latest distinct texts that are compared, each with each (judgement: some seconds and 0.2 GB).
_MOST_TEXTS: Final = 5_000


def weak_signals(themes: DemandThemes, firms: Iterable[Any], dates: Iterable[Any]) -> pd.DataFrame:
    """Find matters, finer than themes, that few demands of several firms are about, most of them lately.

    Texts are put together by average linkage of their cosine distances (Sokal & Michener 1958) up to a mean
    distance of 0.5. A group of at most 12 demands from 3 firms or more is a signal where more than twice as
    many came in the later half of the time as in the earlier; the halves have as many demands each. ``p`` is
    the probability of as many late ones by chance, for one group alone: among many groups some are late by
    chance, so a signal is something to read and no trend.

    Parameters
    ----------
    themes
        Fitted; its texts are compared.
    firms, dates
        Firm and date of each fitted text; texts without a date are left out.

    Returns
    -------
    pandas.DataFrame
        [name, n, firms, first_half, second_half, p, example, texts]: ``name`` is the theme of most of its
        demands, ``example`` the text most like the others, ``texts`` all of them, the latest first, separated
        by line breaks. By ``p``, then number of firms, then example. Only the latest 5,000 distinct texts are
        compared; ``attrs``: compared and left_out, how many that were and how many are older.

    Raises
    ------
    ValueError
        ``firms`` or ``dates`` have another length than the fitted texts.

    Examples
    --------
    >>> from liaison_analysis.demands import DemandThemes
    >>> texts = [f"停车位不够{i}" for i in range(8)] + [f"食堂的饭菜凉了{i}" for i in range(4)]
    >>> firms = [f"E{i}" for i in range(12)]
    >>> dates = ["2022-01-01"] * 6 + ["2022-06-01"] * 6
    >>> signals = weak_signals(DemandThemes(2).fit(texts), firms, dates)
    >>> signals[["n", "firms", "first_half", "second_half"]].to_numpy().tolist()
    [[4, 4, 0, 4]]
    """
    check_kind(themes, "themes", "DemandThemes", source="DemandThemes(n).fit(texts)")
    columns = ["name", "n", "firms", "first_half", "second_half", "p", "example", "texts"]
    table = pd.DataFrame(
        {
            "clean": normalise(themes.texts_, mask=themes.mask),
            "text": themes.texts_,
            "theme": themes.labels_,
        }
    )
    given = {"firm": list(firms), "date": list(dates)}
    for name, values in given.items():
        if len(values) != len(table):
            raise ValueError(f"expected a {name} for each of the {len(table)} texts, got {len(values)}")
        table[name] = values
    table["date"] = pd.to_datetime(table["date"])
    table = table.dropna(subset=["date"]).sort_values(["date", "text"], ascending=[False, True])
    every = table["clean"].drop_duplicates().tolist()
    unique = every[:_MOST_TEXTS]
    taken: dict[Any, int] = {"compared": len(unique), "left_out": len(every) - len(unique)}
    if len(unique) < 2:
        nothing = pd.DataFrame(columns=columns)
        nothing.attrs = taken
        return nothing
    rows = unit_rows(np.round(themes.model_.space.map(unique), 6)).astype(np.float64)
    group = dict(zip(unique, _groups(rows), strict=True))
    number = {text: i for i, text in enumerate(unique)}
    table = table[table["clean"].isin(group.keys())]
    table["late"] = table["date"].gt(table["date"].quantile(0.5))
    share = float(table["late"].mean())
    found = []
    for _, part in table.groupby(table["clean"].map(group)):
        n, late, n_firms = len(part), int(part["late"].sum()), part["firm"].nunique()
        if n > MOST_DEMANDS or n_firms < LEAST_FIRMS or late <= _GROWTH * (n - late):
            continue
        own = rows[[number[text] for text in part["clean"]]]
        central = part["text"].iloc[int(np.round(own @ own.sum(axis=0), 6).argmax())]
        theme = part.loc[part["theme"].ge(0), "theme"].mode()
        name = themes.themes_["name"][theme.iloc[0]] if len(theme) else ""
        found.append(
            (name, n, n_firms, n - late, late, _chance(late, n, share), central, "\n".join(part["text"]))
        )
    order = ["p", "firms", "example"]
    frame = pd.DataFrame(found, columns=columns)
    frame = frame.sort_values(order, ascending=[True, False, True], ignore_index=True)
    frame.attrs = taken
    return frame


def _groups(rows: np.ndarray[Any, Any]) -> list[int]:
    """Give the number of the group of each row of length 1, by average linkage."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    distances = np.round(1 - rows @ rows.T, 6).clip(0)
    np.fill_diagonal(distances, 0)
    tree = linkage(squareform(distances, checks=False), method="average")
    groups: list[int] = fcluster(tree, _DISTANCE, criterion="distance").tolist()
    return groups


def _chance(late: int, n: int, share: float) -> float:
    """Probability of as many late demands or more, where each is late with the share of all."""
    from scipy.stats import binom

    return round(float(binom.sf(late - 1, n, share)), 6)
