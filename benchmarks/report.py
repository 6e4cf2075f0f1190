"""Reports of the sample, other regions and a generated large ledger: seconds, size, first paint; notebooks.

Run with ``python benchmarks/report.py`` in the project's environment; ``--only`` names parts of it (ledgers
by name, ``large``, ``notebooks``), whose rows replace those of an earlier run. First paint is Chromium's own
``first-contentful-paint`` of a file that it opens for the first time, and ``shown`` is when the first screen
stands; without Chromium and Playwright both are left out.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
from results import table, targets, write_section

from liaison_analysis import load_liangjiang
from liaison_analysis.ledger import typed, write_ledger
from liaison_analysis.report import run_report

ROOT = Path(__file__).resolve().parent.parent
ENTERPRISES, LINKS, DEMANDS = 5_000, 20_000, 5_000
KEPT = ROOT / "out" / "report_benchmark.json"


def large_ledger(seed=0):
    """Make a ledger of many enterprises out of the sample's products, texts and departments."""
    sample = load_liangjiang()
    rng = np.random.default_rng(seed)
    ids = [f"F{i:05}" for i in range(ENTERPRISES)]
    towns = rng.choice(["东区", "西区", "南区", "北区", "中区", "港区"], ENTERPRISES)
    enterprises = typed(
        "enterprises",
        pd.DataFrame({"enterprise_id": ids, "name": [f"第{i}号制造有限公司" for i in range(ENTERPRISES)]}),
    ).assign(town=towns, is_synthetic=True)
    products = sample.offers["product"].unique()
    offers = pd.DataFrame(
        {"enterprise_id": np.repeat(ids, 2), "product": rng.choice(products, 2 * ENTERPRISES)}
    ).drop_duplicates(ignore_index=True)
    pairs = rng.choice(ids, (LINKS, 2))
    supplies = pd.DataFrame(pairs, columns=["supplier_id", "customer_id"])
    supplies = supplies.assign(product=rng.choice(products, LINKS))
    supplies = supplies[supplies["supplier_id"].ne(supplies["customer_id"])].drop_duplicates(
        ignore_index=True
    )
    rows = sample.demands.iloc[rng.integers(0, len(sample.demands), DEMANDS)].reset_index(drop=True)
    demands = rows.assign(
        demand_id=[f"D{i:05}" for i in range(DEMANDS)],
        enterprise_id=rng.choice(ids, DEMANDS),
        text=rows["text"] + [f"（第{i}件）" for i in range(DEMANDS)],
    )
    links = pd.DataFrame({"enterprise_id": ids, "officer_id": [f"G{i % 400:03}" for i in range(ENTERPRISES)]})
    links = links.assign(role="linked officer")
    visited = pd.DataFrame({"enterprise_id": rng.choice(ids, ENTERPRISES)})
    visits = visited.assign(
        visit_id=[f"V{i:05}" for i in range(ENTERPRISES)],
        officer_id=[f"G{int(one[1:]) % 400:03}" for one in visited["enterprise_id"]],
        visited_on=pd.Timestamp("2022-12-31") - pd.to_timedelta(rng.integers(0, 360, ENTERPRISES), unit="D"),
    )
    frames = {"offers": offers, "supplies": supplies, "demands": demands, "links": links, "visits": visits}
    frames = {name: typed(name, frame) for name, frame in frames.items()}
    empty = {name: getattr(sample, name).iloc[:0] for name in ("aliases", "projects", "salons")}
    return replace(sample, enterprises=enterprises, **frames, **empty, source="large")


def first_paint(page):
    """Milliseconds until Chromium paints, and until the first screen stands."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None, None
    if program is None:
        return None, None
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=program, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1280, "height": 800})
        tab.goto(page.as_uri())
        tab.wait_for_selector("[data-view]")
        shown = tab.evaluate("performance.now()")
        paint = tab.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null")
        browser.close()
    return paint, shown


def reported(source, folder):
    """One row of the table of reports."""
    started, used = time.perf_counter(), time.process_time()
    page = run_report(source, folder)
    seconds, processor = time.perf_counter() - started, time.process_time() - used
    paint, shown = first_paint(page)
    sizes = {name: (folder / name).stat().st_size / 1e6 for name in ("index.html", "report.xlsx")}
    return {
        "seconds": round(seconds, 1),
        "processor seconds": round(processor, 1),
        "page, MB": round(sizes["index.html"], 2),
        "workbook, MB": round(sizes["report.xlsx"], 2),
        "first paint, ms": None if paint is None else round(paint),
        "first screen, ms": None if shown is None else round(shown),
    }


def timed_notebooks():
    """Seconds that each notebook takes on the sample, its kernel's start counted."""
    import nbformat
    from nbclient import NotebookClient

    rows = {}
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        started = time.perf_counter()
        NotebookClient(notebook, resources={"metadata": {"path": str(path.parent)}}).execute()
        rows[path.stem] = round(time.perf_counter() - started, 1)
    return rows


def main():
    """Measure what is asked for, and write all that is known."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=None)
    only = parser.parse_args().only
    sources = {"sample": ROOT / "data" / "liangjiang"}
    sources |= {
        path.name: path for path in sorted((ROOT / "tests" / "data" / "regions").iterdir()) if path.is_dir()
    }
    known = (
        json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {"reports": {}, "notebooks": {}}
    )
    with tempfile.TemporaryDirectory() as folder:
        for name, source in sources.items():
            if only is None or name in only:
                known["reports"][name] = reported(source, Path(folder) / name)
        if only is None or "large" in only:
            source = write_ledger(large_ledger(), Path(folder) / "large.xlsx")
            known["reports"]["large"] = reported(source, Path(folder) / "out")
        if only is None or "notebooks" in only:
            known["notebooks"] = timed_notebooks()
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    write_section("report", section(known))


def section(known):
    """Write all that is known as Markdown."""
    reports = pd.DataFrame(known["reports"]).T.rename_axis("ledger").reset_index()
    notebooks = pd.DataFrame(known["notebooks"].items(), columns=["notebook", "seconds"])
    goals = []
    for name, seconds, size, paint in (("sample", 45, 6, 1_000), ("large", None, 20, 2_000)):
        row = known["reports"].get(name)
        if row is None:
            continue
        goals += [(f"{name}: seconds", row["seconds"], "<=", seconds)] if seconds else []
        goals.append((f"{name}: page, MB", row["page, MB"], "<=", size))
        if row["first screen, ms"] is not None:
            goals.append((f"{name}: first screen, ms", row["first screen, ms"], "<=", paint))
    if len(notebooks):
        goals.append(("slowest notebook, seconds", notebooks["seconds"].max(), "<=", 15))
    about = (
        f"`large` is generated: {ENTERPRISES:,} enterprises, {LINKS:,} trade links, {DEMANDS:,} demands (the "
        "sample's texts, numbered), 400 officers. Seconds are of two cores that others used too; "
        "processor seconds are the report's own."
    )
    parts = ["## The report and the notebooks", about, targets(*goals), table(reports)]
    return "\n\n".join([*parts, table(notebooks)] if len(notebooks) else parts)


if __name__ == "__main__":
    main()
