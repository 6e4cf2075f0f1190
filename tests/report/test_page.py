"""The page, opened in a real Chromium: every view, in both languages, and what it must never do."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from bs4 import BeautifulSoup
from helpers.hostile_ledger import hostile_ledger

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger import write_ledger
from liaison_analysis.report import page as page_module
from liaison_analysis.report import page_data as data_module
from liaison_analysis.report.appendix import ReportError
from liaison_analysis.report.page import run_report

VIEWS = (
    "home", "today", "demands", "themes", "chain", "introductions", "salons", "loop", "policies", "visits",
    "method",
)  # fmt: skip
TABLES = "main h2, main dt, main thead th, nav a, label:not(:has(select)), .tools button, option:first-child"


# What is neither Chinese nor a name or text of this ledger, but written so in Chinese: file formats, methods.
OURS = "Kaplan–Meier|Wilson|liaison adopt|甲公司https.*?hit=1[<＜]/script[>＞]"
# Texts with Chinese in them that stand in no element of Chinese.
UNMARKED = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement;
    if (/[\\u4e00-\\u9fff]/.test(node.data) && !parent.closest("[lang^=zh], script")) found.push(node.data);
  }
  return found;
}"""


@pytest.fixture
def out(hostile_report):
    return hostile_report


@pytest.fixture
def tab(browser, out):
    """A page that fails its test if it requests anything, prints to the console, or has an error."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    opened = context.new_page()
    console, asked = [], []
    opened.on("console", lambda message: console.append(message.text))
    opened.on("pageerror", lambda error: console.append(str(error)))
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto((out / "index.html").as_uri())
    yield opened
    context.close()
    assert console == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


def visit(tab, view, **state):
    query = "&".join(f"{name}={value}" for name, value in state.items())
    tab.evaluate("to => { location.hash = to }", f"#{view}?{query}" if query else f"#{view}")
    tab.wait_for_selector(f"[data-view={view}]")


def test_three_files_are_written_and_hold_no_path_of_the_machine(out):
    assert sorted(path.name for path in out.iterdir()) == ["index.html", "report.json", "report.xlsx"]
    for name in ("index.html", "report.json"):
        assert "secret place" not in (out / name).read_text(encoding="utf-8")
    assert (out / "index.html").stat().st_size < 2_000_000


def test_same_ledger_gives_same_bytes(out, tmp_path):
    run_report(out.parent / "台账.xlsx", tmp_path)
    for name in ("index.html", "report.json", "report.xlsx"):
        assert (tmp_path / name).read_bytes() == (out / name).read_bytes(), name


def test_policy_admits_one_script_and_one_style_by_their_hashes(out):
    soup = BeautifulSoup((out / "index.html").read_text(encoding="utf-8"), "html.parser")
    policy = soup.select_one('meta[http-equiv="Content-Security-Policy"]')["content"]
    assert policy.startswith("default-src 'none'; img-src data:; font-src data:; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "eval(" not in soup.select("script")[-1].text
    assert len(soup.select("script")) == 2
    assert len(soup.select("style")) == 1
    assert not soup.select("[style], [onclick], link, img, iframe")


def test_json_describes_its_columns(out):
    described = json.loads((out / "report.json").read_text(encoding="utf-8"))
    tables = [t for part in described["views"].values() for t in part["tables"].values()]
    used = {column for table in tables for column in table["columns"]}
    assert used <= set(described["schema"]), sorted(used - set(described["schema"]))
    assert all(len(row) == len(table["columns"]) for table in tables for row in table["rows"])


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_in_both_languages(tab, view, language):
    visit(tab, view, lang=language)
    headings = tab.locator(TABLES).all_inner_texts()
    assert len(headings) > 10
    if language == "en":
        assert [text for text in headings if re.search("[一-鿿]", text)] == []
        assert tab.evaluate(UNMARKED) == [], "Chinese of the ledger is marked as Chinese"
    else:
        assert [text for text in headings if re.search("[a-z]{4}", text.replace("Excel", ""))] == []
        prose = tab.locator("main p.answer, main p.soft, .aside, .mark").all_inner_texts()
        assert [text for text in prose if re.search("[a-z]{4}", re.sub(OURS, "", text))] == []
    assert tab.evaluate("document.documentElement.lang") == {"zh": "zh-CN", "en": "en"}[language]
    assert tab.evaluate("document.documentElement.scrollWidth") <= 1280


@pytest.mark.parametrize("view", VIEWS)
def test_hostile_names_and_texts_do_nothing(tab, view):
    visit(tab, view)
    assert tab.evaluate("window.hit") is None
    links = tab.locator("main a, #top a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert [link for link in links if not link.startswith("#")] == []
    assert tab.locator("main img, main script, main iframe").count() == 0
    assert "\u202e" not in tab.locator("body").inner_text()


def test_first_screen_fits_a_laptop_and_a_phone(tab):
    visit(tab, "home")
    assert tab.locator(".figures li").count() == 5
    assert tab.locator(".home dt").count() == 6
    assert 1 <= tab.locator(".decisions li").count() <= 3
    assert tab.evaluate("document.documentElement.scrollHeight") <= 800
    tab.set_viewport_size({"width": 375, "height": 700})
    for view in VIEWS:
        visit(tab, view)
        assert tab.evaluate("document.documentElement.scrollWidth") <= 375, view


@pytest.mark.parametrize("width", [1280, 390])
def test_no_table_scrolls_sideways(tab, width):
    tab.set_viewport_size({"width": width, "height": 800})
    for language in ("zh", "en"):
        for view in VIEWS:
            visit(tab, view, lang=language)
            wide = tab.locator(".scroll").evaluate_all(
                "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.ariaLabel)"
            )
            assert wide == [], (language, view)


def test_letters_of_figures_are_as_large_on_a_phone(tab):
    tab.set_viewport_size({"width": 375, "height": 800})
    for view in ("loop", "visits", "demands"):
        visit(tab, view, lang="en")
        sizes = tab.locator("figure svg text").evaluate_all(
            "all => all.map(e => [e.textContent, e.getBoundingClientRect()])"
            ".map(([text, box]) => [text, box.height, box.left, box.right])"
        )
        assert sizes, view
        # A drawing of 620 pixels shown on 350 has letters of 8 pixels; nobody reads what is cut off.
        wrong = [text for text, height, left, right in sizes if height < 11 or left < 0 or right > 375]
        assert wrong == [], view


def test_every_row_that_a_phone_stacks_names_its_cells(tab):
    tab.set_viewport_size({"width": 375, "height": 800})
    visit(tab, "method", lang="en")
    # The name stands in the cell's padding; without it, it lies outside the page.
    rooms = tab.locator("table.rows tbody td:not([data-empty])").evaluate_all(
        "all => all.map(e => parseFloat(getComputedStyle(e).paddingLeft))"
    )
    assert rooms
    assert min(rooms) > 80


def test_columns_without_any_value_are_not_shown_and_rows_name_their_cells_on_a_phone(tab, hostile_data):
    tasks = hostile_data["views"]["loop"]["tables"]["tasks"]
    empty = [i for i, _ in enumerate(tasks["columns"]) if all(row[i] is None for row in tasks["rows"])]
    visit(tab, "loop", lang="en")
    shown = tab.locator("[data-table=tasks] thead button").evaluate_all(
        "all => all.map(b => b.dataset.column)"
    )
    assert shown == [one for i, one in enumerate(tasks["columns"]) if i not in empty]
    tab.set_viewport_size({"width": 390, "height": 800})
    first = tab.locator("[data-table=tasks] tbody tr").first
    label = first.locator("td").first.evaluate("e => getComputedStyle(e, '::before').content")
    assert label == '"Demand"'


def test_the_address_keeps_language_filters_search_and_order(tab):
    visit(tab, "demands", lang="en", mode="table")
    tab.locator("select[name=town]").select_option("水土")
    tab.locator("input[name=q]").fill("工业机器人")
    tab.locator("[data-table=all] [data-column=raised_on]").click()
    rows = tab.locator("[data-table=all] tbody tr").all_inner_texts()
    assert len(rows) == 5
    address = tab.url
    again = tab.context.new_page()
    again.goto(address)
    assert again.locator("[data-table=all] tbody tr").all_inner_texts() == rows
    assert again.locator("select[name=town]").input_value() == "水土"
    again.get_by_role("link", name="Introductions", exact=True).click()
    assert again.locator("select[name=town]").input_value() == "水土", "one filter bar holds across views"


def test_tables_sort_by_value_both_ways(tab):
    visit(tab, "chain", lang="en")
    column = tab.locator("[data-table=gaps] [data-column=asked_for]")
    cells = "[data-table=gaps] tbody td:nth-child(5)"
    column.click()
    up = [int(text) for text in tab.locator(cells).all_inner_texts()]
    tab.locator("[data-table=gaps] [data-column=asked_for]").click()
    down = [int(text) for text in tab.locator(cells).all_inner_texts()]
    assert up == sorted(up)
    assert down == sorted(down, reverse=True)
    assert tab.locator("[data-table=gaps] th[aria-sort=descending]").count() == 1


def test_downloads_hold_the_rows_that_are_shown_and_run_nothing(tab, tmp_path):
    visit(tab, "loop", lang="zh", owner="=产业部")
    box = tab.locator("[data-table=tasks]")
    shown = box.locator("tbody tr").count()
    assert shown > 0
    with tab.expect_download() as caught:
        box.get_by_role("button", name="下载CSV").click()
    csv = pd.read_csv(caught.value.path(), encoding="utf-8-sig")
    assert len(csv) == shown
    assert set(csv["责任部门"]) == {"'=产业部"}
    with tab.expect_download() as caught:
        box.get_by_role("button", name="下载Excel").click()
    path = tmp_path / "tasks.xlsx"
    shutil.copy(caught.value.path(), path)
    for engine in ("openpyxl", "calamine"):
        sheet = pd.read_excel(path, engine=engine)
        assert len(sheet) == shown
        assert set(sheet["责任部门"]) == {"=产业部"}


def test_a_demand_opens_as_a_card_and_closes_by_keyboard(tab):
    visit(tab, "demands", lang="en")
    tab.locator(".card .name").first.focus()
    tab.keyboard.press("Enter")
    dialog = tab.locator("dialog")
    assert dialog.get_by_role("heading", name="History").count() == 1
    assert "demand=" in tab.url
    tab.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    assert "demand=" not in tab.url


def test_the_evidence_of_an_introduction_is_a_bar_and_words_in_order_of_weight(tab, hostile_data):
    visit(tab, "introductions", lang="en")
    names = {"chain_share": "product chain", "asked_share": "own demand", "back_share": "their demand"}
    calls = hostile_data["views"]["introductions"]["calls"]
    # Sheets of calls stand by officer, in order.
    first = min(
        (dict(zip(calls["columns"], row, strict=True)) for row in calls["rows"]),
        key=lambda call: call["officer_id"] or "~",
    )
    shares = {word: first[column] for column, word in names.items()}
    shares["other"] = 1 - sum(shares.values())
    said = [word for word in sorted(shares, key=shares.get, reverse=True) if shares[word] >= 0.05]
    written = said[0] if len(said) == 1 else f"mostly {said[0]}, also {', '.join(said[1:])}"
    bar = tab.locator("[data-view=introductions] svg[role=img]").first
    assert bar.get_attribute("aria-label") == f"Evidence: {written}"
    assert tab.locator("[data-view=introductions] svg[role=img] + span").first.inner_text() == written


def test_the_chain_is_walked_by_keyboard_and_says_what_drops_out(tab):
    visit(tab, "chain", lang="en", node="e:G")
    tab.locator(".node.centre").focus()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("Enter")
    assert "node=" in tab.url
    visit(tab, "chain", lang="en", node="e:G")
    tab.get_by_role("button", name="If it drops out").click()
    assert (
        tab.locator(".answer[role=status]")
        .inner_text()
        .startswith("Without 丙减速器, nobody makes 1 products;")
    )
    visit(tab, "chain", lang="en", **{"from": "e:G", "to": "e:W", "node": "e:G"})
    assert tab.locator("main p", has_text="Shortest route (4 steps)").count() == 1


def test_today_is_filtered_by_department_and_officer_with_questions_to_ask(tab):
    visit(tab, "today", lang="en")
    assert tab.locator("section[aria-label='To hand over'] .call").count() == 8
    assert tab.locator("section[aria-label='To route'] .call").count() == 2
    every = tab.locator("[data-table=todo] .tools span").inner_text()
    tab.get_by_role("button", name="=产业部").first.click()
    assert "owner=" in tab.url
    assert tab.locator("section[aria-label='To hand over'] .call").count() == 4
    assert tab.locator("[data-table=todo] .tools span").inner_text() != every
    visit(tab, "today", lang="en", owner="@服务部")
    calls = tab.locator("section[aria-label='Call back'] .call").all_inner_texts()
    assert any("Ask: is it the same matter" in call for call in calls)


def test_the_card_of_an_open_demand_shows_limit_suggestion_precedents_and_origin(tab, hostile_data):
    todo = hostile_data["views"]["today"]["tables"]["todo"]
    first = next(row[todo["columns"].index("demand_id")] for row in todo["rows"] if row[0] == "route")
    visit(tab, "demands", lang="en", demand=first)
    dialog = tab.locator("dialog")
    for heading in ("Limit and outlook", "Suggested department", "Precedents"):
        assert dialog.get_by_role("heading", name=heading).count() == 1, heading
    assert re.search(r"Origin in the workbook: 台账.* · demands · row \d+", dialog.inner_text())
    before = dialog.get_by_role("heading").first.inner_text()
    dialog.locator("ol .linkish").first.click()
    assert tab.locator("dialog").count() == 1
    assert tab.locator("dialog").get_by_role("heading").first.inner_text() != before


def test_themes_stand_under_their_groups_and_lead_to_their_demands(tab):
    visit(tab, "themes", lang="en")
    names = tab.locator("tbody th.inner a").all_inner_texts()
    assert "finding customers" in names
    tab.get_by_role("link", name="finding customers", exact=True).click()
    tab.wait_for_selector("[data-view=demands]")
    assert tab.locator("select[name=theme]").input_value() == "市场开拓"
    assert 0 < tab.locator("#demand-list .card").count() < 24


def test_the_map_of_themes_has_a_cell_for_each_as_large_as_it_is_asked_for(tab, hostile_data):
    levels = hostile_data["views"]["themes"]["tables"]["levels"]
    sizes = {
        row[levels["columns"].index("name")]: row[levels["columns"].index("size")] for row in levels["rows"]
    }
    visit(tab, "themes", lang="zh")
    areas = tab.locator("a.cell").evaluate_all(
        "all => all.map(a => [a.querySelector('title').textContent, a.querySelector('rect').getBBox()])"
        ".map(([l, b]) => [l, (b.width + 3) * (b.height + 3)])"
    )
    assert len(areas) == len(sizes)
    each = {label.split(" ")[0]: area for label, area in areas}
    unit = sum(each.values()) / sum(sizes.values())
    assert all(abs(each[name] - size * unit) < 0.01 * each[name] for name, size in sizes.items())
    tab.locator("a.cell").first.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_selector("[data-view=demands]")
    assert tab.locator("select[name=theme]").input_value() in sizes


def test_dark_mode_changes_colours_and_stays(tab):
    visit(tab, "home", lang="en")
    before = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    tab.get_by_role("button", name="Dark").click()
    after = tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert before != after
    tab.get_by_role("link", name="Demands", exact=True).click()
    assert tab.evaluate("document.documentElement.dataset.theme") == "dark"


def test_on_paper_every_view_stands_within_fifteen_pages(tab):
    visit(tab, "home")
    printed = tab.pdf(format="A4", prefer_css_page_size=True)
    assert 3 <= len(re.findall(rb"/Type /Page[^s]", printed)) <= 15
    tab.wait_for_function("document.documentElement.dataset.printing === undefined")


def test_a_failing_part_leaves_the_rest_and_is_raised(tmp_path, monkeypatch):
    def broken(_analysis):
        raise ZeroDivisionError("3 demands\nin all")

    monkeypatch.setattr(data_module, "loop_part", broken)
    source = write_ledger(replace(hostile_ledger(), salons=hostile_ledger().salons), tmp_path / "a.xlsx")
    with pytest.raises(ReportError) as caught:
        run_report(source, tmp_path / "out")
    assert caught.value.failures == {"loop": "ZeroDivisionError: 3 demands"}
    data = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert data["views"]["loop"]["failed"] == "ZeroDivisionError: 3 demands"
    assert data["views"]["demands"]["rows"]["rows"]


def test_what_changed_since_an_earlier_ledger_is_listed(tmp_path):
    now = hostile_ledger()
    earlier = now.demands.iloc[:-1].copy()
    before = write_ledger(replace(now, demands=earlier), tmp_path / "before.xlsx")
    after = write_ledger(now, tmp_path / "after.xlsx")
    page = run_report(after, tmp_path / "out", since=before)
    data = json.loads((page.parent / "report.json").read_text(encoding="utf-8"))
    assert data["meta"]["compared"]
    assert next(row[1] for row in data["changes"]["rows"]) in {"新增诉求", "已办结", "新超期"}


def test_an_unreadable_ledger_writes_nothing(tmp_path):
    with pytest.raises(LedgerError, match="no such file or folder"):
        run_report(tmp_path / "none.xlsx", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_interrupt_leaves_no_file_half_written(tmp_path, monkeypatch, hostile_data):
    source = write_ledger(hostile_ledger(), tmp_path / "a.xlsx")

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(page_module, "page_data", lambda *_, **__: hostile_data)
    monkeypatch.setattr(page_module, "page_html", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_report(source, tmp_path / "out")
    assert not (tmp_path / "out" / "index.html").exists()
    assert not list((tmp_path / "out").glob(".*"))


def test_a_ledger_of_one_demand_says_what_it_lacks(tmp_path):
    folder = tmp_path / "ledger"
    folder.mkdir()
    Path(folder / "enterprises.csv").write_text("enterprise_id,name\nE1,某厂\n", encoding="utf-8")
    Path(folder / "demands.csv").write_text(
        "demand_id,enterprise_id,raised_on,text\nD1,E1,2022-01-05,停车难\n", encoding="utf-8"
    )
    page = run_report(folder, tmp_path / "out")
    data = json.loads((page.parent / "report.json").read_text(encoding="utf-8"))
    missing = {name: part.get("missing") for name, part in data["views"].items()}
    assert missing["introductions"] == ["offers"]
    assert missing["demands"] is missing["loop"] is None
    assert [one["text"] is None for one in data["home"]["answers"]] == [False, True, True, True, True, False]
