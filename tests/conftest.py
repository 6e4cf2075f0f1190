"""Set for every kernel that the tests start: without these, outputs of notebooks differ from run to run."""

import csv
import os
import shutil
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ["PYTHONHASHSEED"] = "0"
os.environ["TQDM_DISABLE"] = "1"
# Messages are compared in English, whatever the locale of the machine.
os.environ["LIAISON_LANGUAGE"] = "en"
# Durations mean nothing on a shared machine. The same commit is tried with the same cases;
# ``pytest --hypothesis-profile=new-cases`` looks for others.
settings.register_profile("new-cases", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same-cases", settings.get_profile("new-cases"), derandomize=True)
settings.load_profile("same-cases")


#: Seconds of every test that is slow, as ``.ci/slow_tests.py`` measured them.
SLOW = Path(__file__).parent / "data" / "slow_tests.csv"
#: Seconds of processes that outlive a test, in which its own are not counted: those of Spark's Java.
UNCOUNTED = {"spark": 40.0}
#: Marks that follow from a fixture.
MARKS = {"chromium": "browser", "spark": "spark"}


class Figures:
    """Closes what a test or an example drew: pyplot keeps figures, and warns of more than twenty."""

    def pytest_runtest_teardown(self):
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is not None:
            pyplot.close("all")


def pytest_configure(config):
    # Hooks of this file alone would not see the examples in ``src``.
    config.pluginmanager.register(Figures())


def file_of(test):
    return test.split("::")[0]


def group_of(test):
    """Tests that share what is expensive to make run in one process: a file, Spark, the report."""
    file = file_of(test)
    if "::test_spark" in test:
        return "spark"
    page = file.startswith("tests/report/") and not file.endswith("test_appendix.py")
    return "tests/report" if page else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    from xdist.scheduler import LoadScopeScheduling

    class Groups(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            return group_of(nodeid)

    return Groups(config, log)


def pytest_collection_modifyitems(config, items):
    # nbval 0.11 would measure coverage inside the notebooks' kernels as well, and waits in vain for
    # ipykernel 7 to begin; pytest-cov has read the option by now.
    if hasattr(config.option, "cov_source"):
        config.option.cov_source = None
    with SLOW.open(encoding="utf-8", newline="") as file:
        slow = {row["test"]: float(row["seconds"]) for row in csv.DictReader(file)}
    weights, weighed = Counter(UNCOUNTED), set()
    for item in items:
        for fixture in MARKS.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(MARKS[fixture])
        test = item.nodeid.split("[")[0]
        test = test if test in slow else file_of(item.nodeid)
        if test in slow:
            if test not in weighed:
                weights[group_of(item.nodeid)] += slow[test]
                weighed.add(test)
            item.add_marker("slow")
    if hasattr(config, "workerinput"):
        # Long ones first, so that no process waits for another at the end.
        items.sort(key=lambda item: -weights[group_of(item.nodeid)])


@pytest.fixture(scope="session")
def spark():
    """Ibis on a Spark of this machine; skips where there is none."""
    sql = pytest.importorskip("pyspark.sql", reason="pyspark is not installed; pip install pyspark==4.0.5")
    if shutil.which("java") is None:
        pytest.skip("no java on the path, which Spark needs")
    import ibis

    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    # Workers of another Python than the driver's are refused.
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        sql.SparkSession.builder.master("local[2]")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate()
    )
    yield ibis.pyspark.connect(session)
    session.stop()
