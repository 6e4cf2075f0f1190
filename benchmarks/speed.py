"""How long the sample ledger takes: import, first mentions, introductions, and the report before and after.

    python benchmarks/speed.py [--runs N] [--before CHECKOUT]

Each figure is the median of fresh processes, with the processor time beside the time on the clock: on a busy
machine the clock includes other programs. ``--before`` names a checkout of an earlier version; the report is
then written by both in turn in the same run, and the ratio of each pair of runs is reported.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import pandas as pd
from results import table, targets, write_section

ROOT = Path(__file__).resolve().parents[1]
LEDGER = ROOT / "data" / "liangjiang"

IMPORT = """
import time; begun = time.perf_counter(), time.process_time()
import liaison_analysis
print([time.perf_counter() - begun[0], time.process_time() - begun[1]])
"""
MENTIONS = """
from liaison_analysis import load_liangjiang
from liaison_analysis.demands import demand_mentions
assert len(demand_mentions(load_liangjiang()))
"""
# Warm: the ledger's mentions are there, and each function has run once on another seeker.
WARM = """
import json, time
from liaison_analysis import load_liangjiang, rank_introductions
from liaison_analysis.demands import demand_mentions
from liaison_analysis.introductions import what_if, without_each
ledger = load_liangjiang()
demand_mentions(ledger)
rank_introductions(ledger, ["E002"])
def timed(run):
    begun = time.perf_counter(), time.process_time()
    run()
    return [time.perf_counter() - begun[0], time.process_time() - begun[1]]
what_if(ledger, "E001", "E242", "E199"), without_each(ledger, "E002")
print(json.dumps({
    "`what_if`, warm": timed(lambda: what_if(ledger, "E001", "E241", "E199")),
    "`without_each`, warm": timed(lambda: without_each(ledger, "E001")),
    "introductions of all 240 visited enterprises": timed(lambda: rank_introductions(ledger, EVERYONE)),
}))
""".replace("EVERYONE", 'sorted(ledger.enterprises["enterprise_id"])[:240]')

REPORT_NOTE = """
The report of the sample, written by the version before the packages (b0f0bca) and by this one in turn: whole
commands, with every process that they start.
"""
WANTED = {
    "`import liaison_analysis`": 0.2,
    "mentions of the sample, a fresh process with its imports": 4.0,
    "`what_if`, warm": 4.0,
    "`without_each`, warm": 4.0,
    "introductions of all 240 visited enterprises": 5.0,
}


def whole(*command, checkout=ROOT):
    """Seconds on the clock and of the processor that a command takes, with all the processes it starts."""
    environment = os.environ | {"PYTHONPATH": str(Path(checkout) / "src"), "TQDM_DISABLE": "1"}
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, *command],
        check=True,
        env=environment,
        cwd=checkout,
        stdout=subprocess.PIPE,
        text=True,
    )
    clock, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return [clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime], done.stdout


def medians(runs):
    """Median seconds on the clock and of the processor."""
    return [median(column) for column in zip(*runs, strict=True)]


def of_functions(runs):
    """Seconds of each function, by its name."""
    whole("-c", MENTIONS)  # from here on the system has the files in memory
    seconds = {"`import liaison_analysis`": medians(json.loads(whole("-c", IMPORT)[1]) for _ in range(runs))}
    name = "mentions of the sample, a fresh process with its imports"
    seconds[name] = medians(whole("-c", MENTIONS)[0] for _ in range(runs))
    warm = [json.loads(whole("-c", WARM)[1]) for _ in range(runs)]
    return seconds | {name: medians(run[name] for run in warm) for name in warm[0]}


def of_report(checkout):
    """Seconds of the report of the sample, as ``make report`` writes it."""
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(checkout) / "data" / "liangjiang"
        return whole("-m", "liaison_analysis", "report", ledger, "--out", f"{folder}/out", checkout=checkout)[
            0
        ]


def main() -> None:
    """Time everything, print it, and write the sections."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="fresh processes of each figure (5)")
    parser.add_argument("--before", type=Path, help="checkout of the version to compare the report with")
    parser.add_argument("--only-report", action="store_true")
    options = parser.parse_args()
    if not options.only_report:
        seconds = of_functions(options.runs)
        rows = [(name, f"{clock:.2f}", f"{cpu:.2f}") for name, (clock, cpu) in seconds.items()]
        section = [
            "## Seconds that the sample ledger takes",
            f"\nMedians of {options.runs} fresh processes, 2 processors: `python benchmarks/speed.py`.\n",
            targets(*((name, seconds[name][0], "<=", wanted) for name, wanted in WANTED.items())),
            "",
            table(pd.DataFrame(rows, columns=["what", "seconds on the clock", "of the processor"])),
        ]
        print("\n".join(section))
        write_section("speed", "\n".join(section))
    if options.before:
        pairs = [(of_report(ROOT), of_report(options.before.resolve())) for _ in range(2)]
        ratio = median(now[0] / before[0] for now, before in pairs)
        rows = [
            (
                i,
                *(f"{seconds:.0f}" for pair in (before, now) for seconds in pair),
                f"{now[0] / before[0]:.2f}",
            )
            for i, (now, before) in enumerate(pairs, start=1)
        ]
        columns = [
            "pair",
            "before, clock",
            "before, processor",
            "now, clock",
            "now, processor",
            "ratio (clock)",
        ]
        section = [
            "## Seconds of the report, before and now",
            REPORT_NOTE,
            targets(("time of the report against before", ratio, "<=", 1 / 3)),
            "",
            table(pd.DataFrame(rows, columns=columns)),
        ]
        print("\n".join(section))
        write_section("speed_report", "\n".join(section))


if __name__ == "__main__":
    main()
