"""Frames of links, offers, product links and towns as integer codes and matrices, or one clear error."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from liaison_analysis.link_prediction.history import ProductKnowledge

if TYPE_CHECKING:
    from numpy.typing import NDArray

LINK_COLUMNS: Final = ("supplier_id", "customer_id", "snapshot")
#: Where a smaller share of pairs than this is seen in two snapshots, a snapshot says when a link began
#: (judgement).
_SEEN_AGAIN: Final = 0.1


@dataclass(frozen=True, eq=False)
class LinkTable:
    """Known links of all snapshots as integer codes.

    Attributes
    ----------
    firms
        Id of each code, sorted.
    supplier, customer, period
        One entry a link in a snapshot; snapshots are counted from 0.
    n_periods
        How many snapshots there are.
    begin
        Whether a snapshot only says when a link began, so that it holds since.
    """

    firms: pd.Index
    supplier: NDArray[np.int64]
    customer: NDArray[np.int64]
    period: NDArray[np.int64]
    n_periods: int
    begin: bool


def link_table(links: pd.DataFrame) -> LinkTable:
    """Check and number links (supplier_id, customer_id, snapshot); a firm's links to itself are left out.

    Raises
    ------
    ValueError
        A column is missing, an id is empty, or ids are of several types.
    """
    check_columns(links, "links", LINK_COLUMNS)
    ends = pd.concat([links["supplier_id"], links["customer_id"]], ignore_index=True)
    if pd.api.types.infer_dtype(ends.astype(object)).startswith("mixed"):
        kinds = sorted({type(value).__name__ for value in ends})
        raise ValueError(f"expected ids of one type, got {kinds}; make all of them text")
    codes, ids = pd.factorize(ends.astype(object), sort=True)
    supplier, customer = np.split(codes.astype(np.int64), 2)
    period, n_periods, begin = _periods(links["snapshot"], supplier * max(len(ids), 1) + customer)
    apart = supplier != customer
    return LinkTable(pd.Index(ids), supplier[apart], customer[apart], period[apart], n_periods, begin)


def _periods(snapshot: pd.Series, pair: NDArray[np.int64]) -> tuple[NDArray[np.int64], int, bool]:
    """Count snapshots from 0; also how many there are, and whether they are beginnings."""
    seen = pd.DataFrame({"pair": pair, "snapshot": snapshot.to_numpy()}).drop_duplicates()
    begin = len(seen["snapshot"].unique()) > 1 and seen["pair"].duplicated().mean() < _SEEN_AGAIN
    value = snapshot
    if begin:
        dates = pd.to_datetime(snapshot.astype("str"), errors="coerce", format="mixed")
        if dates.notna().sum() == snapshot.notna().sum():
            value = dates.dt.year * 2 + (dates.dt.month > 6)
    code, names = pd.factorize(value, sort=True)
    blank = (code < 0).any()
    return code.astype(np.int64) + int(blank), len(names) + int(blank), bool(begin)


def town_codes(firms: pd.DataFrame, ids: pd.Index) -> NDArray[np.int64]:
    """Code of each firm's town, -1 where it is unknown; ``firms`` has columns enterprise_id and town.

    Raises
    ------
    ValueError
        A column is missing, an id is empty, or a firm has several towns.
    """
    check_columns(firms, "firms", ("enterprise_id", "town"))
    blank = firms["town"].isna() | firms["town"].astype("str").str.strip().eq("")
    known = firms.loc[~blank, ["enterprise_id", "town"]].drop_duplicates()
    several = known[known["enterprise_id"].duplicated(keep=False)].sort_values("enterprise_id", kind="stable")
    if len(several):
        raise ValueError(
            f"firms: expected one town a firm, got {several.head(4).to_numpy().tolist()!r} among others; "
            "keep the one where it supplies from"
        )
    town = pd.Series(pd.factorize(known["town"], sort=True)[0], index=pd.Index(known["enterprise_id"]))
    return town.reindex(ids, fill_value=-1).to_numpy(np.int64)


def product_knowledge(offers: pd.DataFrame, chain: pd.DataFrame | None, firms: pd.Index) -> ProductKnowledge:
    """Turn offers (enterprise_id, product) and links (upstream, downstream) into matrices over codes.

    Raises
    ------
    ValueError
        A column is missing, or an id or product is empty.
    """
    check_columns(offers, "offers", ("enterprise_id", "product"))
    if chain is None:
        chain = pd.DataFrame({"upstream": [], "downstream": []}, dtype=object)
    check_columns(chain, "chain", ("upstream", "downstream"))
    names = pd.Index(sorted({*offers["product"], *chain["upstream"], *chain["downstream"]}))
    firm = firms.get_indexer(pd.Index(offers["enterprise_id"]))
    product = names.get_indexer(pd.Index(offers["product"]))
    feeds = tuple(names.get_indexer(pd.Index(chain[side])) for side in ("upstream", "downstream"))
    listed = firm >= 0
    matrices = [
        csr_array((np.ones(len(rows[0]), np.float32), rows), shape=shape)
        for rows, shape in (
            ((firm[listed], product[listed]), (len(firms), len(names))),
            (feeds, (len(names), len(names))),
        )
    ]
    for matrix in matrices:
        matrix.sum_duplicates()
        matrix.data[:] = 1
    return ProductKnowledge(matrices[0], matrices[1], tuple(names))


def check_columns(frame: pd.DataFrame, what: str, columns: tuple[str, ...]) -> None:
    """Raise ``ValueError`` where columns are missing or ids are empty; it names all of them."""
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise ValueError(
            f"{what}: expected columns {list(columns)}, missing {missing}, got "
            f"{list(map(str, frame.columns))}; rename yours"
        )
    empty = {
        name: int(count)
        for name in columns
        if name not in {"snapshot", "town"} and (count := frame[name].isna().sum())
    }
    if empty:
        raise ValueError(f"{what}: empty values, by column: {empty}; fill them in or drop the rows")
