"""Time to settle of single demands: integrated Brier scores of later months against Kaplan–Meier curves.

Run with ``python benchmarks/chances.py`` in the project's environment. At each cut the models learn from the
ledger as it stood on that day; they are scored on demands raised after it, with the settlements that the
ledger holds now. Scores are weighted by the inverse probability of being censored (Graf et al., Statistics in
Medicine 18, 1999).
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd
from results import table, targets, write_section

from liaison_analysis import load_liangjiang
from liaison_analysis._stats import kaplan_meier
from liaison_analysis.followup import count_day
from liaison_analysis.followup.chances import _known_by, fit_settlement
from liaison_analysis.ledger import Ledger, typed

FACTORS = ("owner", "kind", "in_remit", "town")
SEEDS = 20


def simulated(seed, n=600):
    """Departments of very unequal size and speed, remit and towns with effects; raised over 360 days."""
    rng = np.random.default_rng(seed)
    owners = [f"部门{i}" for i in range(12)]
    share = rng.dirichlet(np.full(12, 0.7))
    owner = rng.choice(12, n, p=share)
    town = rng.integers(0, 4, n)
    remit = rng.random(n) < 0.65
    effect = rng.normal(0, 0.5, 12)[owner] + rng.normal(0, 0.2, 4)[town] + np.where(remit, 0.4, -0.6)
    raised = rng.integers(0, 360, n)
    wait = (60 * rng.weibull(1.2, n) * np.exp(-effect / 1.2)).astype(int)
    settled = raised + wait
    day = pd.Timestamp("2021-01-01")
    firms = [f"E{i}" for i in range(4)]
    towns = [f"片区{i}" for i in range(4)]
    enterprises = pd.DataFrame({"enterprise_id": firms, "name": firms, "town": towns})
    demands = pd.DataFrame({
        "demand_id": [f"D{i:04}" for i in range(n)], "enterprise_id": [f"E{i}" for i in town], "text": "模拟",
        "raised_on": day + pd.to_timedelta(raised, unit="D"),
        "settled_on": pd.Series(day + pd.to_timedelta(settled, unit="D")).mask(settled > 360),
        "owner": [owners[i] for i in owner], "in_remit": pd.array(remit, dtype="boolean"),
    })  # fmt: skip
    return Ledger(enterprises=typed("enterprises", enterprises), demands=typed("demands", demands))


def curve(days, settled):
    """Kaplan–Meier curve as a function of days."""
    counts = pd.DataFrame(
        {"days": days, "settled": settled.astype(int), "still_open": 1 - settled.astype(int)}
    )
    km = kaplan_meier(counts)
    steps, share = km["days"].to_numpy(), np.r_[1.0, km["open_share"].to_numpy()]
    return lambda at: share[np.searchsorted(steps, at, side="right")]


def scores(ledger, cut, end):
    """Integrated Brier score of each model on demands raised after ``cut``, and their number."""
    past = _known_by(ledger, cut, "calendar", FACTORS, {})
    now = _known_by(ledger, end, "calendar", FACTORS, {})
    later = now.rows["raised_on"].gt(cut).to_numpy()
    horizon = int((end - cut).days)
    # Levels seen in the past; a new value has no known effect.
    names = [{value: i for i, value in enumerate(levels)} for levels in past.levels]
    factors = {levels[0].partition("=")[0]: k for k, levels in enumerate(past.levels)}
    texts = {levels[0].partition("=")[0]: [levels[c] for c in now.codes[later, k]]
             for k, levels in enumerate(now.levels)}  # fmt: skip
    codes = np.full((later.sum(), len(names)), -1)
    for name, k in factors.items():
        if name in texts:
            codes[:, k] = [names[k].get(value, -1) for value in texts[name]]
    days, settled = now.days[later], now.settled[later]
    model = fit_settlement(past)
    speed = model.log_speed(codes)
    everybody = curve(past.days, past.settled)
    at = np.arange(1, horizon + 1)
    predicted = {
        "ours": np.column_stack([model.survival(np.full(len(days), t), speed) for t in at]),
        "Kaplan–Meier of all": np.tile(everybody(at), (len(days), 1)),
    }
    for name, k in factors.items():
        own = np.tile(everybody(at), (len(days), 1))
        for value in range(len(past.levels[k])):
            mine, theirs = codes[:, k] == value, past.codes[:, k] == value
            if mine.any() and theirs.any():
                own[mine] = curve(past.days[theirs], past.settled[theirs])(at)
        predicted[f"Kaplan–Meier by {name}"] = own
    censored = curve(days, ~settled)
    happened = settled[:, None] & (days[:, None] <= at)
    still = days[:, None] > at
    weight = np.where(happened, 1 / np.maximum(censored(days - 1), 0.05)[:, None], 0.0)
    weight += np.where(still, 1 / np.maximum(censored(at), 0.05), 0.0)
    return {name: float((weight * (still - p) ** 2).mean()) for name, p in predicted.items()}, int(
        later.sum()
    )


def rows_of(ledgers):
    """Mean score of each model over cuts and ledgers, weighted by demands."""
    parts = []
    for ledger, cuts, end in ledgers:
        for cut in cuts:
            found, n = scores(ledger, cut, end)
            parts.append(pd.Series(found).rename(n))
    frame = pd.DataFrame(parts)
    return frame.apply(lambda column: np.average(column, weights=frame.index))


def main():
    argparse.ArgumentParser(description=__doc__).parse_args()
    sample = load_liangjiang()
    end = count_day(sample)
    cuts = [pd.Timestamp(f"2022-{month:02}-01") - pd.Timedelta(days=1) for month in range(6, 12)]
    start = pd.Timestamp("2021-01-01")
    data = {
        "sample, six cuts": [(sample, cuts, end)],
        f"simulated, {SEEDS} ledgers of 600": [
            (simulated(seed), [start + pd.Timedelta(days=180)], start + pd.Timedelta(days=360))
            for seed in range(SEEDS)
        ],
    }
    columns, goals = {}, []
    for name, ledgers in data.items():
        mean = rows_of(ledgers)
        columns[name] = mean.round(4)
        by_owner = mean["ours"] / mean["Kaplan–Meier by owner"]
        goals.append((f"{name}: Brier score over that of the owner's Kaplan–Meier", by_owner, "<=", 1.0))
        best = mean.drop("ours").min()
        goals.append((f"{name}: over that of the best curve", mean["ours"] / best, "<=", 1.0))
    frame = pd.DataFrame(columns).rename_axis("model").reset_index()
    text = (
        "`settlement_chances`: integrated Brier score (smaller is better) of demands raised after each cut, "
        "learnt from the ledger as it stood on that day; factors owner, kind, remit and town:\n\n"
        + table(frame) + "\n\n" + targets(*goals)
    )  # fmt: skip
    print(text)
    write_section("followup-chances", text)


if __name__ == "__main__":
    main()
