"""The products, industries, enterprises, towns and intents that a text mentions."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final

import pandas as pd

from liaison_analysis._checks import as_texts
from liaison_analysis._fingerprints import fingerprint
from liaison_analysis._progress import parts_of_step
from liaison_analysis.demands.intents import find_intents
from liaison_analysis.demands.vocabulary import (
    SHARED_ENDING_SCORE,
    Meaning,
    fold,
    meanings_by_word,
    products_of,
    without_joints,
)
from liaison_analysis.ledger import as_ledger
from liaison_analysis.text import near_products

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import ahocorasick

    from liaison_analysis.ledger import Ledger
    from liaison_analysis.text import Encoder

_LOG = logging.getLogger(__name__)

COLUMNS: Final = ["row", "kind", "value", "start", "end", "score"]

# Score of a word that nearly equals a product's name (judgement).
_NEAR_NAME_SCORE: Final = 0.4

# Where a text asks for one of these and names no product, words that nearly equal a name are searched for.
_OF_GOODS: Final = frozenset(["customer", "supplier", "test", "research"])

# Texts of one batch, which bounds the memory of vectors and words.
_AT_ONCE: Final = 20_000

# Size of the cache of mentions, in rows: some 200 MB.
_KEPT_ROWS: Final = 1_000_000


# Characters after which a new noun begins; after any other, a shared last word is part of a longer word.
_APART: Final = frozenset(
    "做找买卖缺给供对的和与及或要用换配造产出款台套家个只吨种类批些有是把将为从到在进送装"
)


def find_mentions(
    texts: Iterable[str] | pd.DataFrame, ledger: Ledger, *, encoder: Encoder = None
) -> pd.DataFrame:
    """Find which products, industries, enterprises, towns and intents texts mention.

    Products are found by their name, by a trade word (``trade_words.csv``: 主机厂 means the products that
    end in 乘用车), and by a last word that two to eight products share (减速器 for RV减速器 and 谐波减速器,
    but not within a longer word that is no product's name); where hits overlap, the longest counts. A text
    that asks for goods, tests or research and names no product is searched for words that nearly equal a
    product's name (``text.near_products``). Some trade words for services count only where the text asks for
    such a service: 贷 where it asks for money. The search is one Aho–Corasick automaton over the vocabulary
    (Aho and Corasick 1975, doi:10.1145/360825.360855). Intents come from ``find_intents``, industries from
    the names of GB/T 4754-2017 and words for them.

    Parameters
    ----------
    texts
        Chinese texts, or demands: a DataFrame with the columns demand_id and text, and enterprise_id where
        known. A missing text mentions nothing.
    ledger
        Its offers, product chain, enterprises, aliases and towns are the vocabulary.
    encoder
        Sentence vectors for intents, as in ``text.encode``.

    Returns
    -------
    DataFrame
        Columns row (int, counted from 0), kind (``product``, ``industry``, ``enterprise``, ``town`` or
        ``intent``), value (product name, code of GB/T 4754, enterprise id, town, or one of ``INTENTS``),
        start and end (characters, end exclusive), score (1 for the vocabulary's own word, 0.8 for a trade
        word, 0.5 for a shared last word, 0.4 for a word that nearly equals a name; for intents the
        probability). Sorted by row, start, kind, value. Of demands, their ids stand before these columns.

    Raises
    ------
    ValueError
        One text instead of several, or demands without demand_id or text.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> mentions = find_mentions(["做谐波减速器的，想认识水土的机械臂厂家"], load_liangjiang())
    >>> print(mentions[["kind", "value"]].to_string(index=False, header=False))
    product    谐波减速器
     intent customer
       town       水土
    product    工业机器人
    """
    ledger = as_ledger(ledger)
    ledger = ledger.completed
    ids = _ids(texts) if isinstance(texts, pd.DataFrame) else None
    written = as_texts(texts["text"] if isinstance(texts, pd.DataFrame) else texts)
    firms = _businesses(texts, ledger) if isinstance(texts, pd.DataFrame) else [""] * len(written)
    automaton = _automaton(ledger) if written else None
    products = products_of(ledger)
    starts = range(0, len(written), _AT_ONCE)
    rows: list[tuple[int, str, str, int, int, float]] = []
    for first in parts_of_step(_LOG, "mentions", starts, hidden=len(starts) < 2):
        part = slice(first, first + _AT_ONCE)
        hits = _hits(written[part], firms[part], automaton, products, encoder)
        rows += [(first + hit[0], *hit[1:]) for hit in hits]
    mentions = pd.DataFrame(rows, columns=COLUMNS).astype(
        {"row": "int64", "kind": "str", "value": "str", "start": "int64", "end": "int64", "score": "float64"}
    )
    mentions = mentions.sort_values(["row", "start", "kind", "value"], kind="stable", ignore_index=True)
    if ids is None:
        return mentions
    return pd.concat([ids.iloc[mentions["row"]].reset_index(drop=True), mentions], axis=1)


def _ids(demands: pd.DataFrame) -> pd.DataFrame:
    """Ids of the demands, and of their enterprises where they are known."""
    if absent := [column for column in ("demand_id", "text") if column not in demands]:
        raise ValueError(
            f"expected demands with the columns demand_id and text, got {list(demands)!r}; add {absent!r}"
        )
    return demands[[column for column in ("demand_id", "enterprise_id") if column in demands]]


def business_of(ledger: Ledger) -> dict[str, str]:
    """Give by id what each enterprise does: its main business in its own words, else what it offers."""
    frame = ledger.enterprises
    own = frame["main_business"] if "main_business" in frame else pd.Series("", index=frame.index)
    business = dict(zip(frame["enterprise_id"], own.fillna("").astype("str"), strict=True))
    offers = ledger.offers.groupby("enterprise_id")["product"].agg("、".join)
    return {firm: text or str(offers.get(firm, "")) for firm, text in business.items()}


def _businesses(demands: pd.DataFrame, ledger: Ledger) -> list[str]:
    """Give the business of the enterprise behind each demand; ``""`` where it is not known."""
    if "enterprise_id" not in demands:
        return [""] * len(demands)
    business = business_of(ledger)
    return [business.get(firm, "") if isinstance(firm, str) else "" for firm in demands["enterprise_id"]]


def _hits(
    written: list[str],
    firms: list[str],
    automaton: ahocorasick.Automaton,
    products: list[str],
    encoder: Encoder,
) -> list[tuple[int, str, str, int, int, float]]:
    """Mentions of some texts, in no order."""
    rows: list[tuple[int, str, str, int, int, float]] = []
    open_rows = []
    plain = [fold(text) for text in written]
    all_intents = find_intents(written, business=firms, encoder=encoder)
    for row, (text, intents) in enumerate(zip(plain, all_intents, strict=True)):
        asked = {"", *(intent for intent, *_ in intents)}
        hits = list(_placed_hits(automaton, text, asked))
        for start, end, meanings in hits:
            rows += [(row, kind, value, start, end, score) for kind, value, score, _ in meanings]
        if asked & _OF_GOODS and not any(m[0] == "product" for *_, meanings in hits for m in meanings):
            open_rows.append(row)
        rows += [(row, "intent", intent, start, end, score) for intent, start, end, score in intents]
    near = near_products([plain[row] for row in open_rows], products, encoder=encoder)
    rows += [
        (open_rows[i], "product", product, start, end, _NEAR_NAME_SCORE) for i, product, start, end in near
    ]
    return rows


def demand_mentions(ledger: Ledger) -> pd.DataFrame:
    """Give what every demand of a ledger mentions; computed once for each ledger and cached.

    Parameters
    ----------
    ledger
        Its demands are the texts. Results are kept by what the demands and the vocabulary hold, so mentions
        of a changed table are computed again and those of an equal ledger are not.

    Returns
    -------
    DataFrame
        As ``find_mentions`` of ``ledger.demands``: demand_id and enterprise_id before its columns. The
        frame is the caller's own.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> mentions = demand_mentions(load_liangjiang())
    >>> mentions.loc[mentions["demand_id"].eq("D001"), ["kind", "value"]].to_numpy().tolist()
    [['product', '加工中心'], ['intent', 'supplier']]
    """
    ledger = as_ledger(ledger)
    ledger = ledger.completed
    key = _fingerprint(ledger)
    with _lock:
        kept = _computed.pop(key, None)
        if kept is None:
            kept = find_mentions(ledger.demands, ledger)
        _computed[key] = kept  # the entry used last is the last to be dropped
        while len(_computed) > 1 and sum(map(len, _computed.values())) > _KEPT_ROWS:
            del _computed[next(iter(_computed))]
    return kept.copy()


_computed: dict[bytes, pd.DataFrame] = {}
_lock = threading.Lock()


def _fingerprint(ledger: Ledger) -> bytes:
    """Fingerprint of everything that mentions are computed from."""
    return fingerprint(
        (ledger.demands, ("demand_id", "enterprise_id", "text")),
        (ledger.offers, ("enterprise_id", "product")),
        (ledger.product_chain, ("upstream", "downstream", "source")),
        (ledger.synonyms, ("term", "product")),
        (ledger.enterprises, ("enterprise_id", "name", "town", "main_business")),
        (ledger.aliases, ("enterprise_id", "alias")),
    )


def _automaton(ledger: Ledger) -> ahocorasick.Automaton:
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for word, meanings in meanings_by_word(ledger).items():
        automaton.add_word(word, (len(word), meanings))
    automaton.make_automaton()
    return automaton


def _placed_hits(
    automaton: ahocorasick.Automaton, text: str, asked: set[str]
) -> Iterator[tuple[int, int, list[Meaning]]]:
    """Hits as ``_longest_hits`` finds them in the joined text, at their places in the text itself."""
    joined, places = without_joints(text)
    for start, end, meanings in _longest_hits(automaton, joined, asked):
        yield (places[start], places[end - 1] + 1, meanings) if places else (start, end, meanings)


def _longest_hits(
    automaton: ahocorasick.Automaton, text: str, asked: set[str]
) -> Iterator[tuple[int, int, list[Meaning]]]:
    """Hits that no longer hit overlaps, from left to right; those that the text's intents allow."""
    if not len(automaton):  # without a word it cannot be searched
        return
    hits = []
    for last, (length, meanings) in automaton.iter(text):
        start, end = last + 1 - length, last + 1
        allowed = [
            m
            for m in meanings
            if m[3] in asked and not (m[2] == SHARED_ENDING_SCORE and _of_a_kind(text, start))
        ]
        if allowed:
            hits.append((start, end, allowed))
    taken = bytearray(len(text))
    kept = []
    for start, end, meanings in sorted(hits, key=lambda hit: (hit[0] - hit[1], hit[0])):
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            kept.append((start, end, meanings))
    yield from sorted(kept, key=lambda hit: hit[0])


def _of_a_kind(text: str, start: int) -> bool:
    """Whether the character before a shared last word makes it part of a longer one: 固态 before 电池."""
    return start > 0 and text[start - 1].isalnum() and text[start - 1] not in _APART
