"""Whom to introduce to whom, and how strongly."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd
from tqdm import tqdm

from liaison_analysis._checks import is_whole
from liaison_analysis._options import engine_for, language_for
from liaison_analysis.introductions.calibration import FEWEST, UNCALIBRATED, outcome_curve, past_outcomes
from liaison_analysis.introductions.evidence import (
    CONTEXT,
    WEIGHTS,
    best_paths,
    chain_evidence,
    chain_links,
    context_evidence,
    evidence_frames,
)
from liaison_analysis.introductions.explanations import with_reasons
from liaison_analysis.introductions.roles import BACK, PAIR, ROLES, SERVES

if TYPE_CHECKING:
    from collections.abc import Iterable

    import ibis

    from liaison_analysis.ledger import Ledger

__all__ = ["BACK", "COLUMNS", "EVIDENCE", "ROLES", "SERVES", "WEIGHTS", "Role", "rank_introductions"]

Role = Literal["customer", "supplier", "financier", "tester", "research partner"]

#: Every kind of evidence, those that carry an introduction first.
EVIDENCE: Final = (*WEIGHTS, *CONTEXT)

COLUMNS: Final = [
    "seeker_id", "counterpart_id", "role", "score", "rank", "ties", "reason",
    "path", "product", "demand_id", "back_product", "back_demand_id", "linked_via",
    *(f"{part}_share" for part in EVIDENCE), "competitor", "both_sides", "confidence", "calibration",
]  # fmt: skip

# What context can add to a score; the rest is what carries the introduction.
_REORDERS: Final = sum(CONTEXT.values())

# Seekers whose pairs are joined at once.
_BATCH: Final = 10_000


def rank_introductions(
    ledger: Ledger,
    seekers: Iterable[str] | None = None,
    *,
    role: Role = "customer",
    k: int = 10,
    without: Iterable[str] = (),
    excluded: Iterable[str | tuple[str, str]] = (),
    capacity: int | Mapping[str, int] | None = None,
    max_makers: int | None = None,
    language: Literal["zh", "en"] | None = None,
    engine: ibis.BaseBackend | None = None,
) -> pd.DataFrame:
    """Rank the counterparts that each seeker should meet, with the evidence and a reason in words.

    The score is ``(0.45 chain + 0.40 asked + 0.15 back) · (0.9 + context)``, all between 0 and 1. ``chain``
    joins the paths of the product chain, three links at most, from what the one offers to what the other
    offers: with path strengths s (see ``graph.chain_paths``) times the geometric mean of both shares of
    revenue, ``c = 1 − Π(1 − s)`` and ``chain = c / (c + 0.1)``. ``asked`` is the surest mention, in a demand
    of the seeker that asks for this role, of something the counterpart offers, times the root of its share of
    revenue (a demand for money, tests or research speaks half for every server of the kind, and wholly for
    those who offer what it names); ``back`` is the same seen from the counterpart, so that a match both sides
    want ranks above one that only one side wants. ``context =
    0.04 linked + 0.03 similar + 0.01 town + 0.01 size + 0.01 category`` can re-order what these carry, and
    never recommends alone: known links of firms like these, sentence similarity of the seeker's demand and
    what is offered, the same town, likeness of headcounts, and a counterpart recognised by the state
    (四上, 专精特新, 小巨人). Pairs that trade already, whichever sells, are left out: they know each other.

    Parameters
    ----------
    ledger
        Needs ``offers``; ``product_chain``, ``supplies`` and the texts of ``demands`` add evidence.
    seekers
        Enterprise ids; by default all enterprises.
    role
        What the counterpart would be to the seeker.
    k
        Most counterparts for a seeker.
    without
        Kinds of evidence to leave out, of ``EVIDENCE``: an ablation shows which of them did it.
    excluded
        Enterprises not to be introduced to anybody, or pairs (in either order) not to be brought together.
    capacity
        Most introductions a counterpart takes, one number for all or by id (others take any number): the
        strongest pairs of the whole ranking get the places, by score, then ids. Takes the memory of every
        pair with evidence, not of the first k.
    max_makers
        Products that more enterprises offer are left out of the chain's joins, since they tell nobody apart;
        keeps memory bounded on ledgers of 100,000 enterprises.
    language
        Language of ``reason``; by default that of ``options``, else Chinese.
    engine
        Ibis backend that carries out the joins; by default that of ``options``, else DuckDB in memory.

    Returns
    -------
    DataFrame
        Columns seeker_id, counterpart_id, role, score (0–1), rank (from 1), ties (how many other
        counterparts of this seeker, listed or not, have the very same score: what the ledger knows does not
        set them apart, rank follows the id, and the reason says so), reason; then the evidence: path
        (products joined by ``→`` from the supplying side, empty if none), product and demand_id (what the
        seeker's demand asks for), back_product and back_demand_id (the counterpart's), linked_via (a firm
        like one of them that trades with the other), a ``_share`` of the score for each of ``EVIDENCE``
        (summing to 1), competitor (both offer the same product), both_sides (each asks for the other's
        products), confidence (0–1) and calibration. Where ``salons`` holds outcomes of 20 pairs or more (five
        good and five bad ones among them), confidence is the chance of a sample or contract among such scores
        (``calibration.outcome_curve``) and calibration says on how many; else confidence repeats the score
        and calibration says ``uncalibrated``. Sorted by seeker_id and rank; ties broken by the score at nine
        digits, then counterpart_id.

    Raises
    ------
    LedgerError
        ``offers`` has no rows.
    ValueError
        Unknown role, evidence, language, or enterprise among seekers, excluded or capacity; k, capacity or
        max_makers no whole number from 1.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> found = rank_introductions(load_liangjiang(), ["E001"], k=2)
    >>> found["counterpart_id"].tolist()
    ['E241', 'E242']
    """
    ledger.require("offers")
    spoken = language_for(language)
    without = {without} if isinstance(without, str) else set(without)
    excluded = [excluded] if isinstance(excluded, str) else list(excluded)
    counts = {"k": k} if max_makers is None else {"k": k, "max_makers": max_makers}
    ids = _checked(
        ledger, seekers, role=role, without=without, excluded=excluded, language=spoken,
        counts=counts, capacity=capacity,
    )  # fmt: skip
    frames = evidence_frames(ledger, ids, role, max_makers=max_makers)
    frames["known"] = pd.concat([frames["known"], *_banned(frames, excluded)], ignore_index=True)
    con = engine_for(engine)
    depth = None if capacity is not None else k
    batches = _in_batches(frames)
    shown = tqdm(batches, desc="introductions", disable=len(batches) < 2)
    scored = pd.concat([_scored(con, batch, role, depth, without) for batch in shown], ignore_index=True)
    chosen = _within_capacity(scored, capacity, k)
    ranked = pd.concat([_told(con, batch, chosen, role, without) for batch in batches], ignore_index=True)
    ranked = with_reasons(ranked, ledger, role, spoken)
    ranked["both_sides"] = ranked["asked_share"].gt(0) & ranked["back_share"].gt(0)
    ranked[["confidence", "calibration"]] = _confidence(
        con, ledger, ranked["score"], role=role, without=without, max_makers=max_makers
    )
    return ranked[COLUMNS]


def _checked(
    ledger: Ledger,
    seekers: Iterable[str] | None,
    *,
    role: str,
    without: set[str],
    excluded: list[Any],
    language: str,
    counts: dict[str, Any],
    capacity: int | Mapping[str, int] | None,
) -> list[str]:
    known = set(ledger.enterprises["enterprise_id"])
    ids = list(known) if seekers is None else [seekers] if isinstance(seekers, str) else list(seekers)
    entries = [entry if isinstance(entry, tuple | list) else (entry,) for entry in excluded]
    by_id = dict(capacity) if isinstance(capacity, Mapping) else {}
    wrong = []
    for what, named in (("seekers", ids), ("excluded", chain(*entries)), ("capacity", by_id)):
        unknown = {repr(e) for e in named if not isinstance(e, str) or e not in known}
        if unknown:
            wrong.append(f"{what} not among the enterprises: {', '.join(sorted(unknown)[:5])}")
    wrong += [
        f"excluded takes ids and pairs of two ids; got {entry!r}"
        for entry in excluded
        if isinstance(entry, tuple | list) and len(entry) != 2
    ]
    if role not in tuple(ROLES):
        wrong.append(f"role must be one of {', '.join(map(repr, ROLES))}; got {role!r}")
    if without - set(EVIDENCE):
        wrong.append(
            f"without names evidence of {', '.join(EVIDENCE)}; got {sorted(without - set(EVIDENCE))}"
        )
    counts |= {f"capacity of {e!r}": n for e, n in by_id.items()}
    if capacity is not None and not isinstance(capacity, Mapping):
        counts["capacity"] = capacity
    wrong += [
        f"{name} must be a whole number from 1; got {n!r}" for name, n in counts.items() if not is_whole(n, 1)
    ]
    if language not in {"zh", "en"}:
        wrong.append(f"language must be 'zh' or 'en'; got {language!r}")
    if wrong:
        raise ValueError("; ".join(wrong))
    return sorted(set(ids))


def _banned(frames: dict[str, pd.DataFrame], excluded: list[Any]) -> list[pd.DataFrame]:
    """Take whole enterprises out of the frames; give back the pairs that must not meet."""
    alone = [entry for entry in excluded if isinstance(entry, str)]
    for side, column in (("seekers", "seeker_id"), ("counterparts", "counterpart_id")):
        frames[side] = frames[side][~frames[side][column].isin(alone)]
    pairs = [tuple(entry) for entry in excluded if not isinstance(entry, str)]
    return [pd.DataFrame(pairs, columns=columns, dtype="str") for columns in (PAIR, PAIR[::-1]) if pairs]


def _tables(frames: dict[str, pd.DataFrame]) -> dict[str, ibis.Table]:
    """Frames as tables, by Arrow, in which a missing text is a null on every engine."""
    import ibis
    import pyarrow as pa

    return {
        name: ibis.memtable(pa.Table.from_pandas(frame, preserve_index=False))
        for name, frame in frames.items()
    }


def _in_batches(frames: dict[str, pd.DataFrame]) -> list[dict[str, pd.DataFrame]]:
    """Cut the seekers into batches, so that the joins of many stay within memory."""
    seekers = frames["seekers"]
    starts = range(0, max(len(seekers), 1), _BATCH)
    return [frames | {"seekers": seekers.iloc[at : at + _BATCH]} for at in starts]


def _scored(
    con: ibis.BaseBackend, frames: dict[str, pd.DataFrame], role: str, k: int | None, without: set[str]
) -> pd.DataFrame:
    """Join the evidence and keep the first k of each seeker: Ibis expressions, whatever the engine."""
    import ibis

    tables = _tables(frames)
    parts = [] if "chain" in without else [chain_evidence(chain_links(tables, role))]
    parts += [tables[name] for name in ("asked", "back") if name not in without]
    numbers = {"chain": "chain", "asked": "asked", "back": "back_asked"}
    if not parts:
        parts = [tables["asked"].filter(ibis.literal(value=False))]
    pairs = ibis.union(
        *(
            part.select(
                *PAIR,
                **{n: part[c] if c in part.columns else ibis.literal(0.0) for n, c in numbers.items()},
            )
            for part in parts
        )
    )
    # One row a pair: each of the three kinds of evidence fills its own column once.
    whole = pairs.group_by(PAIR).agg(**{name: pairs[name].max() for name in numbers})
    for side, column in (("seekers", PAIR[0]), ("counterparts", PAIR[1])):
        whole = whole.semi_join(tables[side], column)
    whole = whole.anti_join(tables["known"], PAIR)
    carried = sum((whole[part] * weight for part, weight in WEIGHTS.items()), start=ibis.literal(0.0))
    whole = whole.mutate(carried=carried.round(9)).filter(ibis._.carried > 0)
    if k is not None:
        # Context adds a tenth at most: what carries less than 0.9 of the k-th can never come before it.
        place = ibis.row_number().over(
            group_by=PAIR[0], order_by=[ibis._.carried.desc(), ibis._.counterpart_id]
        )
        whole = whole.mutate(place=place)
        kth = ibis.ifelse(whole.place == k - 1, whole.carried, 0.0).max().over(group_by=PAIR[0])
        whole = whole.mutate(kth=kth).filter(ibis._.carried >= ibis._.kth * (1 - _REORDERS) - 1e-9)
    shortlist = con.to_pyarrow(whole.select(*PAIR, *WEIGHTS, "carried"))
    return _in_context(con, context_evidence(tables, role, ibis.memtable(shortlist)), k, without)


def _in_context(con: ibis.BaseBackend, whole: ibis.Table, k: int | None, without: set[str]) -> pd.DataFrame:
    """Score and rank pairs with their context, and keep the first k of each seeker."""
    import ibis

    kept = {part: weight for part, weight in CONTEXT.items() if part not in without}
    context = sum((whole[part] * weight for part, weight in kept.items()), start=ibis.literal(1 - _REORDERS))
    whole = whole.mutate(score=(whole.carried * context).round(9))
    order = [ibis._.score.desc(), ibis._.counterpart_id]
    equal = ibis._.count().over(group_by=[PAIR[0], "score"]) - 1
    whole = whole.mutate(rank=ibis.row_number().over(group_by=PAIR[0], order_by=order) + 1, ties=equal)
    top = whole if k is None else whole.filter(whole["rank"] <= k)
    found: pd.DataFrame = con.to_pyarrow(top).to_pandas()
    if without:
        found[[*(part for part in CONTEXT if part in without)]] = 0.0
        if "linked" in without:
            found["linked_via"] = None
    return found.sort_values([PAIR[0], "rank"], ignore_index=True)


def _within_capacity(scored: pd.DataFrame, capacity: int | Mapping[str, int] | None, k: int) -> pd.DataFrame:
    """Give the strongest pairs the counterparts' places, and each seeker k at most."""
    if capacity is None:
        return scored
    order = scored.sort_values(["score", "seeker_id", "counterpart_id"], ascending=[False, True, True])
    met: dict[str, int] = {}
    taken: dict[str, int] = {}
    kept = []
    for at, seeker, counterpart in order[PAIR].itertuples():
        places = capacity if isinstance(capacity, int) else capacity.get(counterpart)
        if met.get(seeker, 0) < k and (places is None or taken.get(counterpart, 0) < places):
            met[seeker], taken[counterpart] = met.get(seeker, 0) + 1, taken.get(counterpart, 0) + 1
            kept.append(at)
    chosen = scored.loc[sorted(kept)].reset_index(drop=True)
    return chosen.assign(rank=chosen.groupby("seeker_id").cumcount() + 1)


def _told(
    con: ibis.BaseBackend, frames: dict[str, pd.DataFrame], chosen: pd.DataFrame, role: str, without: set[str]
) -> pd.DataFrame:
    """Add what the reason tells: the path, the products and demands, and who is a competitor."""
    import ibis
    import pyarrow as pa

    chosen = chosen[chosen["seeker_id"].isin(frames["seekers"]["seeker_id"])]
    tables = _tables(frames)
    pairs = ibis.memtable(pa.Table.from_pandas(chosen[PAIR].astype("str"), preserve_index=False))
    # The counterpart with a competitor's product is flagged, not left out: rivals sometimes team up.
    made = tables["made"]
    theirs = made.select(counterpart_id="enterprise_id", product="product")
    rivals = pairs.join(made, pairs.seeker_id == made.enterprise_id).semi_join(
        theirs, ["counterpart_id", "product"]
    )
    told = chosen.merge(_frame(con, rivals.select(*PAIR).distinct()).assign(competitor=True), "left", PAIR)
    told["competitor"] = told["competitor"].notna()
    if "chain" in without:
        told["path"] = None
    else:
        links = chain_links(tables, role, pairs).semi_join(pairs, PAIR)
        told = told.merge(_frame(con, best_paths(links)), "left", PAIR)
    for name in ("asked", "back"):
        texts = frames[name].drop(columns=frames[name].columns[-1])
        told = told.merge(texts if name not in without else texts.iloc[:0], "left", PAIR)
    return told


def _frame(con: ibis.BaseBackend, table: ibis.Table) -> pd.DataFrame:
    found: pd.DataFrame = con.to_pyarrow(table).to_pandas()
    return found.astype(dict.fromkeys(PAIR, "str"))


def _confidence(
    con: ibis.BaseBackend,
    ledger: Ledger,
    scores: pd.Series,
    *,
    role: str,
    without: set[str],
    max_makers: int | None,
) -> pd.DataFrame:
    """Chance of success at each score, where past outcomes teach one."""
    past = past_outcomes(ledger.salons)
    curve = None
    if len(past) >= FEWEST and len(scores):
        frames = evidence_frames(ledger, sorted(set(past["seeker_id"])), role, max_makers=max_makers)
        # Who trades by now may do so because of the meeting: the past must not be left out here.
        frames["known"] = frames["known"].iloc[:0]
        met = past.merge(_scored(con, frames, role, None, without), on=PAIR)
        curve = outcome_curve(met["score"].tolist(), met["success"].tolist())
    if curve is None:
        return pd.DataFrame({"confidence": scores, "calibration": UNCALIBRATED})
    calibration = f"calibrated on {len(met)} outcomes"
    return pd.DataFrame({"confidence": np.round(curve(scores.to_numpy()), 6), "calibration": calibration})
