"""One Chromium, and what the report makes of the hostile ledger, once for all tests of the report."""

import shutil

import pytest
from helpers.hostile_ledger import hostile_ledger

from liaison_analysis import Analysis
from liaison_analysis.ledger import write_ledger
from liaison_analysis.report.page import run_report
from liaison_analysis.report.page_data import page_data


@pytest.fixture(scope="session")
def chromium():
    """Path of the Chromium that is installed; tests that use it bear the mark ``browser``."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("Chromium is not installed")
    return path


@pytest.fixture(scope="session")
def browser(chromium):
    """A Chromium that runs as long as the tests."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with sync_api.sync_playwright() as running:
        started = running.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def hostile_analysis():
    """Results of a ledger whose names and texts attack whatever displays them."""
    return Analysis(hostile_ledger())


@pytest.fixture(scope="session")
def hostile_data(hostile_analysis):
    """What the page shows of it, as plain values; no test may change it."""
    return page_data(hostile_analysis)


@pytest.fixture
def analysis(hostile_analysis):
    """Results that a test reads."""
    return hostile_analysis


@pytest.fixture
def data(hostile_data):
    """Plain values that a test reads."""
    return hostile_data


@pytest.fixture(scope="session")
def protected_data():
    """The same where no figure may describe fewer than three enterprises."""
    return page_data(Analysis(hostile_ledger(), min_group=3))


@pytest.fixture(scope="session")
def hostile_report(tmp_path_factory):
    """Folder of the report of that ledger, beside the workbook it was read from."""
    folder = tmp_path_factory.mktemp("secret place")
    source = write_ledger(hostile_ledger(), folder / "台账.xlsx")
    return run_report(source, folder / "out").parent
