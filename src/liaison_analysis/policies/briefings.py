"""A plan of policy briefings: which policy to present to which enterprises, with invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from liaison_analysis._checks import is_whole
from liaison_analysis.policies.claims import judged_pairs
from liaison_analysis.policies.eligibility import NO, YES

if TYPE_CHECKING:
    from liaison_analysis.ledger import Ledger

#: What a clause is worth to an enterprise that may claim it, and to one of which something is to be checked;
#: judgement: half of those are taken to be eligible.
WORTH: Final = {True: 1.0, False: 0.5}
_NO_TOWN: Final = "（未填）"


class BriefingPlan(NamedTuple):
    """``sessions`` one row each, and ``invitations`` one row an enterprise and session.

    Examples
    --------
    >>> import pandas as pd
    >>> BriefingPlan(pd.DataFrame({"session": [1]}), pd.DataFrame()).sessions["session"].tolist()
    [1]
    """

    sessions: pd.DataFrame
    invitations: pd.DataFrame


def plan_briefings(
    ledger: Ledger, *, sessions: int = 160, seats: int = 30, on: str | pd.Timestamp | None = None
) -> BriefingPlan:
    """Plan briefings so that a number of sessions reaches the enterprises that may claim the most.

    A session presents the clauses of one policy to enterprises of one town. What it is worth is the number
    of clauses that each guest may claim, one that is to be checked counting half. Guests of a policy and town
    are seated by worth, so that its first session takes those who may claim most; the sessions of the largest
    worth are held. Given these groups no other choice is worth more, and no enterprise is invited twice for
    the same policy, nor for the same words in another document.

    Parameters
    ----------
    ledger
        Its ``policies`` and ``enterprises``.
    sessions
        Sessions at most.
    seats
        Enterprises a session at most.
    on
        The day on which clauses must hold; none for any day.

    Returns
    -------
    BriefingPlan
        ``sessions``: session (from 1, worth most first), policy, town, n_invited, n_clauses, worth.
        ``invitations``: session, enterprise_id, name, clauses (ids, joined by ``；``), n_sure (that it may
        claim), n_unsure (that are to be checked); as in the sessions, worth most first.

    Raises
    ------
    ValueError
        ``sessions`` or ``seats`` is no whole number from 1.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> plan = plan_briefings(load_liangjiang(), sessions=10, on="2022-12-01")
    >>> len(plan.sessions), bool(plan.sessions["worth"].is_monotonic_decreasing)
    (10, True)
    """
    for name, value in (("sessions", sessions), ("seats", seats)):
        if not is_whole(value, 1):
            raise ValueError(f"{name}: a whole number from 1 expected, got {value!r}")
    guests: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    presented: set[tuple[str, str]] = set()
    for pair in judged_pairs(ledger, on=on):
        if pair["eligibility"] == NO:
            continue
        clause, firm = pair["clause"], pair["firm"]
        # The same words in a second document, such as a copy of the act, are the same grant.
        same = (firm["enterprise_id"], "".join(str(clause["text"]).split()))
        if same in presented:
            continue
        presented.add(same)
        town = _NO_TOWN if pd.isna(firm.get("town")) else str(firm["town"])
        group = guests.setdefault((clause["policy"], town), {})
        guest = group.setdefault(
            firm["enterprise_id"],
            {
                "enterprise_id": firm["enterprise_id"],
                "name": firm["name"],
                "clauses": [],
                "n_sure": 0,
                "n_unsure": 0,
            },
        )
        guest["clauses"].append(clause["clause_id"])
        guest["n_sure" if pair["eligibility"] == YES else "n_unsure"] += 1
    held = []
    for (policy, town), group in guests.items():
        ordered = sorted(group.values(), key=lambda guest: (-_worth(guest), guest["enterprise_id"]))
        for first in range(0, len(ordered), seats):
            some = ordered[first : first + seats]
            held.append((round(sum(map(_worth, some)), 9), policy, town, some))
    held.sort(key=lambda one: (-one[0], one[1], one[2], one[3][0]["enterprise_id"]))
    rows, invited = [], []
    for number, (worth, policy, town, some) in enumerate(held[:sessions], start=1):
        n_clauses = len({clause for guest in some for clause in guest["clauses"]})
        rows.append((number, policy, town, len(some), n_clauses, worth))
        invited += [{"session": number, **guest, "clauses": "；".join(guest["clauses"])} for guest in some]
    return BriefingPlan(
        pd.DataFrame(rows, columns=["session", "policy", "town", "n_invited", "n_clauses", "worth"]),
        pd.DataFrame(invited, columns=["session", "enterprise_id", "name", "clauses", "n_sure", "n_unsure"]),
    )


def _worth(guest: dict[str, Any]) -> float:
    return WORTH[True] * int(guest["n_sure"]) + WORTH[False] * int(guest["n_unsure"])
