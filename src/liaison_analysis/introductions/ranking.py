"""Whom to introduce to whom, and how strongly."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd

from liaison_analysis._checks import check_frame, is_whole
from liaison_analysis._engines import collect, tables_like
from liaison_analysis._options import engine_for, language_for
from liaison_analysis._progress import parts_of_step
from liaison_analysis.demands import demand_mentions, find_mentions
from liaison_analysis.introductions.calibration import FEWEST, UNCALIBRATED, outcome_curve, past_outcomes
from liaison_analysis.introductions.direct_matches import REQUEST_COLUMNS
from liaison_analysis.introductions.evidence import CONTEXT, WEIGHTS, evidence_frames
from liaison_analysis.introductions.evidence_joins import (
    best_paths,
    chain_evidence,
    chain_links,
    context_evidence,
)
from liaison_analysis.introductions.explanations import with_reasons
from liaison_analysis.introductions.roles import COMPLEMENT, PAIR, ROLES, SERVICE_ROLES, UNSURE
from liaison_analysis.ledger import as_ledger

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    import ibis
    import networkx as nx
    import pyarrow as pa

    from liaison_analysis.ledger import Ledger
    from liaison_analysis.text import Encoder

_LOG = logging.getLogger(__name__)

__all__ = [
    "COLUMNS",
    "COMPLEMENT",
    "EVIDENCE",
    "ROLES",
    "SERVICE_ROLES",
    "WEIGHTS",
    "Role",
    "rank_introductions",
]

Role = Literal["customer", "supplier", "financier", "tester", "research partner"]

#: Every kind of evidence, the main kinds (``WEIGHTS``) first.
EVIDENCE: Final = (*WEIGHTS, *CONTEXT)

COLUMNS: Final = [
    "seeker_id", "counterpart_id", "role", "score", "rank", "ties", "reason",
    "path", "product", "demand_id", "object", "match", "needed",
    "counterpart_wanted_product", "counterpart_demand_id", "seeker_product", "counterpart_match",
    "counterpart_needed", "linked_via",
    *(f"{part}_share" for part in EVIDENCE), "competitor", "both_sides", "confidence", "calibration",
]  # fmt: skip

# Smallest score of a pair with no evidence but the general chain: weaker paths of the development regions
# went through services or three products.
_LEAST_OF_CHAIN: Final = 0.05

# Seekers of one batch of joins.
_BATCH: Final = 10_000


def rank_introductions(
    ledger: Ledger | nx.Graph[Any],
    seekers: Iterable[str] | None = None,
    *,
    role: Role = "customer",
    k: int = 10,
    without: Iterable[str] = (),
    excluded: Iterable[str | tuple[str, str]] = (),
    capacity: int | Mapping[str, int] | None = None,
    max_makers: int | None = None,
    weights: Mapping[str, float] | None = None,
    encoder: Encoder = None,
    requests: pd.DataFrame | None = None,
    language: Literal["zh", "en"] | None = None,
    engine: ibis.BaseBackend | None = None,
) -> pd.DataFrame:
    """Rank the counterparts that each seeker should meet, with the evidence and a reason in words.

    The score is ``(0.45 chain + 0.40 asked + 0.15 back) · (0.9 + context)``, all between 0 and 1. ``chain``
    combines the paths of the product chain, three links at most, from the offers of one to the offers of the
    other: with path strengths s (see ``graph.chain_paths``) times the geometric mean of both shares of
    revenue, ``c = 1 − Π(1 − s)`` and ``chain = c / (c + 0.1)``. ``asked`` is the highest score of a mention,
    in a demand of the seeker that asks for this role, of something the counterpart offers, times the root of
    its share of revenue (a demand for money, tests or research counts half for every server of the kind, and
    in full for those who offer what it names); ``back`` is the same seen from the counterpart, so that a
    match both sides want ranks above one that only one side wants. ``context = 0.04 linked + 0.03 similar +
    0.01 town + 0.01 size + 0.01 category`` can re-order introductions, but is never enough for one: known
    links of firms like these, sentence similarity of the seeker's demand and what is offered, the same town,
    likeness of headcounts, and a counterpart recognised by the state (四上, 专精特新, 小巨人).
    Pairs that trade already, in either direction, are left out: they know each other. They are proposed only
    where a demand asks for a product that they do not trade yet, by that demand alone, and the reason says
    so; where ``supplies`` names no product of a pair, or the demand none, they are left out.

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
        Kinds of evidence to leave out, of ``EVIDENCE``, for an ablation.
    excluded
        Enterprises not to be introduced to anybody, or pairs (in either order) not to be brought together.
    capacity
        Most introductions a counterpart takes, one number for all or by id (others take any number): the
        strongest pairs of the whole ranking get the places, by score, then ids. Takes the memory of every
        pair with evidence, not of the first k.
    max_makers
        Products that more enterprises offer are left out of the chain's joins, since they do not distinguish
        anybody; keeps memory bounded on ledgers of 100,000 enterprises.
    weights
        Other weights of some of ``EVIDENCE``, not negative. Those of ``WEIGHTS`` are then scaled to sum to
        one; those of the context may sum to less than one.
    encoder
        Sentence vectors, as in ``text.encode``; by default the packaged ones.
    requests
        What demands ask for, corrected by hand (``demands.read_requests``): columns demand_id, enterprise_id,
        intent, object, sentence and live. By default read out of the demands; used where enterprises that
        list no offers are met by their own words.
    language
        Language of ``reason``; by default that of ``options``, else Chinese.
    engine
        Ibis backend that carries out the joins; by default that of ``options``, else DuckDB in memory.

    Returns
    -------
    DataFrame
        Columns seeker_id, counterpart_id, role, score (0–1), rank (from 1), ties (how many other
        counterparts of this seeker, listed or not, have the same score: the ledger does not distinguish
        them, they are ranked by id, and the reason says so), reason; then the evidence: path (products
        joined by ``→`` from the supplying side, empty if none), product and demand_id (what the seeker's
        demand asks for; of counterparts that list no offers, the phrase of their business that answers),
        object (the thing in the demand's words), match (how that fits: ``roles.MATCHES``), needed (what such
        an enterprise needs by the table of users or the chain), counterpart_wanted_product,
        counterpart_demand_id, seeker_product, counterpart_match and counterpart_needed (the same seen from
        the counterpart's demand), linked_via (a firm like one of them that trades with the other), a
        ``_share`` of the score for each of ``EVIDENCE`` (summing to 1), competitor (both offer the same
        product), both_sides (each surely asks for the other's products), confidence (0–1) and calibration.
        Where ``salons`` holds outcomes of 20 pairs or more (five good and five bad ones among them),
        confidence is the probability of a sample or contract at such scores (``calibration.outcome_curve``)
        and calibration says on how many; else confidence is the score to six decimals and calibration says
        ``uncalibrated``. Sorted by seeker_id and rank; ties broken by the score at nine digits, then
        counterpart_id.

    Raises
    ------
    LedgerError
        ``offers`` has no rows, and no enterprise has a main business.
    ValueError
        Unknown role, evidence, language, or enterprise among seekers, excluded or capacity; k, capacity or
        max_makers not a whole number from 1; or weights that are negative, all zero, or too large.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> ranked = rank_introductions(load_liangjiang(), ["E001"], k=2)
    >>> ranked["counterpart_id"].tolist()
    ['E241', 'E242']
    """
    ledger = as_ledger(ledger)
    if requests is not None:
        check_frame(requests, "requests", REQUEST_COLUMNS, source="read_requests")
    ledger.completed.require("offers")
    spoken = language_for(language)
    without = {without} if isinstance(without, str) else set(without)
    excluded = [excluded] if isinstance(excluded, str) else list(excluded)
    counts = {"k": k} if max_makers is None else {"k": k, "max_makers": max_makers}
    ids = _checked(
        ledger, seekers, role=role, without=without, excluded=excluded, language=spoken,
        counts=counts, capacity=capacity, weights=weights or {},
    )  # fmt: skip
    weighing = _Weighing.of(weights or {}, without)
    read = (
        demand_mentions(ledger) if encoder is None else find_mentions(ledger.demands, ledger, encoder=encoder)
    )
    frames = evidence_frames(
        ledger, ids, role, max_makers=max_makers, mentions=read, encoder=encoder, requests=requests
    )
    frames["known"] = pd.concat([frames["known"], *_banned(frames, excluded)], ignore_index=True)
    con = engine_for(engine)
    depth = None if capacity is not None else k
    batches = _in_batches(frames)
    shown = parts_of_step(_LOG, "introductions", batches, hidden=len(batches) < 2)
    scored = pd.concat([_scored(con, batch, role, depth, weighing) for batch in shown], ignore_index=True)
    chosen = _within_capacity(_without_weak_chain_pairs(scored, frames["silent"]), capacity, k)
    ranked = pd.concat(
        [_with_details(con, batch, chosen, role, without) for batch in batches], ignore_index=True
    )
    ranked = with_reasons(ranked, ledger, role, spoken, weights=weighing.weights)
    ranked["both_sides"] = ranked["asked_share"].gt(0) & ranked["back_share"].gt(0)
    ranked["both_sides"] &= ~ranked["match"].isin(UNSURE) & ~ranked["counterpart_match"].isin(UNSURE)
    curve, calibration = None, UNCALIBRATED
    past = past_outcomes(ledger.salons)
    if len(past) >= FEWEST and len(ranked):
        frames = evidence_frames(
            ledger, sorted(set(past["seeker_id"])), role, max_makers=max_makers, mentions=read,
            encoder=encoder, requests=requests,
            # Pairs that trade now may do so because they met; they must not be left out.
            past=True,
        )  # fmt: skip
        met = past.merge(_scored(con, frames, role, None, weighing), on=PAIR)
        curve = outcome_curve(met["score"].tolist(), met["success"].tolist())
        calibration = UNCALIBRATED if curve is None else f"calibrated on {len(met)} outcomes"
    score = ranked["score"].to_numpy()
    ranked["confidence"] = np.round(score if curve is None else curve(score), 6)
    ranked["calibration"] = pd.Series(calibration, index=ranked.index, dtype="str")
    return ranked[COLUMNS]


def scores_and_ranks(
    ledger: Ledger,
    seeker: str,
    *,
    role: Role,
    mentions: pd.DataFrame,
    requests: pd.DataFrame | None = None,
    without: Collection[str] = (),
    engine: ibis.BaseBackend | None = None,
) -> pd.DataFrame:
    """Score and rank every counterpart of one seeker, without paths and reasons.

    Parameters
    ----------
    ledger, role, requests, without, engine
        As for ``rank_introductions``.
    seeker
        Enterprise id.
    mentions
        Those of the demands, from ``demand_mentions``.

    Returns
    -------
    DataFrame
        Columns counterpart_id, score and rank, with further ones of the evidence.
    """
    frames = evidence_frames(ledger, [seeker], role, mentions=mentions, requests=requests)
    return score_pairs(frames, role, without=without, engine=engine)


def score_pairs(
    frames: dict[str, pd.DataFrame],
    role: str,
    *,
    weights: Mapping[str, float] | None = None,
    without: Collection[str] = (),
    engine: ibis.BaseBackend | None = None,
) -> pd.DataFrame:
    """Score and rank every pair that has evidence, from frames that are at hand.

    Parameters
    ----------
    frames
        From ``evidence.evidence_frames``, for the same role.
    role, weights, without, engine
        As for ``rank_introductions``.

    Returns
    -------
    DataFrame
        Columns seeker_id, counterpart_id, each of ``EVIDENCE`` (0–1), score, rank and ties, with further ones
        of the evidence; sorted by seeker_id and rank.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> frames = evidence_frames(load_liangjiang(), ["E001"], "customer")
    >>> score_pairs(frames, "customer")["counterpart_id"].head(2).tolist()
    ['E241', 'E242']
    """
    return _scored(engine_for(engine), frames, role, None, _Weighing.of(weights or {}, without))


def weights_in_force(weights: Mapping[str, float] | None = None) -> dict[str, float]:
    """Give the weight of each of ``EVIDENCE`` where a caller sets some; those of ``WEIGHTS`` sum to one.

    Examples
    --------
    >>> weights_in_force({"chain": 0.9, "asked": 0.9, "back": 0})["asked"]
    0.5
    """
    return dict(_Weighing.of(weights or {}, ()).weights)


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
    weights: Mapping[str, float],
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
    wrong += _weight_problems(weights)
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


def _weight_problems(weights: Mapping[str, float]) -> list[str]:
    """List what is wrong with weights that a caller gives."""
    if unknown := sorted(set(weights) - set(EVIDENCE)):
        return [f"weights names evidence of {', '.join(EVIDENCE)}; got {unknown}"]
    wrong = {
        part: weight
        for part, weight in weights.items()
        if not isinstance(weight, int | float) or not 0 <= weight < np.inf
    }
    if wrong:
        return [f"weights must be finite numbers from 0; got {wrong}"]
    whole = WEIGHTS | CONTEXT | dict(weights)
    problems = []
    if not any(whole[part] for part in WEIGHTS):
        problems.append(f"one of the weights of {', '.join(WEIGHTS)} must be above 0")
    if sum(whole[part] for part in CONTEXT) >= 1:
        problems.append(f"the weights of {', '.join(CONTEXT)} must sum to less than 1")
    return problems


@dataclass(frozen=True)
class _Weighing:
    """Weights of all evidence, and the kinds that an ablation leaves out."""

    weights: Mapping[str, float]
    without: Collection[str]

    @classmethod
    def of(cls, given: Mapping[str, float], without: Collection[str]) -> _Weighing:
        """Scale the weights of the main evidence to sum to one."""
        whole = WEIGHTS | CONTEXT | dict(given)
        total = sum(whole[part] for part in WEIGHTS)
        carrying = {part: whole[part] / total for part in WEIGHTS} if set(given) & set(WEIGHTS) else WEIGHTS
        return cls(whole | carrying, without)

    @property
    def reorders(self) -> float:
        """How much of a score the context can add."""
        return sum(self.weights[part] for part in CONTEXT)


def _banned(frames: dict[str, pd.DataFrame], excluded: list[Any]) -> list[pd.DataFrame]:
    """Take whole enterprises out of the frames; give back the pairs that must not meet."""
    alone = [entry for entry in excluded if isinstance(entry, str)]
    for side, column in (("seekers", "seeker_id"), ("counterparts", "counterpart_id")):
        frames[side] = frames[side][~frames[side][column].isin(alone)]
    pairs = [tuple(entry) for entry in excluded if not isinstance(entry, str)]
    return [pd.DataFrame(pairs, columns=columns, dtype="str") for columns in (PAIR, PAIR[::-1]) if pairs]


def _given(frames: dict[str, pd.DataFrame]) -> dict[str, pa.Table]:
    """Frames as tables of Arrow, in which a missing text is a null on every engine."""
    import pyarrow as pa

    return {name: pa.Table.from_pandas(frame, preserve_index=False) for name, frame in frames.items()}


def _in_batches(frames: dict[str, pd.DataFrame]) -> list[dict[str, pd.DataFrame]]:
    """Cut the seekers into batches, so that the joins of many stay within memory."""
    seekers = frames["seekers"]
    starts = range(0, max(len(seekers), 1), _BATCH)
    return [frames | {"seekers": seekers.iloc[at : at + _BATCH]} for at in starts]


def _scored(
    con: ibis.BaseBackend, frames: dict[str, pd.DataFrame], role: str, k: int | None, weighing: _Weighing
) -> pd.DataFrame:
    """Join the evidence and keep the first k of each seeker: Ibis expressions, whatever the engine."""
    import ibis

    given, without = _given(frames), weighing.without
    tables = tables_like(given)
    parts = [] if "chain" in without else [chain_evidence(_links(tables, role))]
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
    # One row for each pair: each of the three kinds of evidence fills its own column once.
    whole = pairs.group_by(PAIR).agg(**{name: pairs[name].max() for name in numbers})
    for side, column in (("seekers", PAIR[0]), ("counterparts", PAIR[1])):
        whole = whole.semi_join(tables[side], column)
    whole = whole.anti_join(tables["known"], PAIR)
    carried = sum((whole[part] * weighing.weights[part] for part in WEIGHTS), start=ibis.literal(0.0))
    whole = whole.mutate(carried=carried.round(9)).filter(ibis._.carried > 0)
    if k is not None:
        # A pair whose main evidence is below this share of the k-th's (0.9 by default) cannot overtake it by
        # context.
        place = ibis.row_number().over(
            group_by=PAIR[0], order_by=[ibis._.carried.desc(), ibis._.counterpart_id]
        )
        whole = whole.mutate(place=place)
        kth = ibis.ifelse(whole.place == k - 1, whole.carried, 0.0).max().over(group_by=PAIR[0])
        whole = whole.mutate(kth=kth).filter(ibis._.carried >= ibis._.kth * (1 - weighing.reorders) - 1e-9)
    given["shortlist"] = collect(con, whole.select(*PAIR, *WEIGHTS, "carried"), given)
    shortlist = tables_like(given)["shortlist"]
    return _in_context(con, context_evidence(tables, role, shortlist), given, k, weighing)


def _links(tables: dict[str, ibis.Table], role: str, pairs: ibis.Table | None = None) -> ibis.Table:
    """Paths of the chain, without those of pairs that trade: what these trade may be what the path says."""
    return chain_links(tables, role, pairs).anti_join(tables["again"], PAIR)


def _in_context(
    con: ibis.BaseBackend, whole: ibis.Table, given: dict[str, pa.Table], k: int | None, weighing: _Weighing
) -> pd.DataFrame:
    """Score and rank pairs with their context, and keep the first k of each seeker."""
    import ibis

    without = weighing.without
    kept = {part: weighing.weights[part] for part in CONTEXT if part not in without}
    base = ibis.literal(1 - weighing.reorders)
    context = sum((whole[part] * weight for part, weight in kept.items()), start=base)
    whole = whole.mutate(score=(whole.carried * context).round(9))
    order = [ibis._.score.desc(), ibis._.counterpart_id]
    equal = ibis._.count().over(group_by=[PAIR[0], "score"]) - 1
    whole = whole.mutate(rank=ibis.row_number().over(group_by=PAIR[0], order_by=order) + 1, ties=equal)
    top = whole if k is None else whole.filter(whole["rank"] <= k)
    scored: pd.DataFrame = collect(con, top, given).to_pandas()
    if without:
        scored[[*(part for part in CONTEXT if part in without)]] = 0.0
        if "linked" in without:
            scored["linked_via"] = None
    return scored.sort_values([PAIR[0], "rank"], ignore_index=True)


def _without_weak_chain_pairs(scored: pd.DataFrame, silent: pd.DataFrame) -> pd.DataFrame:
    """Leave out pairs whose only evidence is a weak path of the general chain between business texts."""
    known_by_text = set(silent["enterprise_id"])
    read = scored["seeker_id"].isin(known_by_text) | scored["counterpart_id"].isin(known_by_text)
    nobody_asks = scored["asked"].eq(0) & scored["back"].eq(0)
    return scored[~(read & nobody_asks & scored["score"].lt(_LEAST_OF_CHAIN))].reset_index(drop=True)


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


def _with_details(
    con: ibis.BaseBackend, frames: dict[str, pd.DataFrame], chosen: pd.DataFrame, role: str, without: set[str]
) -> pd.DataFrame:
    """Add what reasons state: the path, the products and demands, and who is a competitor."""
    chosen = chosen[chosen["seeker_id"].isin(frames["seekers"]["seeker_id"])]
    given = _given(frames | {"pairs": chosen[PAIR].astype("str")})
    tables = tables_like(given)
    pairs = tables["pairs"]
    # The counterpart with a competitor's product is flagged, not left out: rivals sometimes team up.
    made = tables["made"]
    theirs = made.select(counterpart_id="enterprise_id", product="product")
    rivals = pairs.join(made, pairs.seeker_id == made.enterprise_id).semi_join(
        theirs, ["counterpart_id", "product"]
    )
    detailed = chosen.merge(
        _frame(con, rivals.select(*PAIR).distinct(), given).assign(competitor=True), "left", PAIR
    )
    detailed["competitor"] = detailed["competitor"].notna()
    if "chain" in without:
        detailed["path"] = None
    else:
        links = _links(tables, role, pairs).semi_join(pairs, PAIR)
        detailed = detailed.merge(_frame(con, best_paths(links), given), "left", PAIR)
    for name in ("asked", "back"):
        texts = frames[name].drop(columns=frames[name].columns[-1])
        detailed = detailed.merge(texts if name not in without else texts.iloc[:0], "left", PAIR)
    return detailed


def _frame(con: ibis.BaseBackend, table: ibis.Table, given: dict[str, pa.Table]) -> pd.DataFrame:
    frame: pd.DataFrame = collect(con, table, given).to_pandas()
    return frame.astype(dict.fromkeys(PAIR, "str"))
