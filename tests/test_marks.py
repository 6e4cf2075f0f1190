"""Marks say what a test needs; `make check` leaves out those that are slow or need Spark or Chromium."""

import ast
import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SLOW = ROOT / "tests" / "data" / "slow_tests.csv"


def test_every_test_of_a_browser_or_spark_bears_its_mark(request):
    for item in request.session.items:
        fixtures = getattr(item, "fixturenames", ())
        for fixture, mark in (("chromium", "browser"), ("browser", "browser"), ("spark", "spark")):
            assert fixture not in fixtures or item.get_closest_marker(mark), item.nodeid
        # By their names they run in one process, so that one Spark is started.
        assert ("spark" in fixtures) == ("::test_spark" in item.nodeid), item.nodeid


@pytest.mark.parametrize(
    ("needed", "place"),
    [(r"\bchromium-browser\b", "tests/report/conftest.py"), (r"\bpyspark\.sql\b", "tests/conftest.py")],
)
def test_chromium_and_spark_are_started_by_one_fixture(needed, place):
    found = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").rglob("*.py")
        if path != Path(__file__) and re.search(needed, path.read_text(encoding="utf-8"))
    }
    assert found == {place}


def test_the_table_of_slow_tests_is_not_out_of_date():
    with SLOW.open(encoding="utf-8", newline="") as file:
        tests = [row["test"] for row in csv.DictReader(file)]
    assert tests == sorted(set(tests))
    gone = []
    for test in tests:
        path, *names = test.split("::")
        if not (ROOT / path).exists():
            gone.append(test)
        elif path.startswith("tests/"):
            tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
            known = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
            gone += [test for name in names if name not in known]
    # A test that was renamed counts as quick until the next measurement; a few of them do no harm.
    assert len(gone) <= len(tests) / 20, f"measure anew with .ci/slow_tests.py: {gone}"
