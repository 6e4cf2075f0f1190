"""Matters that several enterprises of one place or chain share: one case each, with its history."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._checks import check_frame, described
from liaison_analysis._messages import message
from liaison_analysis.followup.facts import count_day, group_columns
from liaison_analysis.followup.likeness import DAMPING, Likeness, clean_texts, same_matter
from liaison_analysis.followup.reminders import closed_by, settled_by
from liaison_analysis.ledger import as_ledger

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from liaison_analysis.ledger import Ledger
    from liaison_analysis.text import Encoder

#: Fewest enterprises whose common matter is a case; judgement: two may be chance.
LEAST_ENTERPRISES: Final = 3

_COLUMNS: Final = [
    "case_id", "place", "matter", "n_demands", "n_enterprises", "n_open", "first_on", "last_on", "owners",
    "demand_ids", "enterprise_ids",
]  # fmt: skip
_STEPS: Final = {"raised_on": "raised", "assigned_on": "assigned", "settled_on": "settled"}


def common_cases(
    ledger: Ledger,
    places: str | Mapping[str, str] = "town",
    *,
    on: Any = None,
    themes: Mapping[str, Any] | None = None,
    least: int = LEAST_ENTERPRISES,
    encoders: Sequence[Encoder] = ("use",),
) -> pd.DataFrame:
    """Gather demands about the same matter from several enterprises of one place or chain into cases.

    Two demands are about the same matter where their topics and their words are alike (``likeness``), and
    where both are given, of one theme. A case is a demand and all demands similar to it; the demand with most
    enterprises around it comes first, and each demand is in one case. Only cases with an open demand are
    listed, for an officer to confirm: of pairs that were found alike in the sample, five in six were of one
    theme.

    Parameters
    ----------
    ledger
        Its demands; enterprises for a column of theirs.
    places
        Column of demands or enterprises that says where, such as ``town``, or a mapping from enterprise_id to
        a place or chain; demands without one are in no case.
    on
        Day of the count; by default the last date of anything that happened in the ledger.
    themes
        Theme of each demand_id; then only demands of one theme are alike.
    least
        Fewest enterprises of a case.
    encoders
        As in ``suggest_owner``.

    Returns
    -------
    DataFrame
        Columns case_id (its first demand's), place, matter (the text of the demand most like the others),
        n_demands, n_enterprises, n_open, first_on, last_on (days raised), owners, demand_ids, enterprise_ids
        (each separated by 、, in order). By number of open demands, of enterprises, then case_id.
        ``attrs["on"]`` is the day.

    Raises
    ------
    ValueError
        ``least`` is below 2, or there is no such column.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> cases = common_cases(load_liangjiang(), on="2022-12-31")
    >>> cases["n_enterprises"].ge(3).all().item(), cases["n_open"].is_monotonic_decreasing
    (True, True)
    """
    ledger = as_ledger(ledger)
    if least < 2:
        raise ValueError(f"least must be 2 enterprises or more; got {least!r}")
    day = count_day(ledger, on)
    demands = ledger.demands
    if isinstance(places, str):
        place = group_columns(ledger, places)[places]
    else:
        place = demands["enterprise_id"].map(places)
    kept = demands["text"].notna() & demands["raised_on"].le(day).fillna(value=False) & place.notna()
    is_open = ~settled_by(demands, day) & ~closed_by(demands, day)
    rows = demands[kept.astype(bool)].assign(place=place, is_open=is_open)
    rows = rows.sort_values(["place", "raised_on", "demand_id"], ignore_index=True)
    if themes is not None:
        rows["theme"] = rows["demand_id"].map(themes).astype("str").fillna("")
    found = []
    for where, part in rows.groupby("place", sort=True):
        if part["enterprise_id"].nunique() < least:
            continue
        texts = clean_texts(part["text"].tolist())
        likeness = Likeness.learn(texts, encoders, damping=DAMPING, blocks=["words", "topics"])
        same = same_matter(likeness, None if themes is None else part["theme"].to_numpy())
        firms = pd.factorize(part["enterprise_id"], sort=True)[0]
        for middle, members in _stars(same, firms, least):
            case = part.iloc[members]
            if case["is_open"].any():
                found.append(_case(str(where), part.iloc[middle], case))
    frame = pd.DataFrame(found, columns=_COLUMNS)
    order = ["n_open", "n_enterprises", "case_id"]
    frame = frame.sort_values(order, ascending=[False, False, True], ignore_index=True)
    frame.attrs = {"on": day}
    return frame


def case_story(
    ledger: Ledger, case: pd.Series, *, on: Any = None, decisions: pd.DataFrame | None = None
) -> pd.DataFrame:
    """History of a case by day: when it was raised, surveyed, decided and settled.

    Parameters
    ----------
    ledger
        The ledger that the case is from; ``visits`` to its enterprises after it was first raised count as
        surveys on the spot.
    case
        A row of ``common_cases``.
    on
        Last day of the history; by default the last date of anything that happened in the ledger.
    decisions
        DataFrame[demand_id, decided_on, decision], such as ``read_decisions`` gives.

    Returns
    -------
    DataFrame
        Columns day, step (``raised``, ``assigned``, ``visited``, ``decided``, ``settled``), demand_id,
        enterprise_id, officer_id (of a visit), note (the demand's text, or the decision). By day, then in the
        order of the steps, then demand_id.

    Raises
    ------
    ValueError
        If ``case`` is not a row of ``common_cases``, or ``decisions`` lacks a column.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> ledger = load_liangjiang()
    >>> story = case_story(ledger, common_cases(ledger).iloc[0])
    >>> story["step"].iloc[0], story["day"].is_monotonic_increasing
    ('raised', True)
    """
    ledger = as_ledger(ledger)
    if decisions is not None:
        check_frame(decisions, "decisions", ["demand_id", "decided_on", "decision"], source="read_decisions")
    if not isinstance(case, pd.Series):
        raise ValueError(message("case: expected a row of common_cases, got {got}", got=described(case)))  # noqa: TRY004 - bad arguments are a ValueError throughout
    needed = ["demand_ids", "enterprise_ids", "first_on"]
    check_frame(case.to_frame().T, "case", needed, source="common_cases")
    day = count_day(ledger, on)
    ids, firms = (case[name].split("、") for name in ("demand_ids", "enterprise_ids"))
    demands = ledger.demands[ledger.demands["demand_id"].isin(ids)]
    parts = [
        demands.assign(day=demands[column], step=step, note=demands["text"] if step == "raised" else "")
        for column, step in _STEPS.items()
    ]
    visits = ledger.visits[ledger.visits["enterprise_id"].isin(firms)]
    visits = visits[visits["visited_on"].ge(case["first_on"])]
    parts.append(visits.assign(day=visits["visited_on"], step="visited", demand_id="", note=""))
    if decisions is not None:
        mine = decisions[decisions["demand_id"].isin(ids)].merge(
            demands[["demand_id", "enterprise_id"]], on="demand_id"
        )
        parts.append(mine.assign(day=mine["decided_on"], step="decided", note=mine["decision"]))
    columns = ["day", "step", "demand_id", "enterprise_id", "officer_id", "note"]
    story = pd.concat([part.reindex(columns=columns) for part in parts], ignore_index=True)
    story = story[story["day"].le(day).fillna(value=False).astype(bool)]
    place = {step: i for i, step in enumerate(("raised", "assigned", "visited", "decided", "settled"))}
    story = story.assign(
        order=story["step"].map(place), officer_id=story["officer_id"].astype("str").fillna("")
    )
    story = story.sort_values(["day", "order", "demand_id", "enterprise_id"], ignore_index=True)
    return story[columns]


def _stars(same: csr_array, firms: NDArray[np.int64], least: int) -> list[tuple[int, list[int]]]:
    """Partition rows into stars: a centre and all rows similar to it, those of most enterprises first.

    The number of enterprises around a row only falls as other rows are taken, so it is counted again only
    when the row comes up: lazy greedy selection (Minoux 1978).
    """
    left = np.ones(len(firms), dtype=bool)
    beside = np.split(same.sorted_indices().indices, same.indptr[1:-1]) if len(firms) else []

    def reached(i: int) -> NDArray[Any]:
        return beside[i][left[beside[i]]] if left[i] else beside[i][:0]

    waiting = [(-len(np.unique(firms[near])), i) for i, near in enumerate(beside)]
    heapq.heapify(waiting)
    stars: list[tuple[int, list[int]]] = []
    while waiting and -waiting[0][0] >= least:
        before, middle = heapq.heappop(waiting)
        members = reached(middle)
        now = -len(np.unique(firms[members]))
        if now != before:
            heapq.heappush(waiting, (now, middle))
            continue
        stars.append((middle, members.tolist()))
        left[members] = False
    return stars


def _case(place: str, middle: pd.Series, case: pd.DataFrame) -> tuple[Any, ...]:
    def listed(column: str) -> str:
        return "、".join(case[column].dropna().drop_duplicates())

    return (
        case["demand_id"].iloc[0], place, middle["text"], len(case), case["enterprise_id"].nunique(),
        int(case["is_open"].sum()), case["raised_on"].min(), case["raised_on"].max(), listed("owner"),
        listed("demand_id"), listed("enterprise_id"),
    )  # fmt: skip
