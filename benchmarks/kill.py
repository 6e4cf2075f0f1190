"""Kill every command at random moments, and see what is left of the file that stood where it writes.

Run with ``python benchmarks/kill.py`` in the project's environment; ``--moments`` says how often each command
is killed, ``--report`` how often the report is, ``--write`` puts the table into RESULTS.md. A command is
started on a copy of the sample ledger, with an output of its own from an earlier run in place, and killed
(SIGKILL): half of the times after a random part of the time that it takes undisturbed, half of them within a
tenth of a second after its temporary file has appeared. Then the output must be the old file or the new one,
whole and readable; and when the command has run once more, nothing but the output may be left in its folder,
and nothing in the folder for temporary files.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import pandas as pd
from results import table, targets, write_section

from liaison_analysis.ledger import shipped

SEED = 20260601
COMMANDS = {
    "sample": ["sample", "{out}/ledger.xlsx"],
    "lists": ["lists", "{ledger}", "{out}/lists.xlsx", "--on", "2022-12-31"],
    "resolve": ["resolve", "{ledger}", "{out}/review.xlsx"],
    "policies": ["policies", "{documents}", "{out}/clauses.xlsx"],
    "report": ["report", "{ledger}", "--out", "{out}"],
}


def start(command, places):
    arguments = [part.format(**places) for part in COMMANDS[command]]
    environment = {**os.environ, "TMPDIR": str(places["temporary"]), "TQDM_DISABLE": "1"}
    return subprocess.Popen(  # noqa: S603 - own command
        [sys.executable, "-m", "liaison_analysis", *arguments],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def run(command, places):
    begun = time.perf_counter()
    code = start(command, places).wait()
    assert code == 0, (command, code)
    return time.perf_counter() - begun


def contents(folder):
    return {
        path.name: path.read_bytes() for path in sorted(folder.iterdir()) if not path.name.startswith(".")
    }


def is_whole(name, data):
    """Whether a workbook can be read to its end, or a page has its end."""
    if name.endswith(".xlsx"):
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                return book.testzip() is None
        except zipfile.BadZipFile:
            return False
    return data.rstrip().endswith(b"</html>")


def wait_for_moment(process, places, seconds, rng, *, writing):
    """Wait for a part of the run, or, where it is to be killed while it writes, for its temporary file."""
    if not writing:
        time.sleep(rng.uniform(0, seconds))
        return
    while process.poll() is None and not any(p.name.startswith(".liaison-") for p in places["out"].iterdir()):
        time.sleep(0.001)
    time.sleep(rng.uniform(0, 0.1))


def kill_at_random(command, n, folder, rng):
    """Kill a command ``n`` times: (times, killed while it ran, lost, half-written, left over)."""
    places = {
        "ledger": folder / "ledger",
        "documents": folder / "ledger" / "policies",
        "out": folder / "out",
        "temporary": folder / "temporary",
    }
    shutil.copytree(shipped("data/liangjiang"), places["ledger"])
    for name in ("out", "temporary"):
        places[name].mkdir()
    seconds = run(command, places)
    old = contents(places["out"])
    killed = lost = half = 0
    for at in range(n):
        process = start(command, places)
        wait_for_moment(process, places, seconds, rng, writing=at % 2 == 1)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            killed += 1
        process.wait()
        now = contents(places["out"])
        lost += len(set(old) - set(now))
        half += sum(not is_whole(name, data) for name, data in now.items())
    run(command, places)
    left = sorted({path.name for path in places["out"].iterdir()} - set(old))
    left += [path.name for path in places["temporary"].iterdir() if path.name.startswith("liaison")]
    return {
        "command": command, "seconds": round(seconds, 1), "moments": n, "killed while it ran": killed,
        "lost": lost, "half-written": half, "left after the next run": len(left),
    }  # fmt: skip


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--moments", type=int, default=50)
    options.add_argument("--report", type=int, default=50)
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    rng = random.Random(SEED)  # noqa: S311 - no secrets
    rows = []
    for command in COMMANDS:
        n = given.report if command == "report" else given.moments
        if n:
            with tempfile.TemporaryDirectory() as folder:
                rows.append(kill_at_random(command, n, Path(folder), rng))
            print(rows[-1], flush=True)
    frame = pd.DataFrame(rows)
    lines = [
        "## Commands that are killed",
        "",
        "Each command was killed at random moments, half of them while it wrote, over an earlier output.",
        "",
        table(frame),
        "",
        targets(
            ("outputs lost", int(frame["lost"].sum()), "<=", 0),
            ("outputs half-written", int(frame["half-written"].sum()), "<=", 0),
            ("files left after the next run", int(frame["left after the next run"].sum()), "<=", 0),
        ),
    ]
    print("\n".join(lines))
    if given.write:
        write_section("kill", "\n".join(lines))


if __name__ == "__main__":
    main()
