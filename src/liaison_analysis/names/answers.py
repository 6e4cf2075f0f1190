"""What a written name means: one answer, and many as a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Every status that ``NameIndex.resolve`` gives; the first five are certain enough to be used without a
#: check.
STATUSES: Final = ("code", "alias", "exact", "contained", "likely", "ambiguous", "unknown")
SURE: Final = STATUSES[:5]

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
    """Which enterprise one written name means.

    Attributes
    ----------
    status
        One of ``STATUSES``.
    place
        Row of the enterprise in the roster, −1 for none.
    score, margin
        Probability of this enterprise, and its difference to the next one; both from 0 to 1.
    others
        Enterprises that it could mean as well, each with its probability.
    unit
        Plant or branch that was cut off the name, ``""`` for none.
    why
        One reason in words, ``""`` where the status is enough.
    """

    status: str
    place: int = -1
    score: float = 0.0
    margin: float = 0.0
    others: tuple[tuple[int, float], ...] = ()
    unit: str = ""
    why: str = ""


def answers_table(
    texts: Sequence[str], answers: Sequence[Answer], ids: Sequence[str], names: Sequence[str]
) -> pd.DataFrame:
    """Table of answers, one row for each written name, with the columns ``COLUMNS``.

    Examples
    --------
    >>> answers_table(["云岫"], [Answer("alias", 0, 1.0, 1.0)], ["E1"], ["云岫机器人"])["name"].tolist()
    ['云岫机器人']
    """
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
