"""No view of the page breaks a rule of axe-core (npm, development only: npm install --prefix .ci)."""

from pathlib import Path

import pytest

AXE = Path(__file__).parents[2] / ".ci" / "node_modules" / "axe-core" / "axe.min.js"
VIEWS = (
    "home", "today", "demands", "themes", "chain", "introductions", "salons", "loop", "policies", "visits",
    "method",
)  # fmt: skip

pytestmark = pytest.mark.skipif(
    not AXE.exists(), reason="axe-core is not installed; run npm install --prefix .ci"
)


@pytest.fixture(scope="module")
def tab(browser, hostile_report):
    # The page's own policy would refuse the script of the test.
    context = browser.new_context(bypass_csp=True)
    opened = context.new_page()
    opened.goto((hostile_report / "index.html").as_uri())
    opened.evaluate(AXE.read_text(encoding="utf-8"))
    yield opened
    context.close()


def broken(tab):
    found = tab.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [(rule["id"], rule["nodes"][0]["html"][:120]) for rule in found]


@pytest.mark.parametrize("view", VIEWS)
def test_no_rule_is_broken(tab, view):
    for look in ("light", "dark"):
        tab.evaluate("to => { location.hash = to }", f"#{view}?lang=en&look={look}")
        tab.wait_for_selector(f"[data-view={view}]")
        assert broken(tab) == [], look


def test_no_rule_is_broken_by_a_card(tab):
    tab.evaluate("to => { location.hash = to }", "#demands?lang=en&look=light&demand=D00")
    tab.wait_for_selector("dialog")
    assert broken(tab) == []
