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


# Language, look and width of the window: of any two of them every pair is there.
LOOKS = [("en", "light", 1280), ("zh", "dark", 1280), ("zh", "light", 375), ("en", "dark", 375)]


@pytest.fixture(params=LOOKS, ids=["-".join(map(str, look)) for look in LOOKS])
def looked_at(tab, request):
    language, look, width = request.param
    tab.set_viewport_size({"width": width, "height": 800})
    return tab, f"lang={language}&look={look}"


@pytest.mark.parametrize("view", VIEWS)
def test_no_rule_is_broken(looked_at, view):
    tab, look = looked_at
    tab.evaluate("to => { location.hash = to }", f"#{view}?{look}")
    tab.wait_for_selector(f"[data-view={view}]")
    assert broken(tab) == []


@pytest.mark.parametrize("view", ["demands", "introductions", "today", "chain"])
def test_no_rule_is_broken_by_a_card(looked_at, view):
    tab, look = looked_at
    tab.evaluate("to => { location.hash = to }", f"#{view}?{look}&demand=D00")
    tab.wait_for_selector("dialog")
    assert broken(tab) == []
