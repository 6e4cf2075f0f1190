"""Answers that are looked up: by code, by a former or short name, by the name itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.names.answers import Answer
from liaison_analysis.names.credit_codes import (
    is_valid,
    likely_slips,
    looks_like_code,
    one_slip_apart,
    plain_code,
)
from liaison_analysis.text import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from liaison_analysis.names.parts import NameParts
    from liaison_analysis.names.roster import Roster

_TOWN: Final = re.compile(r"\s+|(?:新城|新区|街道|镇|乡|园区|工业园|片区)$")


def by_code(text: str, codes: Mapping[str, list[int]], ids: Sequence[str]) -> Answer | None:
    """Answer by an id or credit code; one slip away from a code is a hint, never an answer.

    Returns
    -------
    Answer or None
        None where the text is not likely to be a code.

    Examples
    --------
    >>> by_code("91350100 M000100Y43", {"91350100M000100Y43": [0]}, ["E1"]).status
    'code'
    """
    code = plain_code(text)
    enterprises = codes.get(code)
    if enterprises:
        return one_of(enterprises, "code", message("{n} have this code", n=len(enterprises)))
    if not looks_like_code(code):
        return None
    near = sorted({i for known, numbers in codes.items() if one_slip_apart(code, known) for i in numbers})
    problem = message("no enterprise has this code")
    if not is_valid(code):
        slips = likely_slips(code)
        problem = message("no enterprise has this code; its check digit does not fit (GB 32100-2015)")
        if len(slips) == 1:
            problem = message(
                "no enterprise has this code; its check digit does not fit (GB 32100-2015), {code} would",
                code=slips[0],
            )
    if near:
        share = 1 / (len(near) + 1)
        why = message(
            "{problem}; one slip from the code of {enterprise}", problem=problem, enterprise=ids[near[0]]
        )
        others = tuple((i, share) for i in near)
        return Answer("ambiguous", near[0], share, 0.0 if near[1:] else share, others, why=why)
    return Answer("unknown", why=problem)


def by_name(roster: Roster, part: NameParts, day: int | None, town: str) -> Answer | None:
    """Answer by a former or short name, or by the name itself: as written, then without legal form.

    Parameters
    ----------
    roster
        Enterprises and their names.
    part
        The written name.
    day
        Day since 1970 on which an alias must be valid; None: every alias counts.
    town
        Decides where several enterprises have this name; ``""`` for none.

    Returns
    -------
    Answer or None
        None where no enterprise has or had exactly this name.

    Examples
    --------
    >>> import pandas as pd
    >>> from liaison_analysis.names.parts import take_apart
    >>> from liaison_analysis.names.roster import build_roster
    >>> roster = build_roster(pd.DataFrame({"enterprise_id": ["E1"], "name": ["云岫机器人有限公司"]}))
    >>> by_name(roster, take_apart(["雲岫機器人"])[0], None, "").status
    'exact'
    """
    n = len(roster.ids)
    for key in dict.fromkeys([part.plain, part.stem]):
        entries = roster.keys.get(key, ())
        valid = [e for e in entries if day is None or roster.valid[0, e] <= day <= roster.valid[1, e]]
        owners = sorted({int(roster.owners[e]) for e in valid})
        whole = sorted({int(roster.owners[e]) for e in valid if e < n and roster.parts[e].plain == key})
        if len(whole) == 1 and len(owners) > 1 and all(e < n for e in valid):
            owners = whole  # one has exactly this name, the others only without legal form
        if owners:
            status = "alias" if all(e >= n for e in valid) else "exact"
            return one_of(
                owners, status, message("{n} have this name", n=len(owners)), town=town, towns=roster.towns
            )
        if entries:
            former = sorted({int(roster.owners[e]) for e in entries})
            share = 1 / len(former)
            why = message("a name that is not valid on this date")
            others = tuple((i, share) for i in former)
            return Answer("ambiguous", former[0], share, 0.0 if former[1:] else share, others, why=why)
    return None


def one_of(
    enterprises: list[int], status: str, why: str, *, town: str = "", towns: Sequence[str] = ()
) -> Answer:
    """Answer where one or several enterprises match; the town decides if only one is there.

    Examples
    --------
    >>> one_of([0, 1], "exact", "2 have this name").status
    'ambiguous'
    >>> one_of([0, 1], "exact", "2 have this name", town="水土", towns=["鱼复", "水土"]).why
    'of 2, the one in 水土'
    """
    there = [i for i in enterprises if same_town(town, towns[i])] if town else []
    if len(enterprises) > 1 and len(there) == 1:
        return Answer(
            status,
            there[0],
            1.0,
            1.0,
            why=message("of {n}, the one in {town}", n=len(enterprises), town=town),
        )
    if len(enterprises) == 1:
        return Answer(status, enterprises[0], 1.0, 1.0)
    share = 1 / len(enterprises)
    others = tuple((i, share) for i in enterprises)
    return Answer("ambiguous", enterprises[0], share, 0.0, others, why=why)


def same_town(a: str, b: str) -> bool:
    """Whether two ways of writing a town mean the same; a missing town is the same as none.

    Examples
    --------
    >>> same_town("鱼复新城", "鱼复"), same_town("水土街道", "水土新城"), same_town("水土", "龙兴")
    (True, True, False)
    """
    ours, theirs = (_TOWN.sub("", text) or text for text in normalise([a, b]))
    return bool(ours) and ours == theirs
