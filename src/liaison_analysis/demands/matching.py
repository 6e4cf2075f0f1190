"""Match the themes of a later fit with those of an earlier one: kept, split, merged, appeared, vanished."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from liaison_analysis.demands.representation import Integers

    Booleans = np.ndarray[Any, np.dtype[np.bool_]]

#: Jaccard overlap from which two themes are the same: above one half no theme has two such partners.
SAME: Final = 0.5

# Share of a theme's texts that makes it a part of another theme (judgement: most of them).
_MOST: Final = 0.5


def match_themes(
    before: Integers, after: Integers, n_before: int, n_after: int, *, seen: Booleans | None = None
) -> pd.DataFrame:
    """Match the themes of two assignments of the same texts, and classify the unmatched ones.

    Pairs with the greatest sum of Jaccard overlaps (Jonker–Volgenant assignment, Crouse 2016,
    doi:10.1109/TAES.2016.140952) are the same theme where they share half of their texts or more. Of the
    others, a later theme is a part of the earlier one that gave most of its texts; an earlier one was merged
    into the later one that got most of its texts.

    Parameters
    ----------
    before, after
        Theme of each text in the earlier and the later assignment; -1 is none.
    n_before, n_after
        Number of themes of each.
    seen
        Whether the earlier model was fitted to each text; by default to all. A later theme of texts that
        were not there before counts as appeared, whatever theme the earlier model gives them.

    Returns
    -------
    pandas.DataFrame
        [change, before, after, overlap]: ``kept``, ``split`` (the part ``after`` of ``before``), ``merged``
        (``before`` went into ``after``), ``appeared`` or ``vanished``; numbers are missing where there is
        none; ``overlap`` is the Jaccard index, 0–1. By after, then before.

    Examples
    --------
    >>> before, after = np.array([0, 0, 0, 0, 1, 1]), np.array([0, 0, 2, 2, 1, 1])
    >>> match_themes(before, after, 2, 3)[["change", "before", "after"]].to_numpy().tolist()
    [['kept', 0, 0], ['kept', 1, 1], ['split', 0, 2]]
    """
    from scipy.optimize import linear_sum_assignment

    counts = np.zeros((n_before, n_after))
    both = (before >= 0) & (after >= 0)
    np.add.at(counts, (before[both], after[both]), 1)
    n_of_before = np.bincount(before[before >= 0], minlength=n_before)
    n_of_after = np.bincount(after[after >= 0], minlength=n_after)
    union = n_of_before[:, None] + n_of_after[None, :] - counts
    overlap = np.divide(counts, union, out=np.zeros_like(counts), where=union > 0)
    pairs = zip(*linear_sum_assignment(-np.round(overlap, 9)), strict=True)
    kept = {int(j): int(i) for i, j in pairs if overlap[i, j] >= SAME}
    rows: list[tuple[str, Any, Any, float]] = [("kept", i, j, overlap[i, j]) for j, i in kept.items()]
    old = both if seen is None else both & seen
    counts_of_old = np.zeros_like(counts)
    np.add.at(counts_of_old, (before[old], after[old]), 1)
    from_before = counts_of_old / np.maximum(n_of_after, 1)
    to_after = counts / np.maximum(n_of_before, 1)[:, None]
    for j in sorted(set(range(n_after)) - set(kept)):
        source = int(from_before[:, j].argmax()) if n_before else 0
        if n_before and from_before[source, j] > _MOST:
            rows.append(("split", source, j, overlap[source, j]))
        else:
            rows.append(("appeared", None, j, 0.0))
    for i in sorted(set(range(n_before)) - set(kept.values())):
        target = int(to_after[i].argmax()) if n_after else 0
        if n_after and to_after[i, target] > _MOST:
            rows.append(("merged", i, target, overlap[i, target]))
        elif not any(change == "split" and source == i for change, source, *_ in rows):
            rows.append(("vanished", i, None, 0.0))
    changes = pd.DataFrame(rows, columns=["change", "before", "after", "overlap"])
    changes = changes.astype({"change": "str", "before": "Int64", "after": "Int64", "overlap": float})
    changes["overlap"] = changes["overlap"].round(6)
    return changes.sort_values(["after", "before"], ignore_index=True)


def kept_numbers(changes: pd.DataFrame, sizes: Sequence[int]) -> list[int]:
    """Order the later themes so that kept ones have their earlier numbers, where these exist.

    Parameters
    ----------
    changes
        From ``match_themes``.
    sizes
        Number of texts of each later theme.

    Returns
    -------
    list[int]
        For each new number the later theme that gets it; themes without an earlier number fill the gaps, the
        largest first.

    Examples
    --------
    >>> changes = match_themes(np.array([0, 0, 1, 1]), np.array([1, 1, 0, 2]), 2, 3)
    >>> kept_numbers(changes, [1, 2, 1])
    [1, 0, 2]
    """
    order: list[int | None] = [None] * len(sizes)
    kept = changes[changes["change"].eq("kept")]
    for before, after in zip(kept["before"], kept["after"], strict=True):
        if before < len(order):
            order[int(before)] = int(after)
    rest = sorted(set(range(len(sizes))) - set(order), key=lambda theme: (-sizes[theme], theme))
    return [rest.pop(0) if theme is None else theme for theme in order]
