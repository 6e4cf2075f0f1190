"""Kill every command at random moments, and check the file that it was about to replace.

Run with ``python benchmarks/kill.py`` in the project's environment; names of commands kill those alone,
``--moments`` says how often, ``--write`` puts their rows into the table of RESULTS.md and leaves the others,
``--add`` continues the counts of the existing row, with other moments.

A command is started on a copy of the sample ledger, with an output of its own from an earlier run in place,
and killed (SIGKILL): half of the times after a random part of the time that it takes undisturbed, half of
them within a tenth of a second after its temporary file has appeared. Then the output must be the old file or
the new one, whole and readable; and when the command has run once more, nothing but the output may be left in
its folder, and nothing in the folder for temporary files. ``notebooks`` never replaces a folder: it is killed
without an earlier folder, and must leave all notebooks or none.
"""

from __future__ import annotations

import argparse
import io
import json
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
from results import RESULTS, SECTION, table, targets, write_section

from liaison_analysis.ledger import shipped

SEED = 20260601
COMMANDS = {
    "sample": ["sample", "{out}/ledger.xlsx"],
    "template": ["template", "{out}/ledger.xlsx"],
    "check": ["check", "{ledger}", "--problems", "{out}/problems.xlsx"],
    "adopt": ["adopt", "{ledger}", "{out}/ledger.xlsx"],
    "resolve": ["resolve", "{ledger}", "{out}/review.xlsx"],
    "resolve --out": ["resolve", "{ledger}", "{review}", "--out", "{out}/ledger.xlsx"],
    "lists": ["lists", "{ledger}", "{out}/lists.xlsx", "--on", "2022-12-31"],
    "dispatch": ["dispatch", "{ledger}", "{out}/meeting.xlsx", "--on", "2022-12-31"],
    "policies": ["policies", "{documents}", "{out}/clauses.xlsx"],
    "handbook": ["handbook", "{documents}", "{out}"],
    "notebooks": ["notebooks", "{ledger}", "--out", "{out}/notebooks"],
    "report": ["report", "{ledger}", "--out", "{out}"],
}
MEASURES = ("lost", "half-written", "left after the next run")


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
    """Files of a folder and of those in it by their names, temporary ones apart."""
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    names = {path: path.relative_to(folder).as_posix() for path in paths}
    hidden = {path for path, name in names.items() if any(part.startswith(".") for part in name.split("/"))}
    return {names[path]: path.read_bytes() for path in paths if path not in hidden}


def is_whole(name, data):
    """Whether a workbook or document can be read to its end, and a page or JSON has its end."""
    if name.endswith((".xlsx", ".docx")):
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as book:
                return book.testzip() is None
        except zipfile.BadZipFile:
            return False
    if name.endswith((".json", ".ipynb")):
        try:
            return bool(json.loads(data))
        except ValueError:
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


def places_of(command, folder):
    """Make the inputs of a command and the folders that it writes to."""
    places = {
        "ledger": folder / "ledger",
        "documents": folder / "ledger" / "policies",
        "review": folder / "review.xlsx",
        "out": folder / "out",
        "temporary": folder / "temporary",
    }
    shutil.copytree(shipped("data/liangjiang"), places["ledger"])
    for name in ("out", "temporary"):
        places[name].mkdir()
    if command == "resolve --out":
        run("resolve", places)
        (places["out"] / "review.xlsx").rename(places["review"])
    return places


def kill_at_random(command, n, folder, rng):
    """Kill a command ``n`` times: how often while it ran, and what was lost, half-written and left over."""
    places = places_of(command, folder)
    seconds = run(command, places)
    old = contents(places["out"])
    killed = lost = half = 0
    for at in range(n):
        before = set() if command == "notebooks" else set(old)
        if command == "notebooks":
            shutil.rmtree(places["out"] / "notebooks", ignore_errors=True)
        process = start(command, places)
        wait_for_moment(process, places, seconds, rng, writing=at % 2 == 1)
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            killed += 1
        process.wait()
        now = contents(places["out"])
        # All of them or none, where there was nothing before.
        lost += len((before or (set(old) if now else set())) - set(now))
        half += sum(not is_whole(name, data) for name, data in now.items())
    if command == "notebooks":
        shutil.rmtree(places["out"] / "notebooks", ignore_errors=True)
    run(command, places)
    kept = {places["out"] / name for name in old}
    kept |= {parent for path in kept for parent in path.parents}
    left = [path for path in places["out"].rglob("*") if path not in kept]
    left += [path for path in places["temporary"].iterdir() if path.name.startswith("liaison")]
    return {
        "command": command, "seconds": round(seconds, 1), "moments": n, "killed while it ran": killed,
        "lost": lost, "half-written": half, "left after the next run": len(left),
    }  # fmt: skip


def written_rows():
    """Rows of the table in RESULTS.md by command."""
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    section = next((found["text"] for found in SECTION.finditer(text) if found["name"] == "kill"), "")
    names = ["command", "seconds", "moments", "killed while it ran", *MEASURES]
    earlier = {}
    for line in section.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == len(names) and cells[0] in COMMANDS:
            counts = map(int, cells[2:])
            earlier[cells[0]] = dict(zip(names, [cells[0], float(cells[1]), *counts], strict=True))
    return earlier


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("commands", nargs="*", metavar="command", help="which to kill; all if none is named")
    options.add_argument("--moments", type=int, default=50)
    options.add_argument("--write", action="store_true", help="put the rows into RESULTS.md")
    options.add_argument("--add", action="store_true", help="count on from the rows in RESULTS.md")
    given = options.parse_args()
    if unknown := set(given.commands) - set(COMMANDS):
        options.error(f"no such command: {', '.join(sorted(unknown))}; there are {', '.join(COMMANDS)}")
    rows = written_rows()
    for command in given.commands or COMMANDS:
        before = rows.get(command, {}) if given.add else {}
        rng = random.Random(f"{SEED} {command} {before.get('moments', 0)}")  # noqa: S311 - no secrets
        with tempfile.TemporaryDirectory() as folder:
            row = kill_at_random(command, given.moments, Path(folder), rng)
        counted = ("moments", "killed while it ran", *MEASURES)
        rows[command] = row | {name: row[name] + before.get(name, 0) for name in counted}
        print(rows[command], flush=True)
    frame = pd.DataFrame([rows[name] for name in COMMANDS if name in rows])
    lines = [
        "## Commands that are killed",
        "",
        "Each command was killed at random moments, half of them while it wrote, over an earlier output.",
        "",
        table(frame),
        "",
        targets(*((f"files {name}", int(frame[name].sum()), "<=", 0) for name in MEASURES)),
    ]
    print("\n".join(lines))
    if given.write:
        write_section("kill", "\n".join(lines))


if __name__ == "__main__":
    main()
