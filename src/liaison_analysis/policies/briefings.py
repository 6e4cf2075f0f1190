"""A plan of policy briefings: which policy to present to which enterprises, with invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from liaison_analysis._checks import is_whole
from liaison_analysis.ledger import as_ledger
from liaison_analysis.policies.claims import judged_pairs
from liaison_analysis.policies.eligibility import NO, YES

if TYPE_CHECKING:
    from liaison_analysis.ledger import Ledger

#: Worth of a clause to an eligible enterprise, and to one for which something is to be checked; judgement:
#: half of the latter are taken to be eligible.
WORTH: Final = {True: 1.0, False: 0.5}
_NO_TOWN: Final = "（未填）"


class BriefingPlan(NamedTuple):
    """``sessions`` with one row each, and ``invitations`` with one row for each enterprise and session.

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
    """Plan a number of briefings that together reach the most grants which enterprises may claim.

    A session presents the clauses of one policy to enterprises of one town. Its worth is the number of
    clauses that its guests may claim; a clause to be checked counts half. Guests of a policy and town are
    assigned by worth, so that its first session has those who may claim most; the sessions of the largest
    worth are held. With these groups no other choice has a larger total worth, and no enterprise is invited
    twice for the same policy, nor for the same words in another document.

    Parameters
    ----------
    ledger
        Its ``policies`` and ``enterprises``.
    sessions
        Largest number of sessions.
    seats
        Largest number of enterprises of a session.
    on
        The day on which clauses must be in force; none for any day.

    Returns
    -------
    BriefingPlan
        ``sessions``: session (from 1, largest worth first), policy, town, n_invited, n_clauses, worth.
        ``invitations``: session, enterprise_id, name, clauses (ids, joined by ``；``), n_sure (clauses that
        it may claim), n_unsure (clauses to be checked); in the order of sessions, largest worth first.

    Raises
    ------
    ValueError
        ``sessions`` or ``seats`` is not a whole number from 1.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> plan = plan_briefings(load_liangjiang(), sessions=10, on="2022-12-01")
    >>> len(plan.sessions), bool(plan.sessions["worth"].is_monotonic_decreasing)
    (10, True)
    """
    ledger = as_ledger(ledger)
    for name, value in (("sessions", sessions), ("seats", seats)):
        if not is_whole(value, 1):
            raise ValueError(f"{name}: expected a whole number from 1, got {value!r}")
    guests: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    presented: set[tuple[str, str]] = set()
    for pair in judged_pairs(ledger, on=on):
        if pair["eligibility"] == NO:
            continue
        clause, firm = pair["clause"], pair["firm"]
        # Identical words in a second document, such as a copy of the act, are the same grant.
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
