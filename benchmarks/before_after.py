"""Whether two checkouts give the same results on the sample ledger, value by value, apart from names.

    .venv/bin/python benchmarks/before_after.py OLD_CHECKOUT [NEW_CHECKOUT]

Each checkout runs in a process of its own, with the same calls. Columns may have other names; sentences
(reasons, notes) may be worded differently, which is counted separately.
"""

from __future__ import annotations

import argparse
import os
import pickle
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
from results import table, write_section

ROOT = Path(__file__).resolve().parents[1]

CALLS = r'''
import importlib, pickle, pkgutil, sys, time
import pandas as pd
import liaison_analysis as la

def named(name):
    """A public name: at the top, or in a package's face."""
    if name in la.__all__:
        return getattr(la, name)
    for module in pkgutil.iter_modules(la.__path__):
        if module.ispkg:
            face = importlib.import_module(f"liaison_analysis.{module.name}")
            if name in getattr(face, "__all__", ()):
                return getattr(face, name)
    raise LookupError(name)

ledger = la.load_liangjiang()
results, seconds = {}, {}

def call(label, run):
    start = time.perf_counter()
    try:
        frame = run()
    except Exception as error:
        frame = f"{type(error).__name__}: {error}"
    seconds[label] = time.perf_counter() - start
    results[label] = frame.reset_index(drop=True) if isinstance(frame, pd.DataFrame) else frame
    return frame

call("find_mentions", lambda: named("find_mentions")(ledger.demands["text"].tolist(), ledger))
for name in ("settlement", "time_to_settle", "ageing", "backlog", "loop_conformance", "overdue", "repeats",
             "task_list", "visit_coverage", "project_progress", "chain_gaps", "single_suppliers",
             "chain_extensions", "key_enterprises", "could_supply", "describe_clusters"):
    call(name, lambda name=name: named(name)(ledger))
rank = named("rank_introductions")
ranked = {}
for role in ("customer", "supplier", "financier", "tester", "research partner"):
    ranked[role] = call(f"rank_introductions, {role}", lambda role=role: rank(ledger, role=role, k=10))
everything = pd.concat(list(ranked.values()), ignore_index=True)
plan = named("plan_salon")(everything, capacity=20, required=["E001"])
call("plan_salon, guests", lambda: plan.guests)
def timetable():
    if hasattr(plan, "timetable"):
        return plan.timetable(6, 8, min_meetings=1)
    return named("schedule_salon")(plan, 6, 8, min_meetings=1)

call("plan_salon, timetable", timetable)
proposed = named("propose_salons")(ledger, everything, n=2, capacity=12)
call("propose_salons", lambda: proposed.drop(columns="guests"))
themes = named("DemandThemes")(random_state=0).fit(ledger.demands["text"])
call("DemandThemes, labels", lambda: pd.DataFrame({"theme": themes.labels_}))
call("find_suppliers", lambda: named("find_suppliers")(ledger, ["减速器"], k=10))
index = named("PolicyIndex")(ledger.policies)
call("PolicyIndex.search", lambda: index.search(ledger.demands["text"].head(60).tolist()))
pickle.dump((results, seconds), open(sys.argv[1], "wb"))
'''


def outcome(checkout: Path):
    """Results and seconds by call, as this checkout gives them."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "results.pickle"
        environment = {**os.environ, "PYTHONPATH": str(checkout / "src"), "PYTHONHASHSEED": "0"}
        subprocess.run([sys.executable, "-c", CALLS, str(file)], check=True, env=environment, cwd=folder)  # noqa: S603 - our own code
        return pickle.loads(file.read_bytes())  # noqa: S301 - written by the process above


def is_wordy(column: pd.Series) -> bool:
    """Whether a column holds sentences."""
    texts = column[column.map(lambda value: isinstance(value, str))]
    return bool(len(texts)) and float(texts.str.len().mean()) > 12


def differences(old, new):
    """What differs: rows, values, words, names of columns."""
    if not (isinstance(old, pd.DataFrame) and isinstance(new, pd.DataFrame)):
        return ("same" if type(old) is type(new) and old == new else f"{old!s:.60} → {new!s:.60}"), ""
    renamed = [f"{a} → {b}" for a, b in zip(old.columns, new.columns, strict=False) if a != b]
    if old.shape != new.shape:
        return f"{old.shape} → {new.shape}", ", ".join(renamed)
    wrong = []
    for i, name in enumerate(old.columns):
        a, b = old.iloc[:, i], new.iloc[:, i]
        if pd.api.types.is_numeric_dtype(a) and pd.api.types.is_numeric_dtype(b):
            x, y = a.astype("Float64"), b.astype("Float64")
            equal = ((x - y).abs().le(1e-9) | (x.isna() & y.isna())).fillna(value=False)
        else:
            equal = a.astype(str).eq(b.astype(str)) | (a.isna() & b.isna())
        if not equal.all():
            wrong.append(
                f"{name}: {int((~equal).sum())} of {len(equal)}" + (" in other words" if is_wordy(a) else "")
            )
    return "; ".join(wrong) or "same", ", ".join(renamed)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path, nargs="?", default=ROOT)
    given = parser.parse_args()
    start = time.perf_counter()
    (before, seconds_before), (after, seconds_after) = (
        outcome(given.old.resolve()),
        outcome(given.new.resolve()),
    )
    rows = []
    for label, frame in before.items():
        values, renamed = differences(frame, after[label])
        rows.append((label, values, renamed, f"{seconds_before[label]:.2f}", f"{seconds_after[label]:.2f}"))
    frame = pd.DataFrame(
        rows, columns=["call", "values", "columns renamed", "seconds before", "seconds after"]
    )
    print(frame.to_string())
    same = int(frame["values"].eq("same").sum())
    took = f"one run, {time.perf_counter() - start:.0f} s"
    heading = "## The library before and after it was laid out in packages"
    words = (
        f"The same calls on the sample ledger by both versions ({took}): "
        f"{same} of {len(frame)} give the same values."
    )
    write_section("before_after", f"{heading}\n\n{words}\n\n{table(frame)}")


if __name__ == "__main__":
    main()
