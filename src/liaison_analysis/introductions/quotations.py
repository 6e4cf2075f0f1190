"""What a demand asks for, quoted in its own words: the clauses that ask, masked and short enough to read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from liaison_analysis.demands import asking_sentences
from liaison_analysis.privacy import mask_personal_data

if TYPE_CHECKING:
    from liaison_analysis.ledger import Ledger

# Longest quotation of a demand, in characters (judgement): about one line of a sheet.
_QUOTED: Final = 60
_MARKS: Final = "，,。；;：:、 "


class QuotedDemand(NamedTuple):
    """A demand's text, masked, and where the clauses that ask start and end in it."""

    text: str
    clauses: list[tuple[int, int]]


def quoted_demands(ledger: Ledger, demands: set[str]) -> dict[str, QuotedDemand]:
    """Read some demands to be quoted, masked, by their ids."""
    rows = ledger.demands[ledger.demands["demand_id"].isin(demands)]
    texts = mask_personal_data(rows["text"].fillna("").astype("str"))
    read = [
        QuotedDemand(text, [c for sentence in asking_sentences(text) for c in sentence]) for text in texts
    ]
    return dict(zip(rows["demand_id"].tolist(), read, strict=True))


def quotation(asked: QuotedDemand, thing: str) -> str:
    """Quote what a demand asks for: the clauses about the thing, and those beside them as far as they fit.

    What is left out before and behind is marked by an ellipsis.
    """
    text = asked.text
    clauses = asked.clauses or [(0, len(text))]
    about = [i for i, (a, b) in enumerate(clauses) if thing and thing in text[a:b]]
    first = last = about[0] if about else 0
    while True:
        if last + 1 < len(clauses) and clauses[last + 1][1] - clauses[first][0] <= _QUOTED:
            last += 1
        elif first and clauses[last][1] - clauses[first - 1][0] <= _QUOTED:
            first -= 1
        else:
            break
    start, end = clauses[first][0], clauses[last][1]
    words = text[start:end].strip(_MARKS)
    before = "…" if text[:start].strip(_MARKS) else ""
    if len(words) > _QUOTED:
        return f"{before}{words[: _QUOTED - 1]}…"
    behind = "…" if text[end:].strip(_MARKS) else ""
    return f"{before}{words}{behind}"
