"""Which salons to hold: dense parts of the introduction graph, with value and cost."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
from scipy.sparse import csr_array

from liaison_analysis._checks import check_frame
from liaison_analysis.demands import demand_mentions
from liaison_analysis.introductions import COMPLEMENT, ROLE_NAMES, ROLES, SERVICE_NAMES, SERVICE_ROLES
from liaison_analysis.ledger import as_ledger
from liaison_analysis.salons.meetings import schedule_salon
from liaison_analysis.salons.plan import SalonPlan, plan_salon
from liaison_analysis.supply_chain import Network, asked_products, chain_gaps, communities

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison_analysis.ledger import Ledger

# Resolutions of Louvain at which communities are looked for, from that of Blondel et al. to small ones, and
# the fewest members that make a salon (judgement).
_RESOLUTIONS = (1.0, 2.0, 4.0)
_FEWEST = 4
# Differences of sums of scores that are rounding.
_EXACT = 1e-9
#: What a guest's afternoon costs, in units of the introductions' score (judgement).
COST_PER_GUEST = 0.3
COLUMNS: Final = [
    "rank", "title", "n_guests", "n_meetings", "value", "cost", "net", "gap", "missing", "guests", "title_en",
    "missing_en",
]  # fmt: skip


def propose_salons(
    ledger: Ledger,
    introductions: pd.DataFrame,
    *,
    n: int = 5,
    capacity: int = 20,
    meetings: int = 6,
    cost_per_guest: float = COST_PER_GUEST,
    seed: int = 0,
) -> pd.DataFrame:
    """Propose salons: whom each would bring together, what it is worth, and who is missing.

    Parameters
    ----------
    ledger
        Its demands say who is missing; with a product chain, its gaps do so too.
    introductions
        From ``rank_introductions``, several roles concatenated.
    n
        The most salons to propose.
    capacity, meetings
        The most guests of a salon, and how many meetings each can hold.
    cost_per_guest
        Cost of a guest's time, in units of the introductions' score. A salon is proposed only if its value
        exceeds the cost.
    seed
        Of the community detection.

    Returns
    -------
    DataFrame
        A row for each salon, the most worth after costs first: rank (from 1), title (what flows from whom to
        whom, and what is asked for beside), n_guests, n_meetings (expected introductions), value (the sum of
        their scores), cost, net, gap (how far the guest list may be from the best of its part of the graph),
        missing (in words, empty if nobody), guests (a tuple of enterprise ids, worth most first), and title
        and missing in English.

    Raises
    ------
    ValueError
        If ``n`` is below 1, ``cost_per_guest`` is negative or the introductions lack a column.

    Notes
    -----
    Communities of the graph of introductions by Louvain (Blondel et al., Journal of Statistical Mechanics
    P10008, 2008) at three resolutions; each of the ``n`` + 3 worth most becomes a guest list by `plan_salon`,
    with a server for money, tests and research where a guest asks for it. A mixed-integer program then picks
    the salons, in which a meeting counts once however many salons could hold it. Lists are compared as the
    root of their program finds them, and only those picked are improved and proven.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang, rank_introductions
    >>> ledger = load_liangjiang()
    >>> ranked = rank_introductions(ledger, ["E001", "E002", "E003", "E013", "E025", "E031"], k=6)
    >>> salons = propose_salons(ledger, ranked, n=1, capacity=8)
    >>> salons[["n_guests", "rank"]].to_numpy().tolist()
    [[5, 1]]
    """
    ledger = as_ledger(ledger)
    check_frame(
        introductions,
        "introductions",
        ["seeker_id", "counterpart_id", "role", "score", "rank", "reason"],
        source="rank_introductions",
    )
    if n < 1 or cost_per_guest < 0:
        raise ValueError(
            f"n must be 1 or more and cost_per_guest not negative, got n={n!r}, "
            f"cost_per_guest={cost_per_guest!r}"
        )
    mentions = demand_mentions(ledger)
    asked = {
        role: set(asked_products(ledger, ROLES[role], mentions=mentions)["enterprise_id"])
        for role in SERVICE_ROLES
    }
    lacking = _lacking(ledger, mentions)
    limits = {"capacity": capacity, "meetings": meetings}
    parts = _communities(introductions, seed=seed)[: n + 3]
    plans = [_plan(introductions, members, asked, quick=True, **limits) for members in parts]
    possible = [(members, plan) for members, plan in zip(parts, plans, strict=True) if len(plan.guests)]
    candidates = [(plan, _held(plan, **limits)) for _, plan in possible]
    rows = []
    for i in _choose(candidates, n=n, cost=cost_per_guest):
        plan, held = candidates[i]
        if plan.gap:
            proven = _plan(introductions, possible[i][0], asked, quick=False, **limits)
            if proven.value < plan.value - _EXACT:
                # Of thousands of pairs a search among few candidates may find more than the whole program.
                plan = replace(plan, bound=max(plan.value, min(plan.bound, proven.bound)))
            else:
                plan, held = proven, _held(proven, **limits)
        cost = round(cost_per_guest * len(plan.guests), 9)
        value = round(float(held["score"].sum()), 9)
        guests = tuple(plan.guests["enterprise_id"])
        (title, title_en), (missing, missing_en) = _title(plan, held, asked), _missing(plan, asked, lacking)
        net = round(value - cost, 9)
        row = (title, len(guests), len(held), value, cost, net, plan.gap, missing, guests)
        rows.append((*row, title_en, missing_en))
    table = pd.DataFrame(rows, columns=COLUMNS[1:])
    table = table.sort_values(["net", "title"], ascending=[False, True], ignore_index=True)
    table.insert(0, "rank", range(1, len(table) + 1))
    return table


def _lacking(ledger: Ledger, mentions: pd.DataFrame) -> pd.DataFrame:
    """Products that an enterprise looks for and nobody here offers: enterprise_id, product, nearest."""
    if not len(ledger.completed.product_chain) or not len(ledger.completed.offers):
        return pd.DataFrame(columns=["enterprise_id", "product", "nearest"])
    wanted = asked_products(ledger, "supplier", mentions=mentions)
    return wanted.merge(chain_gaps(ledger)[["product", "nearest"]], on="product")


def _communities(introductions: pd.DataFrame, *, seed: int) -> list[list[Any]]:
    """Dense parts of the graph of customers and suppliers, those first whose introductions are worth most."""
    chain = introductions[introductions["role"].isin(COMPLEMENT)]
    people = sorted({*chain["seeker_id"], *chain["counterpart_id"]}, key=str)
    if not people:
        return []
    # The result depends on the order of nodes, which is that of the ids.
    nodes = pd.Index(people)
    ends = tuple(nodes.get_indexer(chain[side]) for side in ("seeker_id", "counterpart_id"))
    weight = csr_array((chain["score"].to_numpy(dtype=float), ends), shape=(len(people), len(people)))
    net = Network(nodes, weight)
    both = (weight + weight.T).tocsr()
    worth: dict[tuple[int, ...], float] = {}
    for resolution in _RESOLUTIONS:
        labels = communities(net, resolution=resolution, random_state=seed)
        for label in np.unique(labels):
            members = np.flatnonzero(labels == label)
            if len(members) >= _FEWEST:
                worth[tuple(members.tolist())] = float(both[members][:, members].sum())
    order = sorted(worth, key=lambda members: (-round(worth[members], 9), members))
    return [[people[i] for i in members] for members in order]


def _plan(
    introductions: pd.DataFrame,
    members: list[Any],
    asked: dict[str, set[str]],
    *,
    capacity: int,
    meetings: int,
    quick: bool,
) -> SalonPlan:
    """Plan the salon of a community, with a server of each kind that its members ask for, if there is one."""
    inside = introductions["seeker_id"].isin(members) & (
        introductions["counterpart_id"].isin(members) | introductions["role"].isin(SERVICE_ROLES)
    )
    around = introductions[inside]
    quotas = {
        role: 1 for role in SERVICE_ROLES if asked[role] & set(members) and around["role"].eq(role).any()
    }
    if len(quotas) >= capacity:
        quotas = {}
    try:
        return plan_salon(around, capacity=capacity, meetings=meetings, quotas=quotas, standby=0, quick=quick)
    except ValueError:
        if not quotas:
            raise
        # A server whom only a competitor or nobody of the list would meet: then it is among the missing.
        return plan_salon(around, capacity=capacity, meetings=meetings, standby=0, quick=quick)


def _held(plan: SalonPlan, *, capacity: int, meetings: int) -> pd.DataFrame:
    """Schedule a salon: which meetings are held counts here, and not how long guests wait between them."""
    return schedule_salon(plan, meetings, max(capacity // 2, 1), compact=False)


def _choose(candidates: list[tuple[SalonPlan, pd.DataFrame]], *, n: int, cost: float) -> list[int]:
    """Pick the numbers of salons whose meetings, each counted once, are worth most after costs."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import block_array, csr_array, eye_array

    if not candidates:
        return []
    worth: dict[frozenset[Any], float] = {}
    holds: list[list[frozenset[Any]]] = []
    for _, held in candidates:
        pairs = [frozenset(pair) for pair in zip(held["a"], held["b"], strict=True)]
        holds.append(pairs)
        worth |= dict(zip(pairs, held["score"], strict=True))
    number = {pair: i for i, pair in enumerate(worth)}
    offers = np.zeros((len(worth), len(candidates)))
    for salon, pairs in enumerate(holds):
        offers[[number[pair] for pair in pairs], salon] = 1
    blocks: list[list[Any]] = [
        [-csr_array(offers), eye_array(len(worth))],
        [csr_array(np.ones((1, len(candidates)))), None],
    ]
    rows: Any = block_array(blocks)
    costs = np.array([cost * len(plan.guests) for plan, _ in candidates])
    result = milp(
        np.concatenate([costs, -np.array(list(worth.values()))]),
        constraints=LinearConstraint(rows.tocsr(), ub=np.append(np.zeros(len(worth)), n)),
        integrality=np.repeat([1, 0], [len(candidates), len(worth)]),
        bounds=Bounds(0, 1),
    )
    # Holding no salon is always allowed, so there is a solution.
    taken = np.asarray(result.x)[: len(candidates)] > 0.5
    return [int(i) for i in np.flatnonzero(taken)]


def _title(plan: SalonPlan, held: pd.DataFrame, asked: dict[str, set[str]]) -> tuple[str, str]:
    """Title of a salon in Chinese and English: products, their users, and services asked for."""
    pairs = {frozenset(pair) for pair in zip(held["a"], held["b"], strict=True)}
    rows = plan.introductions
    met = [frozenset(pair) in pairs for pair in zip(rows["seeker_id"], rows["counterpart_id"], strict=True)]
    rows = rows[pd.Series(met, index=rows.index, dtype=bool) & rows["role"].isin(COMPLEMENT)]
    paths = rows.get("path", pd.Series("", index=rows.index)).fillna("")
    steps = [path.split("→") for path in paths]
    made = _foremost(zip([step[0] for step in steps], rows["score"], strict=True), 2)
    used = _foremost(zip([step[-1] for step in steps], rows["score"], strict=True), 3)
    used = [product for product in used if product not in made][:2]
    guests = set(plan.guests["enterprise_id"])
    services = [role for role in SERVICE_ROLES if asked[role] & guests]
    beside, beside_en = ([SERVICE_NAMES[language][role] for role in services] for language in ("zh", "en"))
    chain = " → ".join("、".join(side) for side in (made, used) if side) or "供需"
    chain_en = " → ".join(", ".join(side) for side in (made, used) if side) or "supply and demand"
    return (
        f"{chain}对接沙龙" + (f"（兼{'、'.join(beside)}）" if beside else ""),
        f"Salon: {chain_en}" + (f" (also {', '.join(beside_en)})" if beside else ""),
    )


def _foremost(weighted: Iterable[tuple[str, float]], most: int) -> list[str]:
    """Words of greatest total weight."""
    total: dict[str, float] = {}
    for word, weight in weighted:
        if word:
            total[word] = total.get(word, 0.0) + weight
    return sorted(total, key=lambda word: (-round(total[word], 9), word))[:most]


def _missing(plan: SalonPlan, asked: dict[str, set[str]], lacking: pd.DataFrame) -> tuple[str, str]:
    """Name missing kinds of guests, in Chinese and English."""
    guests = set(plan.guests["enterprise_id"])
    missing, missing_en = [], []
    for role in SERVICE_ROLES:
        served = plan.introductions["role"].eq(role)
        askers = asked[role] & guests
        if askers and not served.any():
            missing.append(f"{ROLE_NAMES['zh'][role]}（{len(askers)}家有{SERVICE_NAMES['zh'][role]}诉求）")
            asking = f"{len(askers)} ask for {SERVICE_NAMES['en'][role]}"
            missing_en.append(f"a {ROLE_NAMES['en'][role]} ({asking})")
    wanted = lacking[lacking["enterprise_id"].isin(guests)].drop_duplicates("product").sort_values("product")
    for product, nearest in wanted[["product", "nearest"]].head(3).itertuples(index=False):
        where = f"，如{nearest}" if nearest else ""
        missing.append(f"{product}供应商（本地无{where}）")
        where = f", such as {nearest}" if nearest else ""
        missing_en.append(f"a supplier of {product} (none here{where})")
    return "；".join(missing), "; ".join(missing_en)
