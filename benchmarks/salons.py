"""Meetings: two-stage schedule against greedy, CP-SAT and a time-indexed program, on the same instances.

Also guest lists against greedy ones, round tables against CP-SAT, and the sample's salon against the list of
2022, by wishes met. Run with
``PYTHONPATH=src .bench-venv/bin/python benchmarks/salons.py``, in an environment that has the peers of
``benchmarks/requirements.txt``; ``--quick`` takes one seed and gives the peers 20 s; ``--only`` runs some of
meetings, guests, seats and sample, and writes down only these.
"""

from __future__ import annotations

import argparse
import math
import time
from importlib.metadata import PackageNotFoundError, version

import numpy as np
import pandas as pd
from results import table, write_section
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, vstack

from liaison_analysis import Analysis
from liaison_analysis.salons import schedule_meetings, seat_tables
from liaison_analysis.salons.guest_list import solve_guests
from liaison_analysis.salons.guest_milp import GuestProblem

# Idle slots before and after the second stage, and how few they are at least for the same meetings.
IDLE = ("idle_before", "idle", "idle_bound")

FAMILIES = {
    "20 guests, any-to-any, 80 % free, tight tables": {
        "n": 20, "slots": 6, "tables": 8, "pairs": 100, "free": 0.8,
    },
    "60 guests, any-to-any, 70 % free, at least 2, tight tables": {
        "n": 60, "slots": 8, "tables": 20, "pairs": 600, "free": 0.7, "least": 2,
    },
    "200 guests, bipartite, all free": {"bipartite": True},
    "200 guests, bipartite, 80 % free": {"bipartite": True, "free": 0.8},
    "200 guests, any-to-any, 70 % free": {"free": 0.7},
    "200 guests, any-to-any, 70 % free, at least 2": {"free": 0.7, "least": 2},
    "200 guests, 30 sought-after buyers, 70 % free": {"bipartite": True, "buyers": 30, "free": 0.7},
    "1,000 guests, any-to-any, 80 % free": {
        "n": 1000, "slots": 24, "tables": 150, "pairs": 30_000, "free": 0.8,
    },
}  # fmt: skip


def instance(
    *, n=200, slots=12, tables=40, pairs=3000, free=1.0, bipartite=False, buyers=None, least=0, seed=0
):
    """Pairs with scores, busy slots and the sizes of one instance."""
    rng = np.random.default_rng(seed)
    split = buyers or n // 2
    a, b = np.triu_indices(n, 1)
    if bipartite:
        a, b = (ends[(a < split) & (b >= split)] for ends in (a, b))
    chosen = rng.choice(len(a), size=min(pairs, len(a)), replace=False)
    a, b, score = a[chosen], b[chosen], rng.random(len(chosen))
    if buyers:
        fame = rng.random(n)
        score = 0.6 * fame[a] * fame[b] + 0.4 * score
    busy = {i: set(np.flatnonzero(rng.random(slots) > free).tolist()) for i in range(n)}
    frame = pd.DataFrame({"a": a, "b": b, "score": score.round(4)})
    return {"pairs": frame, "slots": slots, "tables": tables, "unavailable": busy, "min_meetings": least}


def options(case):
    """Every possible (pair, slot)."""
    free = np.ones((1 + case["pairs"][["a", "b"]].to_numpy().max(), case["slots"]), dtype=bool)
    for person, closed in case["unavailable"].items():
        if person < len(free):
            free[person, list(closed)] = False
    a, b = case["pairs"]["a"].to_numpy(), case["pairs"]["b"].to_numpy()
    return np.nonzero(free[a] & free[b])


def two_stage(case, _seconds):
    # The peers ignore waiting, so that stage is measured separately.
    plan = schedule_meetings(**case, compact=False)
    return plan.attrs["value"], plan.attrs["shortfall"], plan.attrs["bound"]


def greedy(case, _seconds):
    """Best pair first, in the first slot that both have; with minima, those first who have too few."""
    free = options(case)
    open_slots = pd.Series(free[1]).groupby(free[0]).agg(list).to_dict()
    pairs, taken, load, met = case["pairs"], set(), [0] * case["slots"], {}
    order, value, held = np.argsort(-pairs["score"].to_numpy(), kind="stable"), 0.0, set()
    ends, score = pairs[["a", "b"]].to_numpy().tolist(), pairs["score"].tolist()
    for needy in [True, False] if case["min_meetings"] else [False]:
        for pair in order.tolist():
            a, b = ends[pair]
            if pair in held or (needy and min(met.get(a, 0), met.get(b, 0)) >= case["min_meetings"]):
                continue
            for slot in open_slots.get(pair, []):
                if load[slot] < case["tables"] and (a, slot) not in taken and (b, slot) not in taken:
                    taken |= {(a, slot), (b, slot)}
                    load[slot] += 1
                    value += score[pair]
                    held.add(pair)
                    met[a], met[b] = met.get(a, 0) + 1, met.get(b, 0) + 1
                    break
    return value, missing(case, met), math.nan


def missing(case, met):
    people = {*case["pairs"]["a"], *case["pairs"]["b"]}
    return float(sum(max(case["min_meetings"] - met.get(person, 0), 0) for person in people))


def time_indexed(case, seconds):
    """One variable for each pair and slot; minima as penalties larger than any score."""
    pair, slot = options(case)
    pairs, slots = case["pairs"], case["slots"]
    n, people = len(pair), 1 + pairs[["a", "b"]].to_numpy().max()
    ends = pairs[["a", "b"]].to_numpy()[pair]
    here, ones = np.arange(n), np.ones(n)
    twice, both = np.ones(2 * n), np.tile(here, 2)
    busy = csr_array((twice, ((ends * slots + slot[:, None]).T.ravel(), both)), shape=(people * slots, n))
    once = csr_array((ones, (pair, here)), shape=(len(pairs), n))
    room = csr_array((ones, (slot, here)), shape=(slots, n))
    rows, limit = (
        [busy, once, room],
        np.r_[np.ones(people * slots + len(pairs)), np.full(slots, case["tables"])],
    )
    cost, upper, matrix = -pairs["score"].to_numpy()[pair], ones, vstack(rows)
    known = np.unique(pairs[["a", "b"]])
    penalty = 1 + pairs["score"].max() * 2
    if case["min_meetings"]:
        often = csr_array((twice, (ends.T.ravel(), both)), shape=(people, n)).tocsr()[known]
        short = csr_array((np.ones(len(known)), (np.arange(len(known)),) * 2))
        matrix = vstack([
            csr_array((matrix.data, matrix.tocoo().coords), shape=(matrix.shape[0], n + len(known))),
            csr_array(np.hstack([-often.toarray(), -short.toarray()])),
        ])  # fmt: skip
        limit = np.r_[limit, np.full(len(known), -case["min_meetings"])]
        cost = np.r_[cost, np.full(len(known), penalty)]
        upper = np.r_[upper, np.full(len(known), np.inf)]
    result = milp(
        cost,
        constraints=LinearConstraint(matrix.tocsr(), ub=limit),
        integrality=(np.arange(len(cost)) < n).astype(int),
        bounds=Bounds(0, upper),
        options={"time_limit": seconds},
    )
    if result.x is None:
        return math.nan, math.nan, math.nan
    chosen = result.x[:n] > 0.5
    met = dict(zip(*np.unique(ends[chosen], return_counts=True), strict=True))
    return float(pairs["score"].to_numpy()[pair[chosen]].sum()), missing(case, met), math.nan


def cp_sat(case, seconds):
    """OR-Tools CP-SAT on the same variables, scores in ten-thousandths."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    by_seat, by_pair, by_slot, by_guest, terms = {}, {}, {}, {}, []
    ends = case["pairs"][["a", "b"]].to_numpy()
    score = (case["pairs"]["score"] * 10_000).round().astype(int).to_numpy()
    for pair, slot in zip(*options(case), strict=True):
        x = model.new_bool_var("")
        terms.append((int(score[pair]), x, int(pair)))
        by_pair.setdefault(pair, []).append(x)
        by_slot.setdefault(slot, []).append(x)
        for person in ends[pair]:
            by_seat.setdefault((person, slot), []).append(x)
            by_guest.setdefault(person, []).append(x)
    for group in [*by_seat.values(), *by_pair.values()]:
        model.add_at_most_one(group)
    for group in by_slot.values():
        model.add(sum(group) <= case["tables"])
    gain = sum(weight * x for weight, x, _ in terms)
    if case["min_meetings"]:
        for group in by_guest.values():
            short = model.new_int_var(0, case["min_meetings"], "")
            model.add(sum(group) + short >= case["min_meetings"])
            gain -= 30_000 * short
    model.maximize(gain)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    if solver.solve(model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return math.nan, math.nan, math.nan
    held = [pair for _, x, pair in terms if solver.value(x)]
    met = dict(zip(*np.unique(ends[held], return_counts=True), strict=True))
    return float(case["pairs"]["score"].to_numpy()[held].sum()), missing(case, met), math.nan


def meetings_table(*, seeds, seconds):
    """One row for each family: each method's gap to the proven bound, and its seconds, means over seeds."""
    schedule_meetings(**instance(**FAMILIES[next(iter(FAMILIES))]))  # imports what is imported when needed
    methods = {"two-stage": two_stage, "greedy": greedy, "time-indexed HiGHS": time_indexed, "CP-SAT": cp_sat}
    rows = []
    for name, sizes in FAMILIES.items():
        large = sizes.get("n", 200) > 200
        cells = {way: [] for way in methods}
        for seed in range(seeds):
            case = instance(**sizes, seed=seed)
            bound = None
            for way, run in methods.items():
                if large and way in {"time-indexed HiGHS", "CP-SAT"}:
                    continue
                try:
                    (value, short, proven), spent, worked = timed(run, case, seconds)
                except ImportError:
                    continue
                bound = proven if bound is None else bound
                cells[way].append((100 * (1 - value / bound), short, spent, worked))
        row = {"instance": name, "faster": faster(cells), "idle slots": idle(sizes, seeds)}
        for way, figures in cells.items():
            gap, short, spent, worked = np.mean(figures, axis=0) if figures else (math.nan,) * 4
            left = f", {short:.1f} missing" if short else ""
            times = f"{spent:.2f} s ({worked:.2f})" if worked >= 0.1 else f"{spent:.3f} s ({worked:.3f})"
            row[way] = "–" if math.isnan(gap) else f"{round(gap, 2) + 0.0:.2f} %{left}, {times}"
        rows.append(row)
        print(row, flush=True)
    return pd.DataFrame(rows)


def idle(sizes, seeds):
    """Idle slots before and after the second stage, means over seeds, and the seconds that it takes."""
    figures, spent = [], []
    for seed in range(seeds):
        start = time.perf_counter()
        attrs = schedule_meetings(**instance(**sizes, seed=seed)).attrs
        spent.append(time.perf_counter() - start)
        figures.append([attrs[key] for key in IDLE])
    before, after, least = np.mean(figures, axis=0)
    return f"{before:.0f} → {after:.0f} (at least {least:.0f}), {np.mean(spent):.2f} s with both stages"


def timed(run, case, seconds):
    """A method's answer, its seconds by the clock and of the processors; the median of short runs."""
    times = []
    while not times or (len(times) < 5 and times[0][1] < 1):
        start = time.perf_counter(), time.process_time()
        answer = run(case, seconds)
        times.append((time.perf_counter() - start[0], time.process_time() - start[1]))
    return answer, *np.median(times, axis=0)


def faster(cells):
    """How many times faster than the fastest peer of equal value: in processor seconds, and by the clock."""
    if not cells["two-stage"]:
        return "–"
    gap, short, *own = np.mean(cells["two-stage"], axis=0)
    equal = [
        (worked, spent, way)
        for way, figures in cells.items()
        if way != "two-stage" and figures
        for other_gap, other_short, spent, worked in [np.mean(figures, axis=0)]
        if other_gap <= gap + 1e-3 and other_short <= short
    ]
    if not equal:
        return "no peer of equal value"
    worked, spent, way = min(equal)
    return f"{worked / own[1]:.0f} × ({spent / own[0]:.0f} ×) {way}"


def guests_table(*, sizes, meetings=6):
    """Guest lists out of random introductions of uneven popularity: value, bound, greedy's value, seconds."""
    rows = []
    for n, needs, capacity in sizes:
        rng = np.random.default_rng(0)
        fame = rng.pareto(1.5, n) + 0.2
        score = {}
        for _ in range(needs):
            seeker = int(rng.integers(n))
            odds = np.where(np.arange(n) == seeker, 0, fame)
            for other in rng.choice(n, size=10, replace=False, p=odds / odds.sum()).tolist():
                ends = (min(seeker, other), max(seeker, other))
                score[ends] = score.get(ends, 0) + round(float(rng.random()), 3)
        problem = GuestProblem.of_pairs(
            np.array(list(score)), np.array(list(score.values())), n, capacity=capacity, meetings=meetings
        )
        start = time.perf_counter()
        found = solve_guests(problem)
        spent = time.perf_counter() - start
        rows.append({
            "invite": f"{capacity} of {n:,}", "introductions": len(score), "value": f"{found.value:.1f}",
            "bound": f"{found.bound:.1f}", "gap": f"{100 * (1 - found.value / found.bound):.2f} %",
            "greedy": f"{greedy_guests(problem):.1f}", "seconds": f"{spent:.1f}",
        })  # fmt: skip
        print(rows[-1], flush=True)
    return pd.DataFrame(rows)


def greedy_guests(problem):
    """The best pair, then always the candidate whose best meetings with the others are worth most."""
    n = problem.size
    weight = np.zeros((n, n))
    u, v = problem.ends.T
    weight[u, v] = weight[v, u] = problem.score
    invited = np.zeros(n, dtype=bool)
    invited[problem.ends[problem.score.argmax()]] = True
    while invited.sum() < problem.capacity:
        best = -np.sort(-weight[:, invited], axis=1)[:, : problem.meetings].sum(axis=1)
        invited[np.where(invited, -1, best).argmax()] = True
    return problem.value(invited)


def seats_table(*, seeds, seconds):
    """20 organisations at 4 tables of 5 in 3 rounds: share of what all pairs are worth, gap, seconds."""
    rows = []
    for n_pairs in (80, 120, 190):
        cells = {"annealing": [], "CP-SAT": []}
        for seed in range(seeds):
            rng = np.random.default_rng(seed)
            chosen = rng.permutation(190)[:n_pairs]
            a, b = (ends[chosen] for ends in np.triu_indices(20, 1))
            pairs = pd.DataFrame({"a": a, "b": b, "score": rng.random(n_pairs).round(4)})
            start = time.perf_counter()
            seated = seat_tables(pairs, tables=4, seats=5, rounds=3)
            spent = time.perf_counter() - start
            total, bound = pairs["score"].sum(), seated.attrs["bound"]
            cells["annealing"].append((seated.attrs["value"] / total, seated.attrs["gap"], spent))
            try:
                value, spent = cp_sat_seats(pairs, seconds)
            except ImportError:
                continue
            cells["CP-SAT"].append((value / total, 1 - value / bound, spent))
        row = {"pairs to meet": n_pairs}
        for way, figures in cells.items():
            share, gap, spent = np.mean(figures, axis=0) if figures else (math.nan,) * 3
            row[way] = (
                "–" if math.isnan(gap) else f"{share:.1%} of all, {gap:.1%} below the bound, {spent:.1f} s"
            )
        rows.append(row)
        print(row, flush=True)
    return pd.DataFrame(rows)


def cp_sat_seats(pairs, seconds, *, n=20, tables=4, seats=5, rounds=3):
    """A variable for each guest, round and table; a pair counts where both are at one table in some round."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    sits = {key: model.new_bool_var("") for key in np.ndindex(n, rounds, tables)}
    for guest, here in np.ndindex(n, rounds):
        model.add_exactly_one(sits[guest, here, at_table] for at_table in range(tables))
    for here, at_table in np.ndindex(rounds, tables):
        model.add(sum(sits[guest, here, at_table] for guest in range(n)) <= seats)
    terms = []
    for a, b, score in pairs.itertuples(index=False):
        beside = []
        for here, at_table in np.ndindex(rounds, tables):
            both = model.new_bool_var("")
            model.add_implication(both, sits[a, here, at_table])
            model.add_implication(both, sits[b, here, at_table])
            beside.append(both)
        met = model.new_bool_var("")
        model.add_bool_or([*beside, met.negated()])
        terms.append(round(score * 10_000) * met)
    model.maximize(sum(terms))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    start = time.perf_counter()
    solver.solve(model)
    return solver.objective_value / 10_000, time.perf_counter() - start


def sample_table():
    """The sample's salon: who comes, waiting, and wishes met beside the list of 2022."""
    analysis = Analysis("data/liangjiang")
    salon = analysis.salon
    rows = salon.compared.round({"value": 2}).assign(list=["list of 2022", "as many of ours"])
    focus = salon.plan.guests["enterprise_id"].isin(salon.focus)
    attrs = salon.table.attrs
    print(f"{focus.sum()} of {len(focus)} guests in focus, idle {[attrs[key] for key in IDLE]}")
    return rows


def installed(name):
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"{name} not installed, its column is empty"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one seed, 20 s for each peer")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=30, help="time limit of CP-SAT and HiGHS")
    parser.add_argument("--only", nargs="+", choices=["meetings", "guests", "seats", "sample"])
    chosen = parser.parse_args()
    seeds, seconds = (1, 20.0) if chosen.quick else (chosen.seeds, chosen.seconds)
    peers = (
        f"mean of {seeds} seed(s); CP-SAT (2 workers) and time-indexed HiGHS stop after {seconds:g} s. "
        f"{installed('scipy')}, {installed('ortools')}."
    )
    parts = {
        "meetings": (
            "## Meetings",
            (
                "Gap to the proven bound, promised meetings missing, seconds by the clock and, in "
                f"brackets, of the processors; {peers} `faster`: than the fastest peer of equal value, in "
                "processor seconds, which a busy machine changes less, and by the clock; the target is 50 "
                "× where 200 guests meet in 12 slots. `idle slots`: in which somebody who is there waits "
                "between its first and its last meeting, before and after the second stage (Bofill et "
                "al., doi:10.1613/jair.1.12670), and how few they are at least for the same meetings (0 "
                "where that is not known)."
            ),
            lambda: meetings_table(seeds=seeds, seconds=seconds),
        ),
        "guests": (
            "## Guest lists",
            f"Value of the meetings that the guests can hold, at most six each. {installed('scipy')}.",
            lambda: guests_table(sizes=[(60, 100, 12), (240, 476, 20), (2000, 4000, 60)]),
        ),
        "seats": (
            "## Round tables",
            f"20 organisations, 4 tables of 5, 3 rounds: share of what all pairs are worth; {peers}",
            lambda: seats_table(seeds=seeds, seconds=seconds),
        ),
    }
    parts["sample"] = (
        "## The sample's salon beside the list of 2022",
        (
            "Both lists at 8 tables in 6 slots, each with the best timetable for it. `wishes_met`: demands "
            "of guests for which a meeting is held with somebody whom the demand asks for, by the library's "
            "own reading of demands. Of the list of 2022 five are stated, the others invented: this measures "
            "lists, not that salon. Value is what the timetable is made for."
        ),
        sample_table,
    )
    for name, (title, outcome, run) in parts.items():
        if chosen.only and name not in chosen.only:
            continue
        text = f"{title}\n\n{outcome}\n\n{table(run())}\n"
        print(text)
        write_section("salons" if name == "meetings" else f"salons-{name}", text)


if __name__ == "__main__":
    main()
