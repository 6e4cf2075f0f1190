"""Checked frames of links, offers, product links and towns as integer codes and matrices."""

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
#: Below this share of pairs that occur in two snapshots, a snapshot is taken as the date on which a link
#: began (judgement).
_SEEN_AGAIN: Final = 0.1


@dataclass(frozen=True, eq=False)
class LinkTable:
    """Known links of all snapshots as integer codes.

    Attributes
    ----------
    firms
        Id of each code, sorted.
    supplier, customer, period
        One entry for each link of a snapshot; snapshots are counted from 0.
    n_periods
        Number of snapshots.
    begin
        Whether a snapshot is the date on which a link began; the link then continues to exist.
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
    """Give each snapshot a number from 0; also give their number, and whether they are dates of beginning."""
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
            f"firms: expected one town per firm, got {several.head(4).to_numpy().tolist()!r} among others; "
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
    """Raise one ``ValueError`` that names all missing columns, or all columns with empty values."""
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
