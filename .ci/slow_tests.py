"""Measure every test and write those that are slow, with their seconds, to tests/data/slow_tests.csv.

A test is slow if it, with all its parameters, takes more than LIMIT seconds of processor time (its child
processes counted), or if it uses a shared fixture that takes more than SHARED. Notebooks are listed whole.
What the first test of all pays for imports is noise. Run it on a quiet machine: about ten minutes.
"""

from __future__ import annotations

import csv
import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "tests" / "data" / "slow_tests.csv"
# All tests below it, together, let `make check` end within 90 seconds on two cores.
LIMIT = 0.2
# A fixture that many tests share costs each of them little.
SHARED = 3.0


class Stopwatch:
    """Processor time of tests without their shared fixtures, and of these."""

    def __init__(self) -> None:
        self.tests: Counter[str] = Counter()
        self.fixtures: Counter[tuple[str, str]] = Counter()
        self.uses: dict[str, set[tuple[str, str]]] = {}
        self._shared = 0.0

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Iterator[None]:
        """Time a fixture that several tests share."""
        start = processor_time()
        try:
            return (yield)
        finally:
            if fixturedef.scope != "function":
                taken = processor_time() - start
                self.fixtures[fixturedef.baseid, fixturedef.argname] += taken
                self._shared += taken

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Time a test from its setup to its teardown."""
        start, self._shared = processor_time(), 0.0
        try:
            return (yield)
        finally:
            test = name_of(item)
            self.tests[test] += processor_time() - start - self._shared
            known = getattr(item, "_fixtureinfo", None)
            definitions = known.name2fixturedefs.values() if known else ()
            self.uses.setdefault(test, set()).update((one[-1].baseid, one[-1].argname) for one in definitions)

    def slow(self) -> dict[str, float]:
        """Seconds of each slow test, its share of a fixture's not counted."""
        heavy = {fixture for fixture, taken in self.fixtures.items() if taken > SHARED}
        return {
            test: round(taken, 1)
            for test, taken in sorted(self.tests.items())
            if taken > LIMIT or self.uses[test] & heavy or test.endswith(".ipynb")
        }


def name_of(item: pytest.Item) -> str:
    """Id of a test without its parameters; of a cell, its notebook's."""
    file = item.nodeid.split("::")[0]
    return file if file.endswith(".ipynb") else item.nodeid.split("[")[0].split("@")[0]


def processor_time() -> float:
    """Seconds that this process and its ended children have computed."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def write(seconds: dict[str, float]) -> None:
    """Write the table."""
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerows([("test", "seconds"), *sorted(seconds.items())])


if __name__ == "__main__":
    stopwatch = Stopwatch()
    options = ["--nbval", "--nbval-current-env", "--nbval-sanitize-with", "tests/nbval_sanitize.cfg"]
    status = pytest.main(["-q", "tests", "src", "notebooks", *options, *sys.argv[1:]], plugins=[stopwatch])
    write(stopwatch.slow())
    sys.exit(status)
