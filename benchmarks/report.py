"""Reports of the sample, other regions and generated ledgers: seconds, memory, size, how fast the page is.

Run with ``python benchmarks/report.py`` in the project's environment; ``--only`` names parts of it (ledgers
by name, ``large``, ``notebooks``), whose rows replace those of an earlier run. ``--scale 5000:20000:60000``
adds a generated ledger of so many enterprises, trade links (four an enterprise where not given) and demands
(one an enterprise), as a row of that name. Each report runs in a process of its own, so that the peak of its
memory is its own. First paint is Chromium's own ``first-contentful-paint`` of a file that it opens for the
first time, and first screen is when that stands; typing is the time from a letter typed in the search of the
demands until the list is painted, and expanding from a click on a neighbour in the supply chain until its own
neighbours are; without Chromium and Playwright these are left out.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
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
LARGE = (5_000, 20_000, 5_000)  # enterprises, trade links, demands
KEPT = ROOT / "out" / "report_benchmark.json"


def large_ledger(n_enterprises, n_links, n_demands, seed=0):
    """Make a ledger of many enterprises out of the sample's products, texts and departments."""
    sample = load_liangjiang()
    rng = np.random.default_rng(seed)
    ids = [f"F{i:05}" for i in range(n_enterprises)]
    towns = rng.choice(["东区", "西区", "南区", "北区", "中区", "港区"], n_enterprises)
    enterprises = typed(
        "enterprises",
        pd.DataFrame({"enterprise_id": ids, "name": [f"第{i}号制造有限公司" for i in range(n_enterprises)]}),
    ).assign(town=towns, is_synthetic=True)
    products = sample.offers["product"].unique()
    offers = pd.DataFrame(
        {"enterprise_id": np.repeat(ids, 2), "product": rng.choice(products, 2 * n_enterprises)}
    ).drop_duplicates(ignore_index=True)
    pairs = rng.choice(ids, (n_links, 2))
    supplies = pd.DataFrame(pairs, columns=["supplier_id", "customer_id"])
    supplies = supplies.assign(product=rng.choice(products, n_links))
    supplies = supplies[supplies["supplier_id"].ne(supplies["customer_id"])].drop_duplicates(
        ignore_index=True
    )
    rows = sample.demands.iloc[rng.integers(0, len(sample.demands), n_demands)].reset_index(drop=True)
    demands = rows.assign(
        demand_id=[f"D{i:05}" for i in range(n_demands)],
        enterprise_id=rng.choice(ids, n_demands),
        text=rows["text"] + [f"（第{i}件）" for i in range(n_demands)],
    )
    links = pd.DataFrame(
        {"enterprise_id": ids, "officer_id": [f"G{i % 400:03}" for i in range(n_enterprises)]}
    )
    links = links.assign(role="linked officer")
    visited = pd.DataFrame({"enterprise_id": rng.choice(ids, n_enterprises)})
    visits = visited.assign(
        visit_id=[f"V{i:05}" for i in range(n_enterprises)],
        officer_id=[f"G{int(one[1:]) % 400:03}" for one in visited["enterprise_id"]],
        visited_on=pd.Timestamp("2022-12-31")
        - pd.to_timedelta(rng.integers(0, 360, n_enterprises), unit="D"),
    )
    frames = {"offers": offers, "supplies": supplies, "demands": demands, "links": links, "visits": visits}
    frames = {name: typed(name, frame) for name, frame in frames.items()}
    empty = {name: getattr(sample, name).iloc[:0] for name in ("aliases", "projects", "salons")}
    return replace(sample, enterprises=enterprises, **frames, **empty, source="large")


PAINTED = "new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0)))"
TYPED = f"""async () => {{
  const box = document.querySelector('input[name="q"]');
  const times = [];
  for (const text of ["停", "停车", "停车位"]) {{
    const began = performance.now();
    box.value = text;
    box.dispatchEvent(new Event("input", {{ bubbles: true }}));
    times.push(await {PAINTED} - began);
  }}
  return Math.max(...times);
}}"""
EXPANDED = f"""async () => {{
  const times = [];
  for (let turn = 0; turn < 5; turn += 1) {{
    const near = document.querySelector(".node:not(.centre)");
    if (!near) break;
    const began = performance.now();
    near.dispatchEvent(new MouseEvent("click", {{ bubbles: true }}));
    times.push(await {PAINTED} - began);
  }}
  return times.length ? Math.max(...times) : null;
}}"""


def opened(page):
    """Milliseconds until Chromium paints, until the first screen stands, of typing and of expanding."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        program = None
    if program is None:
        return {}
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=program, args=["--no-sandbox"])
        tab = browser.new_page(viewport={"width": 1280, "height": 800})
        tab.goto(page.as_uri())
        tab.wait_for_selector("[data-view]")
        shown = tab.evaluate("performance.now()")
        paint = tab.evaluate("performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null")
        times = {"first paint, ms": paint, "first screen, ms": shown}
        for view, name, script in (("demands", "typing, ms", TYPED), ("chain", "expanding, ms", EXPANDED)):
            tab.evaluate(f"location.hash = '#{view}'")
            tab.wait_for_selector(f"[data-view={view}]")
            times[name] = tab.evaluate(script)
        browser.close()
    return {name: None if ms is None else round(ms) for name, ms in times.items()}


def alone(queue, source, folder):
    """Write one report in this process, and say how long it took and how much memory."""
    started, used = time.perf_counter(), time.process_time()
    run_report(source, folder)
    seconds, processor = time.perf_counter() - started, time.process_time() - used
    # Kilobytes on Linux.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    queue.put((round(seconds, 1), round(processor, 1), round(peak)))


def reported(source, folder):
    """One row of the table of reports."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=alone, args=(queue, source, folder))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"the report of {source} ended with {process.exitcode}")
    measured = dict(zip(("seconds", "processor seconds", "peak, MB"), queue.get(), strict=True))
    sizes = {name: (folder / name).stat().st_size / 1e6 for name in ("index.html", "report.xlsx")}
    return {
        **measured,
        "page, MB": round(sizes["index.html"], 2),
        "workbook, MB": round(sizes["report.xlsx"], 2),
        **opened(folder / "index.html"),
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
    parser.add_argument("--scale", nargs="*", default=[], metavar="ENTERPRISES[:LINKS[:DEMANDS]]")
    chosen = parser.parse_args()
    only = [] if chosen.only is None and chosen.scale else chosen.only
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
            source = write_ledger(large_ledger(*LARGE), Path(folder) / "large.xlsx")
            known["reports"]["large"] = reported(source, Path(folder) / "out")
        for name in chosen.scale:
            numbers = [int(one) for one in name.split(":")]
            numbers += [4 * numbers[0], numbers[0]][len(numbers) - 1 :]
            source = write_ledger(large_ledger(*numbers), Path(folder) / "scaled.xlsx")
            known["reports"][name] = reported(source, Path(folder) / f"out {name.replace(':', ' ')}")
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
        if not pd.isna(row.get("first screen, ms")):
            goals.append((f"{name}: first screen, ms", row["first screen, ms"], "<=", paint))
    if len(notebooks):
        goals.append(("slowest notebook, seconds", notebooks["seconds"].max(), "<=", 15))
    about = (
        f"`large` is generated: {LARGE[0]:,} enterprises, {LARGE[1]:,} trade links, {LARGE[2]:,} demands "
        "(the sample's texts, numbered), 400 officers; so are rows named by these three numbers. Seconds are "
        "of two cores that others used too; processor seconds are the report's own."
    )
    parts = ["## The report and the notebooks", about, targets(*goals), table(reports)]
    return "\n\n".join([*parts, table(notebooks)] if len(notebooks) else parts)


if __name__ == "__main__":
    main()
