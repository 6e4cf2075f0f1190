"""Comparison of guest lists with the same tables: how many wishes each of them can meet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from liaison_analysis._checks import check_frame
from liaison_analysis.salons.meetings import PAIRED_COLUMNS, meeting_pairs
from liaison_analysis.salons.timetable import schedule_meetings
from liaison_analysis.salons.timetable_checks import pair_key

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def compare_guest_lists(
    introductions: pd.DataFrame,
    lists: Mapping[str, Collection[Any]],
    *,
    slots: int,
    tables: int,
    seeker: Any = None,
) -> pd.DataFrame:
    """Schedule each guest list with the same tables and count the wishes that are met.

    Parameters
    ----------
    introductions
        From `rank_introductions`, with its columns asked_share and demand_id (and back_share and
        counterpart_demand_id, where they are there). Those of competitors do not count.
    lists
        Enterprise ids by the name of the list.
    slots, tables
        As in `schedule_meetings`.
    seeker
        Enterprise whose own wishes are counted separately; optional.

    Returns
    -------
    DataFrame
        A row for each list, in their order: list, n_guests, n_meetings, wishes_met (demands of guests for
        which one meeting at least is with somebody whom the demand asks for), seeker_wishes_met (those of the
        seeker), n_without (guests without a meeting) and value (the sum of the scores). Each list has the
        best timetable that `schedule_meetings` finds, with a meeting for as many guests as possible first.

    Notes
    -----
    The timetable maximises the value, so that a list chosen for its value is ahead by construction; wishes
    met are not part of the objective, although a demand raises the score.

    Examples
    --------
    >>> introductions = pd.DataFrame(
    ...     [
    ...         ("robots", "cars", "customer", 0.5, "welding", 0.6, "D1"),
    ...         ("robots", "lathes", "supplier", 0.9, "parts", 0.0, None),
    ...     ],
    ...     columns=["seeker_id", "counterpart_id", "role", "score", "reason", "asked_share", "demand_id"],
    ... )
    >>> lists = {"held": ["robots", "lathes"], "proposed": ["robots", "cars"]}
    >>> compared = compare_guest_lists(introductions, lists, slots=1, tables=1, seeker="robots")
    >>> print(compared.to_string(index=False))
        list  n_guests  n_meetings  wishes_met  seeker_wishes_met  n_without  value
        held         2           1           0                  0          0    0.9
    proposed         2           1           1                  1          0    0.5
    """
    check_frame(introductions, "introductions", PAIRED_COLUMNS, source="rank_introductions")
    every = {guest for listed in lists.values() for guest in listed}
    inside = introductions["seeker_id"].isin(every) & introductions["counterpart_id"].isin(every)
    pairs = meeting_pairs(introductions[inside])
    wishes = _wishes(introductions)
    rows = []
    for name, listed in lists.items():
        guests = set(listed)
        own = pairs[pairs["a"].isin(guests) & pairs["b"].isin(guests)]
        held = schedule_meetings(own, slots=slots, tables=tables, min_meetings=1, compact=False)
        met = {pair_key(a, b) for a, b in zip(held["a"], held["b"], strict=True)}
        answered = {wish for wish, pair in wishes if pair in met}
        rows.append(
            (
                name, len(guests), len(held), len(answered), sum(who == seeker for who, _ in answered),
                len(guests - {*held["a"], *held["b"]}), float(held["score"].sum()),
            )
        )  # fmt: skip
    columns = ["list", "n_guests", "n_meetings", "wishes_met", "seeker_wishes_met", "n_without", "value"]
    return pd.DataFrame(rows, columns=columns)


def _wishes(introductions: pd.DataFrame) -> list[tuple[tuple[Any, Any], Any]]:
    """List (who, demand) beside the pair that would meet that wish, from either side of an introduction."""
    if "competitor" in introductions:
        introductions = introductions[~introductions["competitor"].fillna(value=False).astype(bool)]
    found = []
    for who, share, demand in (
        ("seeker_id", "asked_share", "demand_id"),
        ("counterpart_id", "back_share", "counterpart_demand_id"),
    ):
        if share not in introductions or demand not in introductions:
            continue
        asked = introductions[introductions[share].gt(0) & introductions[demand].fillna("").ne("")]
        ends = zip(asked["seeker_id"], asked["counterpart_id"], strict=True)
        keys = [pair_key(a, b) for a, b in ends]
        found += list(zip(zip(asked[who], asked[demand], strict=True), keys, strict=True))
    return found
