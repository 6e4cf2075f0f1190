"""Demands as requests: what is asked for, in which direction, for whom, and whether it is still open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis._checks import as_texts
from liaison_analysis.demands.asking import CLAUSE, Span, asking_sentences
from liaison_analysis.demands.intent_model import INTENTS
from liaison_analysis.demands.intents import find_intents, intent_probabilities
from liaison_analysis.demands.mentions import business_of
from liaison_analysis.demands.objects import Thing, beneficiary, things_asked
from liaison_analysis.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from liaison_analysis.text import Encoder

#: Which way goods, services and money go, for each intent.
DIRECTIONS: Final = {
    "customer": "sell", "supplier": "buy", "test": "buy", "finance": "borrow", "research": "cooperate",
    "staff": "hire", "policy": "ask", "site": "ask", "utilities": "ask",
}  # fmt: skip

_COLUMNS: Final = [
    "row", "intent", "direction", "object", "product", "beneficiary", "live", "sentence", "start", "end",
    "probability",
]  # fmt: skip

# Smallest probability at which a settled or negated clause is listed as a request that is not live
# (judgement).
_LEAST_SETTLED: Final = 0.6


def read_requests(demands: Ledger | pd.DataFrame | Iterable[str], *, encoder: Encoder = None) -> pd.DataFrame:
    """Read demands as requests: who asks for what, in which direction, and whether it is still open.

    Parameters
    ----------
    demands
        A ledger; demands with the columns demand_id and text, and where known enterprise_id and business
        (what the enterprise does, in its own words); or texts.
    encoder
        As in ``text.encode``.

    Returns
    -------
    DataFrame
        A row for every thing of every intent of a demand, sorted by row, start and intent. Of a ledger and of
        demands, demand_id and enterprise_id stand first. Then: row (int, counted from 0), intent (one of
        ``INTENTS``), direction (``sell``, ``buy``, ``borrow``, ``cooperate``, ``hire`` or ``ask``), object
        (what is asked for, in the words of the text; ``""`` where it names none), product (the catalogue's
        name of it, or ``""``), beneficiary (for whom, in the words of the text; ``""`` for the enterprise
        itself), live (False where the text says that it is settled, or not wanted), sentence (the clauses
        that ask), start and end (characters of the text that hold them, end exclusive), probability of the
        intent (0–1). A demand without any of ``INTENTS`` has no row.

    Raises
    ------
    ValueError
        One text instead of several, or demands without demand_id or text.

    Examples
    --------
    >>> requests = read_requests(["流动资金贷款批下来了，谢谢。现在想在附近找一家做谐波减速器的厂"])
    >>> requests[["intent", "direction", "object", "live"]].to_numpy().tolist()
    [['finance', 'borrow', '', False], ['supplier', 'buy', '谐波减速器', True]]
    """
    ids, texts, business = _read(demands)
    rows: list[tuple[Any, ...]] = []
    all_intents = find_intents(texts, business=business, encoder=encoder)
    for row, (text, intents) in enumerate(zip(texts, all_intents, strict=True)):
        sentences = asking_sentences(text)
        for intent, start, _, probability in intents:
            own = next((s for s in sentences if s[0][0] <= start < s[-1][1]), [(0, len(text))])
            asked = "".join(text[a:b] for a, b in own)
            # The thing may be named before or after the sentence that asks for it.
            around = asked if len(intents) > 1 else "".join(text[a:b] for s in sentences for a, b in s)
            things = things_asked(around, intent, business=business[row]) or [Thing("", "")]
            rows += [
                (row, intent, *thing, beneficiary(asked), True, asked, own[0][0], own[-1][1], probability)
                for thing in things
            ]
    rows += _settled(texts, encoder)
    frame = pd.DataFrame(rows, columns=[name for name in _COLUMNS if name != "direction"])
    frame.insert(2, "direction", frame["intent"].map(DIRECTIONS))
    frame = frame.astype(
        {"row": "int64", "live": "bool", "start": "int64", "end": "int64", "probability": "float64"}
        | dict.fromkeys(["intent", "direction", "object", "product", "beneficiary", "sentence"], "str")
    )
    frame = frame.sort_values(["row", "start", "intent"], kind="stable", ignore_index=True)
    if ids is None:
        return frame
    return pd.concat([ids.iloc[frame["row"]].reset_index(drop=True), frame], axis=1)


def _read(demands: Ledger | pd.DataFrame | Iterable[str]) -> tuple[pd.DataFrame | None, list[str], list[str]]:
    """Ids of the demands where they have some, their texts, and what each enterprise does."""
    known: dict[str, str] = {}
    if isinstance(demands, Ledger):
        known = business_of(demands)
        demands = demands.demands
    if not isinstance(demands, pd.DataFrame):
        texts = as_texts(demands)
        return None, texts, [""] * len(texts)
    if absent := [column for column in ("demand_id", "text") if column not in demands]:
        raise ValueError(
            f"expected demands with the columns demand_id and text, got {list(demands)!r}; add {absent!r}"
        )
    ids = demands[[column for column in ("demand_id", "enterprise_id") if column in demands]]
    firms = demands["enterprise_id"] if "enterprise_id" in demands else [""] * len(demands)
    if "business" in demands:
        business = as_texts(demands["business"])
    else:
        business = [known.get(firm, "") if isinstance(firm, str) else "" for firm in firms]
    return ids, as_texts(demands["text"]), business


def _settled(texts: Sequence[str], encoder: Encoder) -> list[tuple[Any, ...]]:
    """List settled or negated clauses, as rows that are not live."""
    places: list[tuple[int, Span]] = []
    for row, text in enumerate(texts):
        asking = {clause for sentence in asking_sentences(text) for clause in sentence}
        places += [(row, (m.start(), m.end())) for m in CLAUSE.finditer(text) if m.span() not in asking]
    clauses = [texts[row][a:b] for row, (a, b) in places]
    listed = intent_probabilities(clauses, encoder=encoder)
    rows: list[tuple[Any, ...]] = []
    for (row, (a, b)), clause, of_clause in zip(places, clauses, listed, strict=True):
        if of_clause.max() >= _LEAST_SETTLED:
            intent, probability = INTENTS[int(of_clause.argmax())], round(float(of_clause.max()), 3)
            rows.append((row, intent, "", "", beneficiary(clause), False, clause, a, b, probability))
    return rows
