"""Which chains an enterprise is in, which others its products lead to, and whom to meet there first."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis._checks import is_whole
from liaison_analysis.demands import demand_mentions
from liaison_analysis.introductions.ranking import rank_introductions
from liaison_analysis.ledger import as_ledger

if TYPE_CHECKING:
    import ibis
    import networkx as nx

    from liaison_analysis.ledger import Ledger

# In such a clause an enterprise names the industry that it is in already, not one that it wants to enter.
_STANDS: Final = re.compile(r"成熟|做了|多年|一直|主要|现有|已经?|深耕|领域的|应用")
_CLAUSE: Final = re.compile(r"[^，。；？！,;?!]+")
CHAIN_COLUMNS: Final = ["chain", "name", "standing", "known_customers", "counterparts", "best_score"]
DOOR_COLUMNS: Final = ["door", "chain", "counterpart_id", "score", "path", "reason"]


@dataclass(frozen=True)
class MarketEntry:
    """Where an enterprise stands and where it could go.

    Attributes
    ----------
    chains
        Columns chain (division of GB/T 4754-2017, two digits), name, standing (``in``: by known customers or
        its own words; ``new``: its products lead there), known_customers (of those with a code),
        counterparts (it could meet there) and best_score; those it is in first, then by best_score.
    doors
        Columns door (from 1), chain, counterpart_id, score, path, reason: whom to meet first to enter chains
        that are new to it.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> from liaison_analysis.introductions import market_entry
    >>> market_entry(load_liangjiang(), "E001", doors=1).doors["counterpart_id"].tolist()
    ['E241']
    """

    chains: pd.DataFrame
    doors: pd.DataFrame


def market_entry(
    ledger: Ledger | nx.Graph[Any], enterprise: str, *, doors: int = 5, engine: ibis.BaseBackend | None = None
) -> MarketEntry:
    """Find the chains an enterprise's products lead to beside those it is in, and the first doors there.

    A chain is a division of GB/T 4754-2017 (36 汽车制造业). A counterpart belongs to the division of its own
    code; without one, to that of most makers of the last product of the path or, where none has a code, of
    most makers of what goes straight into it.

    Parameters
    ----------
    ledger
        Needs ``offers`` and what ``rank_introductions`` can use.
    enterprise
        Enterprise id.
    doors
        Largest number of doors (first contacts).
    engine
        As for ``rank_introductions``.

    Returns
    -------
    MarketEntry
        Its ``chains`` and ``doors``.

    Raises
    ------
    LedgerError
        ``offers`` has no rows.
    ValueError
        Unknown enterprise, or doors is not a whole number from 1.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> entry = market_entry(load_liangjiang(), "E001")
    >>> entry.chains[["chain", "standing"]].to_numpy().tolist()[:2]
    [['39', 'in'], ['36', 'new']]
    >>> entry.doors["counterpart_id"].tolist()[:2]
    ['E241', 'E242']
    """
    ledger = as_ledger(ledger)
    if not is_whole(doors, 1):
        raise ValueError(f"doors must be a whole number from 1; got {doors!r}")
    ranked = rank_introductions(ledger, [enterprise], k=len(ledger.enterprises), engine=engine)
    ranked = ranked[ranked["path"].ne("")]
    own = ledger.enterprises.set_index("enterprise_id")["industry_code"].str[:2]
    of_product = _division_of_products(ledger, own)
    last = ranked["path"].str.split("→").str[-1]
    coded = ranked["counterpart_id"].map(own)
    ranked = ranked.assign(chain=coded.where(coded.notna(), last.map(of_product)).astype("object"))
    ranked = ranked[ranked["chain"].notna()]
    customers = ledger.supplies.loc[ledger.supplies["supplier_id"].eq(enterprise), "customer_id"].unique()
    sold = own.reindex(customers).dropna().value_counts()
    inside = {*sold.index, *_divisions_in_own_words(ledger, enterprise)}
    names = _names()
    rows = []
    for chain in sorted(inside | set(ranked["chain"])):
        there = ranked[ranked["chain"].eq(chain)]
        rows.append(
            (
                chain, names.get(chain, ""), "in" if chain in inside else "new", int(sold.get(chain, 0)),
                len(there), float(there["score"].max()) if len(there) else 0.0,
            )
        )  # fmt: skip
    chains = pd.DataFrame(rows, columns=CHAIN_COLUMNS).sort_values(
        ["standing", "best_score", "chain"], ascending=[True, False, True], ignore_index=True
    )
    new = ranked[~ranked["chain"].isin(inside)].head(doors)
    first = new.assign(door=range(1, len(new) + 1))[DOOR_COLUMNS].reset_index(drop=True)
    return MarketEntry(chains, first)


def _names() -> dict[str, str]:
    table = files("liaison_analysis.demands").joinpath("industries.csv").read_text(encoding="utf-8")
    return {row["code"]: row["name"] for row in csv.DictReader(table.splitlines())}


def _division_of_products(ledger: Ledger, own: pd.Series) -> dict[str, str]:
    """Division of most makers of each product, or else of most makers of what goes straight into it."""
    makers = ledger.completed.offers[["enterprise_id", "product"]]
    makers = makers.assign(division=makers["enterprise_id"].map(own)).dropna(subset=["division"])
    direct = _most(makers[["product", "division"]])
    inputs = ledger.completed.product_chain.merge(makers, left_on="upstream", right_on="product")
    through = _most(inputs[["downstream", "division"]].rename(columns={"downstream": "product"}))
    return through | direct


def _most(pairs: pd.DataFrame) -> dict[str, str]:
    counts = pairs.groupby(["product", "division"]).size().rename("n").reset_index()
    counts = counts.sort_values(["product", "n", "division"], ascending=[True, False, True])
    first = counts.drop_duplicates("product")
    return dict(zip(first["product"], first["division"], strict=True))


def _divisions_in_own_words(ledger: Ledger, enterprise: str) -> set[str]:
    """Divisions that the enterprise's own demands name where they describe its past."""
    texts = ledger.demands.set_index("demand_id")["text"]
    mine = demand_mentions(ledger)
    mine = mine[mine["enterprise_id"].eq(enterprise) & mine["kind"].eq("industry")]
    divisions = set()
    for demand_id, code, start in mine[["demand_id", "value", "start"]].itertuples(index=False):
        for clause in _CLAUSE.finditer(texts[demand_id]):
            if clause.start() <= start < clause.end() and _STANDS.search(clause.group()):
                divisions.add(code[:2])
    return divisions
