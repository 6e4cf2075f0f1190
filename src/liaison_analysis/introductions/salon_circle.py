"""One seeker's circle: possible guests of a salon held for it, and its indispensable guests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis._checks import check_frame
from liaison_analysis.introductions.roles import COMPLEMENT, SERVICE_ROLES
from liaison_analysis.ledger import as_ledger

if TYPE_CHECKING:
    import networkx as nx

    from liaison_analysis.ledger import Ledger

# Columns of introductions that say who is asked for, and how near to the first.
_RANKED: Final = ("seeker_id", "counterpart_id", "role", "rank", "asked_share")


def pick_seeker(ledger: Ledger | nx.Graph[Any], introductions: pd.DataFrame) -> str:
    """Pick the enterprise that a report is about where none is named.

    The seeker of the ledger's latest salon; without salons, the seeker of the strongest introduction that
    its own demand supports, or else of the strongest.

    Parameters
    ----------
    ledger
        Its salons.
    introductions
        From ``rank_introductions``.

    Returns
    -------
    str
        An enterprise id.

    Raises
    ------
    ValueError
        There is neither a salon nor an introduction.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang, rank_introductions
    >>> ledger = load_liangjiang()
    >>> pick_seeker(ledger, rank_introductions(ledger, ["E001", "E241"]))
    'E001'
    """
    ledger = as_ledger(ledger)
    check_frame(introductions, "introductions", ["seeker_id"], source="rank_introductions")
    held = ledger.salons.sort_values(["held_on", "salon_id"], na_position="first")
    if len(held):
        return str(held["seeker_id"].iloc[-1])
    if introductions.empty:
        raise ValueError("no introductions to pick a seeker from; add offers, a product chain or demands")
    best = introductions.assign(asked=introductions["asked_share"].gt(0))
    best = best.sort_values(["asked", "score", "seeker_id"], ascending=[False, False, True], kind="stable")
    return str(best["seeker_id"].iloc[0])


def introductions_around(introductions: pd.DataFrame, seeker_id: str) -> pd.DataFrame:
    """Keep the introductions of one seeker's circle: the possible guests of a salon held for it.

    The circle is the seeker, the counterparts it should meet, and the other seekers who should meet the
    same counterparts in the same role, and those who meet a wish of it or of its counterparts. Of these,
    introductions with both ends in the circle are kept, and those to any financier, tester or research
    partner.

    Parameters
    ----------
    introductions
        From ``rank_introductions``, several roles concatenated.
    seeker_id
        Whose salon it would be.

    Returns
    -------
    DataFrame
        Rows of ``introductions``, in their order.

    Examples
    --------
    >>> import pandas as pd
    >>> from liaison_analysis import load_liangjiang, rank_introductions
    >>> ledger = load_liangjiang()
    >>> ranked = pd.concat([rank_introductions(ledger, role=role) for role in ("customer", "tester")])
    >>> around = introductions_around(ranked, "E001")
    >>> {"E241", "E242", "E244"} <= set(around["counterpart_id"])
    True
    """
    check_frame(
        introductions,
        "introductions",
        _RANKED,
        source="rank_introductions",
    )
    counterparts = introductions.loc[introductions["seeker_id"].eq(seeker_id), ["counterpart_id", "role"]]
    counterparts = counterparts[counterparts["role"].isin(COMPLEMENT)]
    peers = introductions.merge(counterparts, on=["counterpart_id", "role"])["seeker_id"]
    circle = {seeker_id, *counterparts["counterpart_id"], *peers, *wish_circle(introductions, seeker_id)}
    inside = introductions["seeker_id"].isin(circle) & (
        introductions["counterpart_id"].isin(circle) | introductions["role"].isin(SERVICE_ROLES)
    )
    return introductions[inside].reset_index(drop=True)


def wish_circle(introductions: pd.DataFrame, seeker_id: str) -> list[str]:
    """List the enterprises that meet a seeker's request, and those that meet its counterparts' requests.

    A wish is a demand that asks for somebody in a role; it is met by an enterprise that offers what is asked
    for. Counterparts are those whom the seeker should meet as customers or suppliers.

    Parameters
    ----------
    introductions
        From ``rank_introductions``, several roles concatenated.
    seeker_id
        Whose salon it would be.

    Returns
    -------
    list[str]
        Enterprise ids: the seeker, those who meet its wish and its top counterparts, then the others by id.

    Examples
    --------
    >>> import pandas as pd
    >>> introductions = pd.DataFrame(
    ...     [
    ...         ("robots", "cars", "customer", 1, 0.5), ("cars", "bank", "financier", 1, 0.4),
    ...         ("cars", "steel", "supplier", 1, 0.0), ("boats", "bank", "financier", 1, 0.4),
    ...     ],
    ...     columns=_RANKED,
    ... )
    >>> wish_circle(introductions, "robots")
    ['robots', 'cars', 'bank']
    """
    check_frame(
        introductions,
        "introductions",
        _RANKED,
        source="rank_introductions",
    )
    wishes = _wishes(introductions)
    trade = introductions[introductions["seeker_id"].eq(seeker_id) & introductions["role"].isin(COMPLEMENT)]
    own = wishes.loc[wishes["who"].eq(seeker_id), "met_by"].tolist()
    counterparts = set(trade["counterpart_id"])
    others = sorted(set(wishes.loc[wishes["who"].isin(counterparts), "met_by"]))
    return list(dict.fromkeys([seeker_id, *own, *top_counterparts(introductions, seeker_id), *others]))


def _wishes(introductions: pd.DataFrame) -> pd.DataFrame:
    """List who wishes, in which role, and who meets the wish, from either side of an introduction."""
    asked = introductions[introductions["asked_share"].gt(0)]
    columns = ["who", "met_by", "role"]
    parts = [asked[["seeker_id", "counterpart_id", "role"]].set_axis(columns, axis=1)]
    if "back_share" in introductions:
        back = introductions[introductions["back_share"].gt(0)]
        other = back.assign(role=back["role"].map(COMPLEMENT))
        parts.append(
            other[["counterpart_id", "seeker_id", "role"]].set_axis(["who", "met_by", "role"], axis=1)
        )
    return pd.concat(parts, ignore_index=True)


def rivals_of(around: pd.DataFrame, seeker_id: str) -> list[str]:
    """List the other seekers who should meet the top counterparts of a seeker in the same role, by id.

    Parameters
    ----------
    around
        From ``introductions_around``.
    seeker_id
        Whose salon it would be.

    Returns
    -------
    list[str]
        Enterprise ids.

    Examples
    --------
    >>> import pandas as pd
    >>> around = pd.DataFrame(
    ...     [("a", "cars", "customer", 1), ("b", "cars", "customer", 1), ("c", "cars", "supplier", 1)],
    ...     columns=["seeker_id", "counterpart_id", "role", "rank"],
    ... )
    >>> rivals_of(around, "a")
    ['b']
    """
    check_frame(
        around, "around", ["seeker_id", "counterpart_id", "role", "rank"], source="introductions_around"
    )
    doors = around[
        around["seeker_id"].eq(seeker_id)
        & around["role"].isin(COMPLEMENT)
        & around["counterpart_id"].isin(top_counterparts(around, seeker_id))
    ]
    same = around.merge(doors[["counterpart_id", "role"]].drop_duplicates(), on=["counterpart_id", "role"])
    return sorted(set(same["seeker_id"]) - {seeker_id})


def asked_servers(around: pd.DataFrame, seeker_id: str) -> list[str]:
    """Name the best server for each of money, tests and research that the seeker itself asks for.

    Parameters
    ----------
    around
        From ``introductions_around``.
    seeker_id
        Whose salon it would be.

    Returns
    -------
    list[str]
        Enterprise ids: one for each of the three that it asks for, where there is a server.

    Examples
    --------
    >>> import pandas as pd
    >>> around = pd.DataFrame(
    ...     [("a", "bank", "financier", 1, 0.5), ("a", "lab", "tester", 1, 0.0)],
    ...     columns=_RANKED,
    ... )
    >>> asked_servers(around, "a")
    ['bank']
    """
    check_frame(
        around,
        "around",
        _RANKED,
        source="introductions_around",
    )
    own = around[around["seeker_id"].eq(seeker_id) & around["asked_share"].gt(0)].sort_values("rank")
    best = [own.loc[own["role"].eq(role), "counterpart_id"].head(1) for role in SERVICE_ROLES]
    return [server for one in best for server in one]


def top_counterparts(around: pd.DataFrame, seeker_id: str) -> list[str]:
    """Name the two counterparts a seeker should meet first: customers, or suppliers where it has no customer.

    Parameters
    ----------
    around
        From ``introductions_around``.
    seeker_id
        Whose salon it would be.

    Returns
    -------
    list[str]
        Two enterprise ids at most, the better first.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang, rank_introductions
    >>> top_counterparts(rank_introductions(load_liangjiang(), ["E001"]), "E001")
    ['E241', 'E242']
    """
    check_frame(
        around, "around", ["seeker_id", "counterpart_id", "role", "rank"], source="introductions_around"
    )
    own = around[around["seeker_id"].eq(seeker_id)].sort_values("rank")
    customers, suppliers = (own[own["role"].eq(role)] for role in ("customer", "supplier"))
    return (suppliers if customers.empty else customers)["counterpart_id"].head(2).tolist()


def salon_core(around: pd.DataFrame, seeker_id: str) -> list[str]:
    """Name the indispensable guests of a salon for a seeker.

    The seeker, its top counterparts, the best servers of what it asks for itself (``asked_servers``), and,
    if any demand in the circle asks for money or for tests, the best financier or tester of the seeker, or
    else the one that the circle's demands ask for most.

    Parameters
    ----------
    around
        From ``introductions_around``.
    seeker_id
        Whose salon it would be.

    Returns
    -------
    list[str]
        Enterprise ids, the seeker first.

    Examples
    --------
    >>> import pandas as pd
    >>> from liaison_analysis import load_liangjiang, rank_introductions
    >>> ledger = load_liangjiang()
    >>> roles = ("customer", "financier", "tester")
    >>> ranked = pd.concat([rank_introductions(ledger, role=role) for role in roles])
    >>> salon_core(introductions_around(ranked, "E001"), "E001")
    ['E001', 'E241', 'E242', 'E243', 'E244']
    """
    check_frame(
        around,
        "around",
        _RANKED,
        source="introductions_around",
    )
    own = around[around["seeker_id"].eq(seeker_id)].sort_values("rank")
    core = [seeker_id, *top_counterparts(around, seeker_id), *asked_servers(around, seeker_id)]
    for role in ("financier", "tester"):
        asked = around[around["role"].eq(role) & around["asked_share"].gt(0)]
        serving = own.loc[own["role"].eq(role), "counterpart_id"]
        if asked.empty:
            continue
        if serving.empty:
            wanted = asked.groupby("counterpart_id")["score"].sum().sort_index()
            serving = wanted.sort_values(ascending=False, kind="stable").index.to_series()
        core.append(serving.iloc[0])
    return list(dict.fromkeys(core))
