"""Whom to introduce to whom, and the salon planned from it: one implementation for every reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, get_args

import pandas as pd

from liaison_analysis._options import engine_for
from liaison_analysis.analysis.introduction_texts import introductions_text, salon_text
from liaison_analysis.analysis.results import IntroductionsResult, SalonResult, Text
from liaison_analysis.introductions import (
    Role,
    asked_servers,
    introductions_around,
    pick_seeker,
    rank_introductions,
    rivals_of,
    salon_core,
    top_counterparts,
    wish_circle,
)
from liaison_analysis.plots import plot_introductions, plot_timetable
from liaison_analysis.salons import compare_guest_lists, meeting_pairs, plan_salon, schedule_salon

if TYPE_CHECKING:
    from liaison_analysis.analysis.core import Analysis

#: Counterparts of a seeker in each role.
COUNTERPARTS: Final = 10

#: Guests, slots and tables of a salon where none are named: nearly twenty organisations and an afternoon,
#: as the salon of the 2022 account.
GUESTS: Final = 20
SLOTS: Final = 6
TABLES: Final = 8

#: At least this share of the guests meets the seeker's wish or one of its counterparts'.
FOCUS_SHARE: Final = 0.5
#: Smallest sum of introductions for a meeting: below it the only evidence is a long path of the product
#: chain. On the sample a tenth of the possible pairs lies below (2026-11).
LEAST_VALUE: Final = 0.12

# Largest number of calls per enterprise in the list (judgement).
_CALLS_EACH: Final = 2
_CALLS: Final = 100


def introductions_of(analysis: Analysis) -> IntroductionsResult:
    """Rank introductions in every role, and choose the calls to make first.

    Raises
    ------
    MissingTableError
        The ledger holds no offers.
    """
    ledger = analysis.ledger
    ledger.completed.require("offers")
    # One engine for all roles: a new DuckDB takes a tenth of a second.
    engine = engine_for(analysis.engine)
    frames = [
        rank_introductions(ledger, role=role, k=COUNTERPARTS, language=analysis.language, engine=engine)
        for role in get_args(Role)
    ]
    table = pd.concat([frame for frame in frames if len(frame)] or frames[:1], ignore_index=True)
    table = table.sort_values(["seeker_id", "role", "rank"], ignore_index=True)
    seeker = pick_seeker(ledger, table) if len(table) or len(ledger.salons) else ""
    mine = table[table["seeker_id"].eq(seeker) & table["role"].eq("customer")]
    return IntroductionsResult(
        table=table,
        text=introductions_text(ledger, seeker, table),
        draw=lambda ax: plot_introductions(mine, ledger, seeker, ax=ax),
        seeker=seeker,
        calls=first_calls(table),
    )


def first_calls(introductions: pd.DataFrame, *, each: int = _CALLS_EACH) -> pd.DataFrame:
    """Choose the introductions to telephone about first.

    Parameters
    ----------
    introductions
        From ``rank_introductions``, several roles concatenated.
    each
        Largest number of calls of an enterprise, on either side.

    Returns
    -------
    DataFrame
        Rows of ``introductions`` that a demand supports: those wanted by both sides first, then by score;
        a pair that seeks each other is listed once. At most a hundred.

    Examples
    --------
    >>> rows = pd.DataFrame(
    ...     [("A", "B", 0.9, 0.0, False), ("A", "C", 0.5, 0.4, False), ("C", "A", 0.4, 0.2, False)],
    ...     columns=["seeker_id", "counterpart_id", "score", "asked_share", "both_sides"],
    ... )
    >>> first_calls(rows)[["seeker_id", "counterpart_id"]].to_numpy().tolist()
    [['A', 'C']]
    """
    asked = introductions[introductions["asked_share"].gt(0)]
    asked = asked.assign(_score=asked["score"].round(9))
    order = ["both_sides", "_score", "seeker_id", "counterpart_id"]
    asked = asked.sort_values(order, ascending=[False, False, True, True]).drop(columns="_score")
    named: dict[str, int] = {}
    pairs: set[frozenset[str]] = set()
    kept = []
    for at, seeker, counterpart in asked[["seeker_id", "counterpart_id"]].itertuples():
        pair = frozenset((seeker, counterpart))
        if pair in pairs or max(named.get(seeker, 0), named.get(counterpart, 0)) >= each:
            continue
        pairs.add(pair)
        for one in pair:
            named[one] = named.get(one, 0) + 1
        kept.append(at)
        if len(kept) == _CALLS:
            break
    return asked.loc[kept].reset_index(drop=True)


def salon_of(analysis: Analysis, seeker: str, *, guests: int, slots: int, tables: int) -> SalonResult:
    """Plan the salon of one seeker from the introductions of an analysis."""
    ledger = analysis.ledger
    around = introductions_around(analysis.introductions.table, seeker)
    if not seeker or around.empty:
        nothing = pd.DataFrame(columns=["slot", "table", "a", "b", "score", "reason"])
        text = Text("There is nobody to be introduced in a salon.", "暂无可对接的企业，不宜办沙龙。")
        return SalonResult(
            table=nothing, text=text, seeker=seeker, around=around, plan=None, slots=slots, tables=tables
        )
    core, focus = salon_core(around, seeker), wish_circle(around, seeker)
    wishes: dict[str, Any] = {
        "capacity": guests, "meetings": slots, "required": core, "least": LEAST_VALUE, "ledger": ledger,
    }  # fmt: skip
    try:
        plan = plan_salon(around, **wishes, focus=focus, focus_share=FOCUS_SHARE)
    except ValueError:
        # Too few enterprises of the focus can come beside the indispensable guests.
        plan = plan_salon(around, **wishes)
    possible = meeting_pairs(plan.introductions, competitors_meet=True)
    ends = {frozenset(pair) for pair in zip(possible["a"], possible["b"], strict=True)}
    first = [(seeker, one) for one in top_counterparts(around, seeker) if frozenset((seeker, one)) in ends]
    served = [(seeker, one) for one in asked_servers(around, seeker) if frozenset((seeker, one)) in ends]
    rivals = [one for one in rivals_of(around, seeker) if one in set(plan.guests["enterprise_id"])]
    meetings = schedule_salon(plan, slots, tables, must=served, first=first, rivals=rivals, min_meetings=1)
    compared = _compared(analysis, seeker, plan.guests, core, slots=slots, tables=tables)
    return SalonResult(
        table=meetings,
        text=salon_text(ledger, seeker, plan, meetings, slots=slots, focus=focus, compared=compared),
        draw=lambda ax: plot_timetable(meetings, ledger, ax=ax),
        seeker=seeker,
        around=around,
        plan=plan,
        slots=slots,
        tables=tables,
        focus=tuple(focus),
        compared=compared,
    )


def _compared(
    analysis: Analysis, seeker: str, guests: pd.DataFrame, core: list[str], *, slots: int, tables: int
) -> pd.DataFrame:
    """Compare the guests of the seeker's latest salon in the ledger with as many of those proposed."""
    salons = analysis.ledger.salons
    mine = salons[salons["seeker_id"].eq(seeker)].sort_values(["held_on", "salon_id"], na_position="first")
    if mine.empty:
        return pd.DataFrame()
    held = mine.loc[mine["salon_id"].eq(mine["salon_id"].iloc[-1]), "counterpart_id"]
    invited = list(dict.fromkeys([seeker, *held]))
    # Indispensable guests are kept, then those of the largest value.
    order = sorted(guests["enterprise_id"].tolist(), key=lambda one: one not in core)
    lists = {"held": invited, "proposed": order[: len(invited)]}
    return compare_guest_lists(analysis.introductions.table, lists, slots=slots, tables=tables, seeker=seeker)
