"""Texts that nearly repeat one another, by character bigrams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from liaison_analysis.text.normalisation import char_ngrams, normalise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Tolerance of cosines in single precision: so little below the threshold counts as reaching it.
_ROUNDING = 1e-6

_BLOCK = 2_000  # rows compared with all at once
_CELLS = 20_000_000  # of a block of cosines: 320 MB at most, as of 10,000 texts in whole blocks


def near_duplicates(
    texts: Iterable[object],
    *,
    enterprises: Iterable[Any] | None = None,
    threshold: float = 0.7,
) -> pd.DataFrame:
    """Find groups of texts that are nearly the same word for word, and repeats by one enterprise.

    Two texts are joined where the cosine of their character-bigram counts reaches ``threshold``; a group is
    a connected component of the texts so joined. Memory stays below some 400 MB.

    Parameters
    ----------
    texts
        Texts, cleaned here by ``text.normalise``.
    enterprises
        Who raised each text.
    threshold
        Smallest cosine of two texts of a group, above 0 up to 1.

    Returns
    -------
    pandas.DataFrame
        [group, row, text, similarity], groups of two and more, the largest first; ``similarity`` is the
        largest cosine to another text of the group. With enterprises also [enterprise_id, repeat]: whether
        the same enterprise raised another text of the group.

    Raises
    ------
    ValueError
        The threshold is out of range, or ``texts`` is one text.

    Examples
    --------
    >>> near_duplicates(["园区停车位不足", "贷款利率高", "园区的停车位不足"], threshold=0.6)["row"].tolist()
    [0, 2]
    """
    from scipy import sparse
    from scipy.sparse.csgraph import connected_components

    if not 0 < threshold <= 1:
        raise ValueError(f"expected a threshold above 0 up to 1, got {threshold!r}; write 0.7")
    given = list(texts)
    clean = normalise(given)
    columns = ["group", "row", "text", "similarity"]
    rows = [i for i, text in enumerate(clean) if text]
    pairs: list[Any] = []
    if rows:
        counts = bigram_vectors([clean[i] for i in rows])
        size = max(1, min(_BLOCK, _CELLS // counts.shape[0]))
        for start in range(0, counts.shape[0], size):
            block = sparse.coo_array(counts[start : start + size] @ counts.T)
            kept = (block.data >= threshold - _ROUNDING) & (block.row + start != block.col)
            pairs.append((block.row[kept] + start, block.col[kept], block.data[kept]))
    if not pairs or not sum(len(p[0]) for p in pairs):
        frame = pd.DataFrame({c: [] for c in columns}).astype({"group": int, "row": int, "text": "str"})
    else:
        a, b, cosine = (np.concatenate(part) for part in zip(*pairs, strict=True))
        graph = sparse.coo_array((cosine, (a, b)), shape=(len(rows), len(rows)))
        part = connected_components(graph, directed=False)[1]
        best = np.zeros(len(rows))
        np.maximum.at(best, a, cosine)
        frame = pd.DataFrame({"part": part, "row": rows, "similarity": best.round(6)})
        frame["text"] = pd.Series([str(given[i]) for i in rows], dtype="str")
        size = frame.groupby("part")["row"].transform("size")
        frame = frame.assign(size=size, first=frame.groupby("part")["row"].transform("min"))[size > 1]
        frame = frame.sort_values(["size", "first", "row"], ascending=[False, True, True], ignore_index=True)
        frame["group"] = frame.groupby(["size", "first"], sort=False).ngroup()
        frame = frame[columns]
    if enterprises is not None:
        who = pd.Series(list(enterprises), dtype="object")
        frame["enterprise_id"] = (
            who.iloc[frame["row"]].to_numpy() if len(frame) else pd.Series([], dtype="object")
        )
        frame["repeat"] = (
            frame.duplicated(["group", "enterprise_id"], keep=False) & frame["enterprise_id"].notna()
        )
    return frame


def bigram_vectors(clean: Sequence[str]) -> Any:
    """Count character bigrams in sparse rows of length one, so that products of rows are cosines.

    Parameters
    ----------
    clean
        Texts, normalised.

    Returns
    -------
    scipy.sparse.csr_matrix
        (texts, bigrams).

    Examples
    --------
    >>> vectors = bigram_vectors(["停车位", "停车"])
    >>> round(float((vectors @ vectors.T)[0, 1]), 3)
    0.707
    """
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.preprocessing import normalize

    return normalize(CountVectorizer(analyzer=_bigrams, dtype=np.float32).fit_transform(clean))


def _bigrams(text: str) -> list[str]:
    """Character bigrams, or the character where there is one alone."""
    return char_ngrams(text) or [text]
