"""No view of the page breaks a rule of axe-core (npm, development only: npm install --prefix .ci)."""

import shutil
from pathlib import Path

import pytest
from helpers.hostile_ledger import hostile_ledger

from liaison_analysis.ledger import write_ledger
from liaison_analysis.report.page import run_report

AXE = Path(__file__).parents[2] / ".ci" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
VIEWS = ("home", "demands", "chain", "introductions", "salons", "loop", "policies", "visits", "method")

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
    pytest.mark.skipif(not AXE.exists(), reason="axe-core is not installed; run npm install --prefix .ci"),
]


@pytest.fixture(scope="module")
def tab(tmp_path_factory):
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    folder = tmp_path_factory.mktemp("axe")
    page = run_report(write_ledger(hostile_ledger(), folder / "a.xlsx"), folder / "out")
    with sync_api.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        # The page's own policy would refuse the script of the test.
        opened = browser.new_context(bypass_csp=True).new_page()
        opened.goto(page.as_uri())
        opened.evaluate(AXE.read_text(encoding="utf-8"))
        yield opened
        browser.close()


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_no_rule_is_broken(tab, view, look):
    tab.evaluate("to => { location.hash = to }", f"#{view}?lang=en&look={look}")
    tab.wait_for_selector(f"[data-view={view}]")
    found = tab.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"][:120]) for rule in found] == []
