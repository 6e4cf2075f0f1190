"""Clerks' layouts: 10,000 generated workbooks, files that once went wrong, a hotline's letters, speed.

Run ``python benchmarks/layouts.py [--n 10000]``; the letters need ``../shared``. Of each generated
workbook the truth must come back exactly or be asked about, and every cell must be somewhere.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import openpyxl
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from helpers.clerk_layouts import lost_cells, make_case  # noqa: E402
from results import table, targets, write_section  # noqa: E402

from liaison_analysis import load_liangjiang, read_ledger  # noqa: E402
from liaison_analysis.errors import LedgerError  # noqa: E402
from liaison_analysis.ledger import shipped  # noqa: E402
from liaison_analysis.ledger.sheets import read_sheets  # noqa: E402

SHARED = ROOT.parent / "shared"


def judged(seed: int, path: Path) -> tuple[str, int, list[str]]:
    """Whether a workbook came back exactly, asked or wrong; how many cells were lost; its features."""
    case = make_case(seed)
    case.book.save(path)
    try:
        ledger = read_ledger(path, year=case.year)
    except LedgerError:
        return "asked", 0, case.features
    names = ledger.names()
    found = Counter(
        (names[one.enterprise_id], one.raised_on.date(), one.text.rstrip("。"), one.owner, one.status)
        for one in ledger.demands.itertuples()
    )
    truth = Counter(
        (one["enterprise"], one["raised_on"], one["text"], one["owner"], one["status"]) for one in case.truth
    )
    lost = len(lost_cells(read_sheets(path), ledger))
    if found == truth:
        return "exact", lost, case.features
    return ("asked" if len(ledger.review) else "wrong"), lost, case.features


def generated(n: int) -> tuple[pd.DataFrame, Counter, Counter]:
    counts: Counter = Counter()
    lost: Counter = Counter()
    features: Counter = Counter()
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(n):
            answer, cells, there = judged(seed, Path(folder) / "a.xlsx")
            counts[answer] += 1
            lost["cells"] += cells
            features.update(there)
            if answer != "exact" or cells:
                print(seed, answer, cells, there, flush=True)
    rows = [(name, k) for name, k in sorted(features.items())]
    return pd.DataFrame(rows, columns=["feature", "workbooks with it"]), counts, lost


def big_file(folder: Path, n: int = 20_000) -> tuple[float, float]:
    """Seconds and megabytes to read a messy sheet of so many rows."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    sheet.append(["2022年企业走访诉求台账"])
    sheet.append(
        ["序号", "企业名称", "所属园区", "走访时间", "存在的问题及诉求", "责任单位", "办理情况", "备注"]
    )
    for seed in range(n // 15 + 1):
        for i, one in enumerate(make_case(seed).truth):
            sheet.append(
                [i, one["enterprise"], one["town"], f"{one['raised_on'].month}.{one['raised_on'].day}",
                 f"{one['text']}（{seed}）", one["owner"], one["written"], "见附件"]
            )  # fmt: skip
    book.save(folder / "big.xlsx")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.process_time()
    rows = len(read_ledger(folder / "big.xlsx").demands)
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return seconds * n / rows, (peak - before) / 1024


def letters(folder: Path) -> tuple[int, int]:
    data = pd.read_parquet(SHARED / "data" / "citizen_messages" / "unlabelled.parquet")
    data.insert(1, "留言用户", [f"U{i}" for i in range(len(data))])
    data.to_excel(folder / "letters.xlsx", index=False)
    ledger = read_ledger(folder / "letters.xlsx")
    days = pd.to_datetime(data["留言时间"], format="mixed").dt.normalize()
    same = (
        ledger.demands["raised_on"].reset_index(drop=True).eq(days)
        if len(ledger.demands) == len(data)
        else []
    )
    return len(data), int(sum(same))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=10_000)
    n = parser.parse_args().n
    start = time.process_time()
    load_liangjiang()
    warm = []
    for _ in range(5):
        start = time.process_time()
        read_ledger(shipped("data/liangjiang"))
        warm.append(time.process_time() - start)
    with tempfile.TemporaryDirectory() as folder:
        seconds, megabytes = big_file(Path(folder))
        total, right = letters(Path(folder)) if SHARED.exists() else (0, 0)
    features, counts, lost = generated(n)
    aims = targets(
        (
            f"generated workbooks of {n:,} that came back exactly or were asked about",
            (n - counts["wrong"]) / n,
            ">=",
            1,
        ),
        ("cells that are nowhere", lost["cells"], "<=", 0),
        ("seconds for 20,000 messy rows (processor)", seconds, "<=", 10),
        ("megabytes more for them", megabytes, "<=", 500),
        ("letters of a hotline read with their day", right / max(total, 1), ">=", 1),
    )
    text = f"""## Any clerk's ledger

{n:,} workbooks from a seeded generator that mixes the features below: {counts["exact"]:,} came back exactly,
{counts["asked"]:,} with a question, {counts["wrong"]:,} wrong. {total:,} letters of `citizen_messages` as a
spreadsheet. The canonical sample is read in {min(warm):.2f} processor seconds.

{aims}

{table(features)}
"""
    write_section("layouts", text)
    print(text)


if __name__ == "__main__":
    main()
