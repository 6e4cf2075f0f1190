"""What would have to change for one counterpart to rank above another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis._checks import is_whole
from liaison_analysis.demands import demand_mentions, find_mentions, read_requests
from liaison_analysis.introductions.direct_matches import requests_read
from liaison_analysis.introductions.evidence import WEIGHTS
from liaison_analysis.introductions.ranking import Role, rank_introductions, scores_and_ranks
from liaison_analysis.introductions.roles import COMPLEMENT, ROLES, SERVICE_ROLES
from liaison_analysis.ledger import as_ledger, typed

if TYPE_CHECKING:
    import ibis
    import networkx as nx

    from liaison_analysis.ledger import Ledger

# Demands as an officer would note them; they are read like any other demand when the change is tried.
_DEMANDS: Final = {
    "customer": "想认识做{}的厂家，把我们的产品卖给他们",
    "supplier": "急需采购{}，想找供应商",
    "financier": "资金紧张，想办理{}",
    "tester": "想送检，请帮忙联系能做{}的机构",
    "research partner": "想找科研院所合作，开展{}",
}
_WORDS: Final = {
    "now": "现状",
    "demand": "{}提出诉求，点名要找做{}的企业",
    "service": "{}提出诉求，点名要{}",
    "back": "{}提出诉求，要采购{}",
    "back_sell": "{}提出诉求，想把产品卖给做{}的企业",
    "offer": "{}也做{}",
    "feed": "产品链上{}用于{}",
    "trade": "{}与{}已有往来，不必再引见",
}
COLUMNS: Final = ["kind", "change", "score_a", "score_b", "rank_a", "rank_b", "enough"]

_Change = tuple[str, str, dict[str, dict[str, Any]]]


def what_if(
    ledger: Ledger | nx.Graph[Any],
    seeker: str,
    a: str,
    b: str,
    *,
    role: Role = "customer",
    engine: ibis.BaseBackend | None = None,
) -> pd.DataFrame:
    """List what would have to change for ``b`` to rank above ``a`` among a seeker's counterparts.

    Each change adds one row to one table of the ledger: a demand of the seeker that names what ``b``
    makes, a demand of ``b`` that names what the seeker makes, an offer of ``b``, a link of the product chain,
    or a trade that takes ``a`` off the list. Every change is applied to a copy of the ledger and the ranking
    is computed again; where no change is enough alone, the two that raise ``b`` most are tried together.

    Parameters
    ----------
    ledger
        As for ``rank_introductions``.
    seeker, a, b
        Enterprise ids.
    role
        As for ``rank_introductions``. There is no ``back`` change for servers, which ask for nothing
        themselves.
    engine
        As for ``rank_introductions``.

    Returns
    -------
    DataFrame
        Columns kind (``now``, ``demand``, ``back``, ``offer``, ``feed``, ``trade``, or two joined by ``+``),
        change (in words), score_a, score_b (0 where no longer or not yet ranked), rank_a, rank_b (missing
        where not ranked), enough (b ranks above a after it). The present ranking comes first, then changes
        that are enough, the smallest change of the scores first.

    Raises
    ------
    ValueError
        Another role, an unknown enterprise, or the same enterprise twice.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> changes = what_if(load_liangjiang(), "E001", "E241", "E199")
    >>> changes["kind"].iloc[0], bool(changes["enough"].iloc[0]), bool(changes["enough"].any())
    ('now', False, True)
    """
    ledger = as_ledger(ledger)
    firms = set(ledger.enterprises["enterprise_id"])
    unknown = [e for e in (seeker, a, b) if e not in firms]
    if role not in tuple(ROLES) or unknown or len({seeker, a, b}) < 3:
        raise ValueError(
            f"expected a role of {', '.join(map(repr, ROLES))} and three different enterprises of the "
            f"ledger; got role={role!r}, seeker={seeker!r}, a={a!r}, b={b!r}"
        )
    every = len(firms)

    mentions = demand_mentions(ledger)
    # Requests are read only of ledgers where somebody lists no offers.
    requests = None if firms <= set(ledger.offers["enterprise_id"]) else requests_read(ledger)

    def standing(changed: Ledger) -> pd.DataFrame:
        # No change adds a word to the vocabulary, so only new demands have to be read.
        new = changed.demands.iloc[len(ledger.demands) :]
        read, asked = mentions, requests
        if len(new):
            read = pd.concat([mentions, find_mentions(new, changed)], ignore_index=True)
            if requests is not None:
                alone = read_requests(replace(changed, demands=new))
                asked = pd.concat([requests, alone], ignore_index=True)
        ranked = scores_and_ranks(changed, seeker, role=role, mentions=read, requests=asked, engine=engine)
        return ranked.set_index("counterpart_id")

    now = rank_introductions(ledger, [seeker], role=role, k=every, engine=engine).set_index("counterpart_id")
    changes = _changes(ledger, now, seeker, a, b, role=role)
    rows = [_row("now", _WORDS["now"], now, a, b)]
    for kind, words, added in changes:
        rows.append(_row(kind, words, standing(_with_rows(ledger, added)), a, b))
    gains = [i for i, row in enumerate(rows[1:]) if row["kind"] != "trade"]
    if len(gains) > 1 and not any(rows[i + 1]["enough"] for i in gains):
        first, second = sorted(gains, key=lambda i: (-rows[i + 1]["score_b"], i))[:2]
        both = _with_rows(_with_rows(ledger, changes[first][2]), changes[second][2])
        kind = f"{changes[first][0]}+{changes[second][0]}"
        rows.append(_row(kind, f"{changes[first][1]}；{changes[second][1]}", standing(both), a, b))
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"rank_a": "Int64", "rank_b": "Int64"})
    moved = (table["score_a"] - table["score_a"].iloc[0]).abs() + (
        table["score_b"] - table["score_b"].iloc[0]
    ).abs()
    order = table.assign(first=table["kind"].ne("now"), not_enough=~table["enough"], moved=moved.round(9))
    order = order.sort_values(["first", "not_enough", "moved", "kind", "change"], kind="stable")
    return order[COLUMNS].reset_index(drop=True)


def _row(kind: str, words: str, ranked: pd.DataFrame, a: str, b: str) -> dict[str, Any]:
    score = {e: float(ranked["score"].get(e, 0.0)) for e in (a, b)}
    rank: dict[str, Any] = {e: ranked["rank"].get(e) for e in (a, b)}
    enough = b in ranked.index and (a not in ranked.index or int(rank[b]) < int(rank[a]))
    return {
        "kind": kind, "change": words, "score_a": score[a], "score_b": score[b],
        "rank_a": rank[a], "rank_b": rank[b], "enough": bool(enough),
    }  # fmt: skip


def _demand(firm: str, date: Any, text: str) -> dict[str, dict[str, Any]]:
    row = {"demand_id": f"what-if {firm}", "enterprise_id": firm, "raised_on": date, "text": text}
    return {"demands": row}


def _changes(ledger: Ledger, now: pd.DataFrame, seeker: str, a: str, b: str, *, role: str) -> list[_Change]:
    """List changes that could rank b above a, in words and as rows of tables."""
    names = ledger.names()
    made = ledger.completed.offers.sort_values(
        ["enterprise_id", "weight", "product"], ascending=[True, False, True]
    ).groupby("enterprise_id")["product"].agg(list)  # fmt: skip
    mine, theirs = (made.get(e, []) for e in (seeker, b))
    if role in SERVICE_ROLES:
        theirs = [p for p in theirs if SERVICE_ROLES[role][1].search(p)]
    date = ledger.demands["raised_on"].max()
    changes: list[_Change] = []
    new = [p for p in theirs if p not in mine]
    if new:
        words = _WORDS["service" if role in SERVICE_ROLES else "demand"].format(names[seeker], new[0])
        changes.append(("demand", words, _demand(seeker, date, _DEMANDS[role].format(new[0]))))
    back = [p for p in mine if p not in theirs and role in COMPLEMENT]
    if back:
        words = _WORDS["back" if role == "customer" else "back_sell"].format(names[b], back[0])
        changes.append(("back", words, _demand(b, date, _DEMANDS[COMPLEMENT[role]].format(back[0]))))
    carries = ""
    if a in now.index:
        path = str(now.loc[a, "path"]).split("→")
        carries = str(now.loc[a, "product"]) or path[-1 if role == "customer" else 0]
        if carries and carries not in theirs:
            row = {"enterprise_id": b, "product": carries}
            changes.append(("offer", _WORDS["offer"].format(names[b], carries), {"offers": row}))
    if mine and theirs and role != "financier":
        ends = (mine[0], theirs[0]) if role == "customer" else (theirs[0], mine[0])
        links = set(
            ledger.completed.product_chain[["upstream", "downstream"]].itertuples(index=False, name=None)
        )
        if ends[0] != ends[1] and ends not in links:
            relation = "part" if role in COMPLEMENT else "service"
            row = {"upstream": ends[0], "downstream": ends[1], "relation": relation}
            changes.append(("feed", _WORDS["feed"].format(*ends), {"product_chain": row}))
    if a in now.index:
        ends = (seeker, a) if role == "customer" else (a, seeker)
        row = {"supplier_id": ends[0], "customer_id": ends[1], "product": carries}
        changes.append(("trade", _WORDS["trade"].format(names[seeker], names[a]), {"supplies": row}))
    return changes


def _with_rows(ledger: Ledger, added: dict[str, dict[str, Any]]) -> Ledger:
    tables = {}
    for name, row in added.items():
        table = getattr(ledger, name)
        one = typed(name, pd.DataFrame([row])).reindex(columns=table.columns)
        tables[name] = pd.concat([table, one.astype(table.dtypes.to_dict())], ignore_index=True)
    return replace(ledger, **tables)


def without_each(
    ledger: Ledger | nx.Graph[Any],
    seeker: str,
    *,
    role: Role = "customer",
    k: int = 10,
    engine: ibis.BaseBackend | None = None,
) -> pd.DataFrame:
    """Rank a seeker's counterparts again without each of the main kinds of evidence (``WEIGHTS``).

    Parameters
    ----------
    ledger, role, k, engine
        As for ``rank_introductions``.
    seeker
        Enterprise id.

    Returns
    -------
    DataFrame
        Columns counterpart_id, rank, score, then ``rank_without_`` and ``score_without_`` chain, asked and
        back (missing where the counterpart has no evidence left, or is no longer among the first k);
        sorted by rank.

    Raises
    ------
    ValueError
        Another role, an unknown enterprise, or k is not a whole number from 1.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> ablation = without_each(load_liangjiang(), "E001", k=3)
    >>> ablation[["counterpart_id", "rank_without_chain"]].to_numpy().tolist()[:2]
    [['E241', 1], ['E242', 2]]
    """
    ledger = as_ledger(ledger)
    columns = ["counterpart_id", "rank", "score"]
    if (
        seeker not in set(ledger.enterprises["enterprise_id"])
        or role not in tuple(ROLES)
        or not is_whole(k, 1)
    ):
        raise ValueError(
            f"expected an enterprise of the ledger, a role of {', '.join(map(repr, ROLES))} and "
            f"a whole k from 1; got seeker={seeker!r}, role={role!r}, k={k!r}"
        )
    ledger.require("offers")
    mentions = demand_mentions(ledger)
    table = scores_and_ranks(ledger, seeker, role=role, mentions=mentions, engine=engine)[columns].head(k)
    for part in WEIGHTS:
        ranked = scores_and_ranks(ledger, seeker, role=role, without=[part], mentions=mentions, engine=engine)
        ranked = ranked[columns].rename(columns={c: f"{c}_without_{part}" for c in columns[1:]})
        table = table.merge(ranked, "left", "counterpart_id")
        table[f"rank_without_{part}"] = table[f"rank_without_{part}"].astype("Int64")
    return table
