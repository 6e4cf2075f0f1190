"""Answers to written names: by code, by one of several that fit alike, and as a table."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

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

#: Every answer that ``NameIndex.resolve`` gives; the first five are sure enough to be used as they stand.
STATUSES: Final = ("code", "alias", "exact", "contained", "likely", "ambiguous", "unknown")
SURE: Final = STATUSES[:5]
_TOWN: Final = re.compile(r"\s+|(?:新城|新区|街道|镇|乡|园区|工业园|片区)$")

COLUMNS: Final = [
    "written",
    "enterprise_id",
    "score",
    "margin",
    "status",
    "name",
    "unit",
    "candidates",
    "why",
]


@dataclass(frozen=True, slots=True)
class Answer:
    """What one written name means; places count enterprises of the roster, −1 for none."""

    status: str
    place: int = -1
    score: float = 0.0
    margin: float = 0.0
    others: tuple[tuple[int, float], ...] = ()
    unit: str = ""
    why: str = ""


def by_code(text: str, codes: Mapping[str, list[int]], ids: Sequence[str]) -> Answer | None:
    """Answer by an id or credit code; one slip away from a code is a hint, never an answer.

    Examples
    --------
    >>> by_code("91350100 M000100Y43", {"91350100M000100Y43": [0]}, ["E1"]).status
    'code'
    """
    code = plain_code(text)
    found = codes.get(code)
    if found:
        return one_of(found, "code", "same code")
    if not looks_like_code(code):
        return None
    near = sorted({i for known, numbers in codes.items() if one_slip_apart(code, known) for i in numbers})
    problem = "no enterprise has this code"
    if not is_valid(code):
        slips = likely_slips(code)
        problem += "; its check digit does not fit (GB 32100-2015)"
        problem += f", {slips[0]} would" if len(slips) == 1 else ""
    if near:
        share = 1 / (len(near) + 1)
        why = f"{problem}; one slip from the code of {ids[near[0]]}"
        return Answer(
            "ambiguous",
            near[0],
            share,
            0.0 if near[1:] else share,
            tuple((i, share) for i in near),
            why=why,
        )
    return Answer("unknown", why=problem)


def one_of(
    numbers: list[int], status: str, what: str, *, town: str = "", towns: Sequence[str] = ()
) -> Answer:
    """Answer where one or several enterprises fit alike; the town decides if only one is there.

    Examples
    --------
    >>> one_of([0, 1], "exact", "this name").status
    'ambiguous'
    >>> one_of([0, 1], "exact", "this name", town="水土", towns=["鱼复", "水土"]).why
    'of 2, the one in 水土'
    """
    there = [i for i in numbers if same_town(town, towns[i])] if town else []
    if len(numbers) > 1 and len(there) == 1:
        return Answer(status, there[0], 1.0, 1.0, why=f"of {len(numbers)}, the one in {town}")
    if len(numbers) == 1:
        return Answer(status, numbers[0], 1.0, 1.0)
    share = 1 / len(numbers)
    others = tuple((i, share) for i in numbers)
    return Answer("ambiguous", numbers[0], share, 0.0, others, why=f"{len(numbers)} have {what}")


def same_town(a: str, b: str) -> bool:
    """Whether two ways of writing a town mean the same; a missing one is the same as none.

    Examples
    --------
    >>> same_town("鱼复新城", "鱼复"), same_town("水土街道", "水土新城"), same_town("水土", "龙兴")
    (True, True, False)
    """
    ours, theirs = (_TOWN.sub("", text) or text for text in normalise([a, b]))
    return bool(ours) and ours == theirs


def answers_table(
    texts: Sequence[str], answers: Sequence[Answer], ids: Sequence[str], names: Sequence[str]
) -> pd.DataFrame:
    """Table of answers, a row a written name, with the columns ``COLUMNS``."""
    known = [a.place >= 0 for a in answers]
    table = pd.DataFrame(
        {
            "written": pd.Series(texts, dtype="str"),
            "enterprise_id": [ids[a.place] if ok else None for a, ok in zip(answers, known, strict=True)],
            "score": [a.score for a in answers],
            "margin": [a.margin for a in answers],
            "status": [a.status for a in answers],
            "name": [names[a.place] if ok else None for a, ok in zip(answers, known, strict=True)],
            "unit": [a.unit for a in answers],
            "candidates": ["; ".join(f"{ids[i]} {names[i]} ({p:.2f})" for i, p in a.others) for a in answers],
            "why": [a.why for a in answers],
        },
        columns=COLUMNS,
    )
    text = dict.fromkeys(["written", "enterprise_id", "status", "name", "unit", "candidates", "why"], "str")
    return table.astype({**text, "score": "float64", "margin": "float64"})
