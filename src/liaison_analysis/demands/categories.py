"""The clerk's own categories compared with themes: how far they agree, and where they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from liaison_analysis._checks import as_texts

if TYPE_CHECKING:
    from collections.abc import Iterable


def category_agreement(categories: Iterable[Any], themes: Iterable[Any]) -> pd.DataFrame:
    """Find the usual theme of each of the clerk's categories, and how many of its demands have it.

    Parameters
    ----------
    categories
        The clerk's category of each demand; demands without one are left out.
    themes
        Name of the theme of each demand.

    Returns
    -------
    pandas.DataFrame
        [category, n, theme, agree, share]: demands of the category, its most frequent theme (ties: the first
        by name), how many have it, and their share 0–1; the largest category first.

    Examples
    --------
    >>> categories, themes = ["交通", "交通", "交通", "资金"], ["停车", "停车", "道路", "融资"]
    >>> category_agreement(categories, themes).to_numpy().tolist()
    [['交通', 3, '停车', 2, 0.6666666666666666], ['资金', 1, '融资', 1, 1.0]]
    """
    pairs = _pairs(categories, themes)
    counts = pairs.groupby(["category", "theme"]).size().rename("agree").reset_index()
    counts["n"] = counts.groupby("category")["agree"].transform("sum")
    counts = counts.sort_values(["n", "category", "agree", "theme"], ascending=[False, True, False, True])
    usual = counts.drop_duplicates("category", ignore_index=True)
    usual["share"] = usual["agree"] / usual["n"]
    return usual[["category", "n", "theme", "agree", "share"]]


def category_differences(
    categories: Iterable[Any], themes: Iterable[Any], confidence: Iterable[float]
) -> pd.DataFrame:
    """List the demands whose theme is not the usual one of the clerk's category, the most confident first.

    Parameters
    ----------
    categories, themes
        As in ``category_agreement``.
    confidence
        Share of its theme in each demand, 0–1, as ``DemandThemes.confidence_``.

    Returns
    -------
    pandas.DataFrame
        [row, category, usual, theme, confidence]: place of the demand from 0, its category, that category's
        usual theme, and its own theme.

    Examples
    --------
    >>> categories, themes = ["交通", "交通", "交通"], ["停车", "停车", "道路"]
    >>> category_differences(categories, themes, [0.9, 0.8, 0.7]).to_numpy().tolist()
    [[2, '交通', '停车', '道路', 0.7]]
    """
    pairs = _pairs(categories, themes)
    usual = category_agreement(pairs["category"], pairs["theme"]).set_index("category")["theme"]
    pairs["usual"] = pairs["category"].map(usual)
    pairs["confidence"] = pd.Series(list(confidence), dtype=float).reindex(pairs.index)
    other = pairs[pairs["theme"].ne(pairs["usual"])].reset_index(names="row")
    other["order"] = -other["confidence"].round(6)
    other = other.sort_values(["order", "row"], ignore_index=True)
    return other[["row", "category", "usual", "theme", "confidence"]]


def _pairs(categories: Iterable[Any], themes: Iterable[Any]) -> pd.DataFrame:
    """Category and theme of each demand that has a category, by its row."""
    written, names = as_texts(categories), as_texts(themes)
    if len(written) != len(names):
        raise ValueError(
            f"expected one theme for each category, got {len(written)} categories and {len(names)} themes"
        )
    pairs = pd.DataFrame(
        {"category": pd.Series(written, dtype="str"), "theme": pd.Series(names, dtype="str")}
    )
    pairs["category"] = pairs["category"].str.strip()
    return pairs[pairs["category"].ne("")].copy()
