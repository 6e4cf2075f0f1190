"""Set for every kernel that the tests start: without these, outputs of notebooks differ from run to run."""

import os
import shutil
import sys

import pytest

os.environ["PYTHONHASHSEED"] = "0"
os.environ["TQDM_DISABLE"] = "1"
# Messages are compared in English, whatever the locale of the machine.
os.environ["LIAISON_LANGUAGE"] = "en"


def pytest_collection_modifyitems(config):
    # nbval 0.11 would measure coverage inside the notebooks' kernels as well, and waits in vain for
    # ipykernel 7 to begin; pytest-cov has read the option by now.
    if hasattr(config.option, "cov_source"):
        config.option.cov_source = None


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
