"""Follow-up: the same numbers as lifelines, an unbiased median, ten million demands, a proven visit plan.

Run with ``python benchmarks/followup.py`` in the project's environment; ``--only lifelines bias scale plan``
takes some of the sections. lifelines is called in an environment of its own (``--lifelines`` names its
interpreter, made from ``benchmarks/requirements-lifelines.txt``). All data are simulated here.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from results import table, write_section

from liaison_analysis._stats import kaplan_meier, log_rank, median_days
from liaison_analysis.followup import (
    ageing,
    backlog,
    check_limits,
    directly_follows,
    loop_conformance,
    overdue,
    plan_visits,
    repeats,
    settlement,
    settlement_chances,
    time_to_settle,
)
from liaison_analysis.ledger import Ledger, typed

HERE = Path(__file__).parent
TABLE = HERE.parent / "tests" / "data" / "survival_lifelines.json"
MEDIAN = 75


def cases():
    """Small simulated samples with ties, heavy censoring, all open, all settled, and several groups."""
    rng = np.random.default_rng(7)
    shapes = [
        ("two groups", 40, 2, 90, 120), ("five groups", 60, 5, 60, 90), ("heavily censored", 50, 2, 300, 60),
        ("nothing censored", 30, 3, 40, None), ("many ties", 60, 2, 4, 6), ("one of a group", 21, 2, 50, 80),
    ]  # fmt: skip
    found = []
    for name, n, groups, scale, window in shapes:
        wait = rng.exponential(scale, n).astype(int)
        seen = np.full(n, 10**6) if window is None else rng.integers(0, window, n)
        group = np.arange(n) % groups
        if name == "one of a group":
            group = np.r_[np.zeros(n - 1, dtype=int), 1]
        found.append({
            "name": name, "days": np.minimum(wait, seen).tolist(),
            "settled": (wait <= seen).astype(int).tolist(), "group": group.tolist(),
        })  # fmt: skip
    large = np.random.default_rng(8)
    wait, seen = large.weibull(1.3, 20_000) * 100, large.uniform(0, 365, 20_000)
    days = np.minimum(wait, seen).astype(int)
    group = large.integers(0, 4, 20_000)
    found.append({
        "name": "20,000 demands", "days": days.tolist(), "settled": (wait <= seen).astype(int).tolist(),
        "group": group.tolist(),
    })  # fmt: skip
    return found


def counts_of(case, group):
    rows = pd.DataFrame({"days": case["days"], "settled": case["settled"], "group": case["group"]})
    rows = rows[rows["group"].astype(str) == group]
    return pd.DataFrame({"days": rows["days"], "settled": rows["settled"], "still_open": 1 - rows["settled"]})


def worst_difference(case):
    """Largest difference of curves, bands, log-rank statistic and p; and whether the medians are the same."""
    worst, same = [0.0], True
    every = {group: counts_of(case, group) for group in case["curves"]}
    for group, theirs in case["curves"].items():
        ours = kaplan_meier(every[group])
        curve = np.array(theirs)
        assert ours["days"].tolist() == curve[:, 0].tolist()
        worst.append(float(np.abs(ours[["open_share", "low", "high"]].to_numpy() - curve[:, 1:]).max()))
        mine = [None if math.isnan(value) else value for value in median_days(ours)]
        same &= mine == case["medians"][group]
    statistic, p = log_rank(list(every.values()))
    theirs_statistic, theirs_p = case["log_rank"]
    worst += [abs(statistic - theirs_statistic) / max(1.0, theirs_statistic), abs(p - theirs_p)]
    return max(worst), same


def lifelines_section(interpreter):
    command = [interpreter, HERE / "followup_lifelines.py"]
    done = subprocess.run(command, input=json.dumps(cases()), text=True, stdout=subprocess.PIPE, check=True)  # noqa: S603 - our own script
    outcome = json.loads(done.stdout)
    rows = []
    for case in outcome["cases"]:
        worst, same = worst_difference(case)
        rows.append({
            "case": case["name"], "demands": len(case["days"]), "open": case["settled"].count(0),
            "groups": len(case["curves"]), "largest difference": f"{worst:.1e}",
            "medians the same": "yes" if same else "no",
            "log-rank p": f"{case['log_rank'][1]:.3g}",
        })  # fmt: skip
    small = [case for case in outcome["cases"] if len(case["days"]) < 100]
    lines = ",\n".join(json.dumps(case) for case in small)
    TABLE.write_text(f'{{"lifelines": "{outcome["lifelines"]}", "cases": [\n{lines}\n]}}\n', encoding="utf-8")
    return (
        f"Kaplan–Meier curves, bands, medians and log-rank against lifelines {outcome['lifelines']} "
        "(target 1e-9):\n\n" + table(pd.DataFrame(rows))
    )


def simulated(n, seed, *, days=240, median=MEDIAN):
    """Ledger of demands raised over ``days``, each settled after an exponential time of known median."""
    rng = np.random.default_rng(seed)
    start = pd.Timestamp("2022-01-01")
    raised = rng.integers(0, days, n)
    settled = raised + np.floor(rng.exponential(median / math.log(2), n) + 0.5).astype(int)
    over = settled > days
    frame = pd.DataFrame({
        "demand_id": [f"D{i}" for i in range(n)], "enterprise_id": "E1",
        "raised_on": start + pd.to_timedelta(raised, unit="D"),
        "settled_on": (start + pd.to_timedelta(settled, unit="D")).where(~over),
        "text": "模拟", "status": np.where(over, "solving", "settled"),
    })  # fmt: skip
    return Ledger(demands=typed("demands", frame)), start + pd.Timedelta(days=days)


def bias_section(seeds=200):
    rows = []
    for n in (476, 5_000):
        found = []
        for seed in range(seeds):
            ledger, on = simulated(n, seed)
            row = time_to_settle(ledger, on=on).iloc[0]
            inside = row["low"] <= MEDIAN and (math.isnan(row["high"]) or row["high"] >= MEDIAN)
            found.append((row["median_days"] - MEDIAN, row["closed_median"] - MEDIAN, inside))
        error = np.array([(a, b) for a, b, _ in found])
        rows.append({
            "demands": n, "seeds": seeds, "mean error": f"{error[:, 0].mean():+.2f} days",
            "mean absolute error": f"{np.abs(error[:, 0]).mean():.2f} days",
            "closed-only: mean error": f"{error[:, 1].mean():+.1f} days",
            "95 % band holds the true median": f"{np.mean([inside for *_, inside in found]):.1%}",
        })  # fmt: skip
        print(rows[-1], flush=True)
    return (
        f"`time_to_settle` on simulated ledgers, true median {MEDIAN} days, demands raised over 240 days "
        "and counted at their end (target: mean error within 2 days where that of closed demands alone is "
        "over 20):\n\n" + table(pd.DataFrame(rows))
    )


def large_ledger(n):
    rng = np.random.default_rng(0)
    firms = max(n // 40, 10)

    def texts(words, codes):
        cells = pa.array(words).take(pa.array(codes)).cast(pa.large_string())
        return pd.Series(pd.array(pa.chunked_array([cells]), dtype="str"))

    def dates(days, missing=None):
        cells = (np.datetime64("2020-01-01") + days.astype("timedelta64[D]")).astype("datetime64[s]")
        if missing is not None:
            cells[missing] = np.datetime64("NaT")
        return pd.Series(cells)

    raised = rng.integers(0, 1095, n)
    settled = raised + rng.exponential(MEDIAN / math.log(2), n).astype(int)
    over = settled >= 1095
    status = np.where(over, rng.integers(0, 3, n), rng.integers(3, 5, n))
    unfed = over | (status == 3)
    happy = pd.array(rng.random(n) < 0.9, dtype="boolean")
    happy[unfed] = pd.NA
    enterprises = pd.DataFrame({
        "enterprise_id": [f"E{i}" for i in range(firms)],
        "name": [f"企业{i}" for i in range(firms)],
        "town": rng.choice(["鱼复", "水土", "龙兴"], firms),
    }).astype("str")  # fmt: skip
    statuses = ["collected", "assigned", "solving", "settled", "fed back"]
    numbers, places = pa.array(np.arange(n)).cast(pa.large_string()), n // 100
    demands = pd.DataFrame({
        "demand_id": pd.array(pa.chunked_array([numbers]), dtype="str"),
        "enterprise_id": texts([f"E{i}" for i in range(firms)], rng.integers(0, firms, n)),
        "raised_on": dates(raised),
        "text": texts([f"希望增加第{i}处停车位" for i in range(places)], rng.integers(0, places, n)),
        "in_remit": pd.array(rng.random(n) < 0.65, dtype="boolean"),
        "owner": texts([f"部门{i}" for i in range(20)], rng.integers(0, 20, n)),
        "status": texts(statuses, status),
        "assigned_on": dates(np.minimum(raised + 3, settled)),
        "settled_on": dates(settled, over),
        "fed_back_on": dates(np.minimum(settled + rng.integers(0, 9, n), 1095), unfed),
        "satisfied": happy,
        "reopened": pd.array(rng.random(n) < 0.02, dtype="boolean"),
    })  # fmt: skip
    return Ledger(enterprises=enterprises, demands=demands, source="simulated")


def scale_child(n):
    """Time every measure on a large ledger; its own process, so that the peak of memory is this section's."""
    ledger = large_ledger(n)
    measures = {
        "settlement by town and owner": lambda: settlement(ledger, by=["town", "owner"]),
        "time_to_settle by town": lambda: time_to_settle(ledger, by="town"),
        "time_to_settle by owner, working days": lambda: time_to_settle(ledger, by="owner", unit="working"),
        "ageing by town": lambda: ageing(ledger, by="town"),
        "backlog by town": lambda: backlog(ledger, by="town"),
        "loop_conformance by town": lambda: loop_conformance(ledger, by="town"),
        "directly_follows": lambda: directly_follows(ledger),
        "overdue": lambda: overdue(ledger),
        "check_limits": lambda: check_limits(ledger),
        "settlement_chances": lambda: settlement_chances(ledger),
        "repeats, same words": lambda: repeats(ledger, threshold=1),
    }
    rows = []
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    for name, measure in measures.items():
        start, used = time.perf_counter(), time.process_time()
        found = measure()
        spent = time.perf_counter() - start, time.process_time() - used
        rows.append({
            "measure": name, "seconds": round(spent[0], 1), "processor seconds": round(spent[1], 1),
            "rows": f"{len(found):,}",
            "peak GB so far": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2),
        })  # fmt: skip
        print(rows[-1], file=sys.stderr, flush=True)
    print(json.dumps({"rows": rows, "before": round(before, 2)}))


def scale_section(n):
    command = [sys.executable, __file__, "--child", str(n)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - this script
    outcome = json.loads(done.stdout)
    rows = pd.DataFrame(outcome["rows"])
    total = rows[["seconds", "processor seconds"]].sum()
    return (
        f"{n:,} demands of {max(n // 40, 10):,} enterprises, DuckDB {version('duckdb')} by Ibis "
        f"{version('ibis-framework')}: all measures {total.iloc[0]:.1f} s ({total.iloc[1]:.1f} processor "
        f"seconds), peak {rows['peak GB so far'].max()} GB, after making the ledger {outcome['before']} GB "
        "(target 90 s and 6 GB):\n\n" + table(rows)
    )


def plan_ledger(*, team):
    """240 enterprises in three towns and 40 officers; with the team, three others may go as well."""
    rng = np.random.default_rng(0)
    firms = [f"E{i:03}" for i in range(240)]
    enterprises = pd.DataFrame(
        {"enterprise_id": firms, "name": firms, "town": rng.choice(["鱼复", "水土", "龙兴"], 240)}
    )
    roles = {"linked officer": 40} if not team else {
        "linked officer": 16, "park officer": 8, "service specialist": 10, "party-building instructor": 6,
    }  # fmt: skip
    links = [
        (f"{role[0].upper()}{i % size:02}", firm, role)
        for role, size in roles.items()
        for i, firm in enumerate(rng.permutation(firms))
    ]
    raised = pd.Timestamp("2022-12-31") - pd.to_timedelta(rng.integers(1, 365, 400), unit="D")
    demands = pd.DataFrame({
        "demand_id": [f"D{i}" for i in range(400)], "enterprise_id": rng.choice(firms, 400),
        "raised_on": raised, "text": "模拟", "status": "solving",
    })  # fmt: skip
    return Ledger(
        enterprises=typed("enterprises", enterprises),
        demands=typed("demands", demands),
        links=typed("links", pd.DataFrame(links, columns=["officer_id", "enterprise_id", "role"])),
    )


def plan_section():
    rows = []
    for name, team, options in (
        ("the linked officer goes", False, {}),
        ("the linked officer goes, each away for three weeks", False, {"away": 3}),
        ("any of the team of four may go", True, {"roles": None}),
    ):
        ledger = plan_ledger(team=team)
        rng = np.random.default_rng(1)
        away = options.pop("away", 0)
        officers = sorted(set(ledger.links["officer_id"]))
        unavailable = {o: set(rng.choice(13, away, replace=False) + 1) for o in officers} if away else None
        start, used = time.perf_counter(), time.process_time()
        plan = plan_visits(ledger, "2023Q1", on="2022-12-31", unavailable=unavailable, **options)
        spent = time.perf_counter() - start, time.process_time() - used
        attrs = plan.attrs
        rows.append({
            "240 enterprises × 40 officers × 13 weeks": name, "cost": f"{attrs['cost']:.2f}",
            "bound": f"{attrs['bound']:.2f}",
            "gap": f"{attrs['gap']:.2%}", "most visits of one": attrs["most"], "trips": attrs["trips"],
            "seconds": f"{spent[0]:.1f}", "processor seconds": f"{spent[1]:.1f}",
        })  # fmt: skip
        print(rows[-1], flush=True)
    return (
        f"`plan_visits` with HiGHS of scipy {version('scipy')} (target: proven within 1 % in 30 s):\n\n"
        + table(pd.DataFrame(rows))
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    sections = ["lifelines", "bias", "scale", "plan"]
    parser.add_argument("--only", nargs="+", choices=sections, default=sections)
    parser.add_argument("--lifelines", default=str(HERE.parent / ".bench-lifelines" / "bin" / "python"))
    parser.add_argument("--demands", type=int, default=10_000_000)
    parser.add_argument("--child", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        scale_child(chosen.child)
        return
    run = {
        "lifelines": lambda: lifelines_section(chosen.lifelines),
        "bias": bias_section,
        "scale": lambda: scale_section(chosen.demands),
        "plan": plan_section,
    }
    for name in chosen.only:
        text = run[name]()
        print(text)
        heading = "## Follow-up\n\n" if name == sections[0] else ""
        write_section(f"followup-{name}", heading + text)


if __name__ == "__main__":
    main()
