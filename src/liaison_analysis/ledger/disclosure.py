"""Statistical disclosure control: ledgers and tables without figures of small groups of enterprises.

Two methods of statistical offices (Hundepool et al. 2012, Statistical Disclosure Control, chapter 4):
small groups of a ledger are combined before anything is counted (global recoding), and rows of a table whose
figures rest on few enterprises are left out, together with as many others as needed so that none can be
derived from the rest (primary and complementary suppression).
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.graphs import as_ledger
from liaison_analysis.ledger.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy.typing as npt

    from liaison_analysis.ledger.model import Ledger

# The enterprise to which a row belongs, in tables that name two enterprises.
_OWNER: Final = {"supplies": "supplier_id", "salons": "counterpart_id"}

# Enterprises are divided into this many parts, times the smallest group size: a figure to which three parts
# contribute is of at least three enterprises, and figures of few enterprises rarely have fewer parts.
_PARTS: Final = 4

# Columns of words that figures are counted by, in every table that has them: one and the same officer or
# owner may not be shown in one table and suppressed in the next.
_GROUPED: Final = ("town", "category", "industry_code", "owner", "officer_id")


def without_small_groups(ledger: Ledger, *, least: int = 3) -> Ledger:
    """Combine towns, categories, industries, owners and officers that have few enterprises.

    Results computed from such a ledger show no figure of a single town, category, industry, owner or officer
    with fewer than ``least`` enterprises (``suppress_small_groups``). Clauses of policies keep their towns:
    they are not groups of enterprises.

    Parameters
    ----------
    ledger
        Any ledger.
    least
        Smallest number of enterprises of a group that is shown; at least 2.

    Returns
    -------
    Ledger
        A copy.

    Raises
    ------
    ValueError
        ``least`` is below 2.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> shown = without_small_groups(load_liangjiang(), least=3)
    >>> bool(shown.enterprises.groupby("town").size().min() >= 3)
    True
    """
    ledger = as_ledger(ledger)
    if least < 2:
        raise ValueError(f"expected least of 2 or more, got {least!r}; every group has a member")
    frames = {name: frame.copy() for name, frame in ledger.tables.items()}
    for column in _GROUPED:
        held = [name for name, frame in frames.items() if {"enterprise_id", column} <= set(frame)]
        both = pd.concat([frames[name][["enterprise_id", column]] for name in held], ignore_index=True)
        shown = suppress_small_groups(both[column], both["enterprise_id"], least=least).astype("str")
        at = 0
        for name in held:
            n = len(frames[name])
            frames[name][column] = shown.iloc[at : at + n].to_numpy()
            frames[name][column] = frames[name][column].astype("str")
            at += n
    # Rows with equal keys after combining are merged, such as two officers' links to one enterprise.
    frames = {
        name: frame.drop_duplicates(list(TABLES[name].key), ignore_index=True)
        for name, frame in frames.items()
    }
    return replace(ledger, **frames)  # type: ignore[arg-type]  # each is named as its table


def without_small_figures(
    measure: Callable[[Any], pd.DataFrame],
    source: Ledger | pd.DataFrame,
    by: str | list[str],
    *,
    least: int = 3,
) -> pd.DataFrame:
    """Rows of a table of counts whose figures rest on enough enterprises, including by differencing.

    The measure is also computed for parts of the source, each with some of the enterprises, to count the
    parts that contribute to each count. A row is left out where one of its counts, or the difference of two
    of them, comes from fewer than ``least``; so is a row that differs from a larger one by so few. Where the
    rows left out together describe few enterprises, or one of them follows from the sums, the next smallest
    rows are left out as well: in the whole table, or, where two columns name its rows, among those that share
    one of the names. Columns that are not additive over enterprises, such as the longest wait, may describe a
    single enterprise and are left out.

    Parameters
    ----------
    measure
        Function that makes a tidy table. Its columns of whole numbers are checked; rates and medians are kept
        or left out with their row.
    source
        A ledger, or a frame with a column ``enterprise_id``.
    by
        Columns that name the row.
    least
        Smallest number of enterprises; with 0 or 1 the table is returned unchanged.

    Returns
    -------
    DataFrame
        Rows of the table that may be shown, in its order.

    Examples
    --------
    >>> rows = pd.DataFrame({"enterprise_id": list("AABCDEFG"), "month": [1, 1, 2, 2, 2, 3, 3, 3]})
    >>> def count(rows):
    ...     return rows.groupby("month").size().reset_index(name="n").astype({"month": str})
    >>> without_small_figures(count, rows, "month", least=3)
      month  n
    0     3  3
    """
    table = measure(source)
    if least <= 1 or table.empty:
        return table
    keys = [by] if isinstance(by, str) else by
    named = [str(name) for name in table.columns if name not in keys]
    whole = [name for name in named if pd.api.types.is_integer_dtype(table[name])]
    rows = _row_names(table, keys)
    parts = [_measured(measure, part) for part in _parts(source, _PARTS * least)]
    counts = np.stack([_aligned(part, rows, keys, whole) for part in parts])
    adds_up = np.asarray(np.isclose(counts.sum(axis=0), table[whole].astype("float64").fillna(0)))
    counts[:, ~adds_up] = 0
    judged: npt.NDArray[np.bool_] = np.asarray(adds_up.any(axis=1))
    kept = _large(counts, [table[key].astype("str").to_numpy() for key in keys], judged, least)
    of_one = [name for i, name in enumerate(whole) if not adds_up[kept, i].all()]
    return table[kept].drop(columns=of_one).reset_index(drop=True)


def _parts(source: Any, n: int) -> Iterator[Any]:
    """Split a ledger or frame into parts with different enterprises."""
    ledger = None if isinstance(source, pd.DataFrame) else source
    ids = source["enterprise_id"] if ledger is None else ledger.enterprises["enterprise_id"]
    part_of = {one: i % n for i, one in enumerate(sorted(ids.dropna().unique()))}
    for i in range(min(n, len(part_of))):
        if ledger is None:
            yield source[source["enterprise_id"].map(part_of).eq(i)]
            continue
        owners = {name: _OWNER.get(name, "enterprise_id") for name in ledger.tables}
        frames = {
            name: frame[frame[owners[name]].map(part_of).eq(i)].reset_index(drop=True)
            for name, frame in ledger.tables.items()
            if owners[name] in frame
        }
        yield replace(ledger, **frames)


def _measured(measure: Callable[[Any], pd.DataFrame], part: Any) -> pd.DataFrame:
    """Take a measure of a part; nothing where the part lacks what it needs."""
    try:
        return measure(part)
    except LedgerError:
        return pd.DataFrame()


def _row_names(table: pd.DataFrame, keys: list[str]) -> list[str]:
    return ["\n".join(map(str, row)) for row in table[keys].itertuples(index=False)]


def _aligned(
    part: pd.DataFrame, rows: list[str], keys: list[str], names: list[str]
) -> npt.NDArray[np.float64]:
    """Give counts of a part in the rows and columns of the whole."""
    if not set(keys) <= set(part):
        return np.zeros((len(rows), len(names)))
    counts = part.reindex(columns=names).set_axis(_row_names(part, keys)).astype("float64")
    return counts.reindex(rows).fillna(0).to_numpy()


def _large(
    counts: npt.NDArray[np.float64], keys: list[Any], judged: npt.NDArray[np.bool_], least: int
) -> npt.NDArray[np.bool_]:
    """Rows to show, of counts by part, row and column."""

    def few(figures: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        made_of = (figures != 0).sum(axis=0)
        # A difference with both signs is not the figure of a group.
        one_way = (figures >= 0).all(axis=0) | (figures <= 0).all(axis=0)
        return np.asarray((made_of > 0) & (made_of < least) & one_way)

    def discloses(figures: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
        pairs = list(combinations(range(figures.shape[-1]), 2))
        differ = [few(figures[..., a] - figures[..., b]) for a, b in pairs]
        return np.asarray(np.logical_or.reduce([few(figures).any(axis=-1), *differ]))

    sizes = counts.sum(axis=0).max(axis=1, initial=0)
    kept = judged & ~discloses(counts)
    order = np.argsort(-sizes, kind="stable")
    for place, row in enumerate(order):
        larger = order[:place][kept[order[:place]]]
        kept[row] &= not few(counts[:, larger] - counts[:, [row]]).any()
    secret = judged & ~kept
    # With one key, the sum over all rows is known; with two, the sums over rows that share a key. The sum of
    # a single row is that row itself, so it is not protected here.
    lines = [judged & (values == value) for values in keys for value in pd.unique(values)]
    lines = [line for line in lines if line.sum() > 1] if len(keys) > 1 else [judged]
    changed = True
    while changed:
        changed = False
        for line in lines:
            rest = bool(discloses(counts[:, line & ~kept].sum(axis=1)))
            revealed = rest or _follows(line & secret, lines, judged & ~kept)
            if revealed and (line & kept).any():
                smallest = min(np.flatnonzero(line & kept), key=lambda row: (sizes[row], row))
                kept[smallest], changed = False, True
    return kept


def _follows(
    secret: npt.NDArray[np.bool_], lines: list[npt.NDArray[np.bool_]], out: npt.NDArray[np.bool_]
) -> bool:
    """Whether a suppressed row is determined by the sums of the lines."""
    if len(lines) == 1 or not secret.any():
        return False
    sums = np.array([line[out] for line in lines], dtype=float)
    solved = np.linalg.pinv(sums) @ sums
    return bool((np.isclose(np.diag(solved), 1) & secret[out]).any())


#: Name of the groups that ``suppress_small_groups`` combines.
OTHERS: Final = "其他 others"


def suppress_small_groups(groups: pd.Series, members: pd.Series, *, least: int = 3) -> pd.Series:
    """Combine groups of few members under one name, so that no figure by group discloses one of them.

    Where the small groups together are still too few, the next larger ones join them: a total minus the
    groups that are shown then discloses nothing either.

    Parameters
    ----------
    groups
        Group of each row; missing ones stay missing.
    members
        Whose row it is, such as an enterprise's id, under the same index; each counts once in a group.
    least
        Fewest members of a group that is shown.

    Returns
    -------
    Series
        ``groups`` with ``OTHERS`` in place of small ones; all missing where there are fewer members than
        ``least`` altogether.

    Examples
    --------
    >>> towns = pd.Series(["水土"] * 3 + ["鱼复"] * 4 + ["龙兴"])
    >>> suppress_small_groups(towns, pd.Series(list("ABCDEFGH"))).tolist()[2:]
    ['其他 others', '鱼复', '鱼复', '鱼复', '鱼复', '其他 others']
    """
    sizes = members.groupby(groups).nunique()
    joined: set[object] = set()
    for n, group in sorted(zip(sizes.tolist(), sizes.index.tolist(), strict=True)):
        together = members[groups.isin(joined)].nunique()
        if n >= least and (not joined or together >= least):
            break
        joined.add(group)
    if not joined:
        return groups
    enough = members[groups.isin(joined)].nunique() >= least
    return groups.mask(groups.isin(joined), OTHERS if enough else None)
