import json
import re
from dataclasses import replace

import pandas as pd
import pytest
from helpers.listed_demands import GIVEN
from helpers.small_ledger import ledger

from liaison_analysis import Analysis
from liaison_analysis.introductions import unanswered_requests
from liaison_analysis.introductions.unanswered import CAUSES
from liaison_analysis.ledger import typed
from liaison_analysis.report import page_data as page_data_module
from liaison_analysis.report.page_data import VIEWS, failures, page_data, schema
from liaison_analysis.report.tables import vocabulary, word


@pytest.fixture
def analysis(hostile_analysis):
    return hostile_analysis


@pytest.fixture
def data(hostile_data):
    return hostile_data


def test_every_view_is_there_and_progress_names_each(analysis, data):
    named = []
    page_data(analysis, progress=named.append)
    assert sorted(named) == sorted([*VIEWS, "home"])
    assert named[-2:] == ["salons", "home"], "salons are planned beside the other views"
    assert list(data["views"]) == list(VIEWS)
    assert failures(data) == {}


def test_tables_are_those_of_the_analysis(analysis, data):
    gaps = data["views"]["chain"]["tables"]["gaps"]
    assert [row[0] for row in gaps["rows"]] == analysis.chain.table["product"].tolist()
    demands = data["views"]["demands"]["rows"]
    assert len(demands["rows"]) == 30
    assert data["views"]["demands"]["text"]["zh"] == analysis.overview.text.zh
    assert data["views"]["themes"]["text"]["zh"] == analysis.themes.text.zh


def test_demands_without_introduction_are_beside_the_introductions_with_the_cause(analysis, data):
    found = data["views"]["introductions"]["tables"]["without_introduction"]
    rows = [dict(zip(found["columns"], row, strict=True)) for row in found["rows"]]
    missing = unanswered_requests(analysis.ledger, analysis.introductions.table)
    assert [(row["demand_id"], row["cause"]) for row in rows] == list(
        missing[["demand_id", "cause"]].itertuples(index=False, name=None)
    )
    assert rows, "some demand of the ledger finds nobody"
    words, columns = vocabulary()["words"], vocabulary()["columns"]
    assert {row["cause"] for row in rows} <= set(CAUSES) <= set(words)
    assert set(found["columns"]) <= set(columns)
    assert words["without_introduction"] == ["没有找到对接对象的诉求", "Demands that got no introduction"]


def test_slots_and_tables_of_the_salon_count_from_one(data):
    meetings = data["views"]["salons"]["meetings"]
    assert min(row[meetings["columns"].index("slot")] for row in meetings["rows"]) == 1


def test_single_demands_and_enterprises_are_not_listed_where_groups_are_protected(protected_data):
    views = protected_data["views"]
    assert views["demands"]["rows"]["rows"] == []
    lists = {
        "loop": ("tasks", "late", "dispatch", "chances"),
        "today": tuple(views["today"]["tables"]),
        "policies": ("answers", "grants", "asked_fields", "invitations"),
        "visits": ("coverage", "priorities"),
        "themes": ("weak", "differences"),
        "introductions": ("without_introduction",),
    }
    for view, names in lists.items():
        for name in names:
            assert views[view]["tables"][name]["rows"] == [], (view, name)
    assert protected_data["meta"]["min_group"] == 3


def test_a_part_that_lacks_a_table_names_it():
    data = page_data(Analysis(ledger()))
    assert data["views"]["visits"]["missing"] == ["links", "visits"]
    assert data["views"]["policies"]["missing"] == ["policies"]
    assert failures(data) == {}


def test_where_products_lack_the_general_chain_is_not_asked_for():
    bare = ledger()
    nothing = bare.enterprises.assign(main_business=pd.NA)
    bare = replace(
        bare, enterprises=nothing, offers=bare.offers.iloc[:0], product_chain=bare.product_chain.iloc[:0]
    )
    assert page_data(Analysis(bare))["views"]["chain"]["missing"] == ["offers"]


def test_what_reading_said_stands_in_both_languages_and_once():
    notes = ("没有“供货关系”表（supplies）：…", "工作表'附件'不含单元格（程序中见 .review）", "自己的说明")
    review = pd.DataFrame(
        [{"sheet": "诉求", "row": 3, "written": "甲", "status": "unread", "why": "没有名称相近的企业"}]
    )
    said = {
        notes[0]: {"zh": notes[0], "en": "no supplies (供货关系): known trade links are not left out"},
        notes[1]: {"zh": notes[1], "en": "sheet '附件' holds no cells; see .review"},
        "没有名称相近的企业": {"zh": "没有名称相近的企业", "en": "no enterprise has a name like this"},
    }
    data = page_data(Analysis(replace(ledger(), notes=notes, review=review)), messages=said)
    assert data["meta"]["notes"] == [
        {"zh": "工作表'附件'不含单元格", "en": "sheet '附件' holds no cells"}, "自己的说明",
    ]  # fmt: skip
    table = data["views"]["method"]["tables"]["review"]
    assert (
        table["rows"][0][table["columns"].index("review_why")]["en"] == "no enterprise has a name like this"
    )


def test_gaps_say_what_to_do_in_both_languages(data):
    table = data["views"]["chain"]["tables"]["gaps"]
    row = dict(zip(table["columns"], table["rows"][0], strict=True))
    assert re.search("[一-鿿]", row["evidence"]["zh"])
    assert re.match("[0-9a-z]", row["evidence"]["en"].replace(row["nearest"] or "?", "a"))
    assert row["action"] in vocabulary()["words"]


def test_enterprises_hard_to_replace_are_those_whose_loss_affects_others(data):
    table = data["views"]["chain"]["tables"]["key"]
    at = [table["columns"].index(name) for name in ("n_sole", "enterprises_hit")]
    assert all(any(row[i] for i in at) for row in table["rows"])


def test_meanings_are_part_of_the_schema():
    assert schema()["competitor"]["meaning_en"] == "Both offer the same product: think twice."


def test_without_remit_and_days_of_settlement_the_page_has_neither():
    demands = GIVEN.demands.assign(in_remit=pd.NA, settled_on=pd.NaT, fed_back_on=pd.NaT, assigned_on=pd.NaT)
    data = page_data(Analysis(replace(GIVEN, demands=typed("demands", demands))))
    serialised = json.dumps(data, ensure_ascii=False)
    assert "remit" not in serialised
    assert "职责" not in serialised
    tables = data["views"]["loop"]["tables"]
    assert not {"backlog", "times", "times_by_owner", "curve"} & set(tables)
    assert tables["by_owner"]["name"] == "by_owner_all"
    keys = {one["key"]: one["value"] for one in data["home"]["figures"]}
    assert "fig_settled" not in keys
    assert keys["fig_open_day"] == 5
    rates = [
        tuple(row[table["columns"].index(name)] for name in ("numerator", "denominator"))
        for table in (tables["rates"], tables["steps"])
        for row in table["rows"]
        if row[0] == "settled"
    ]
    assert rates == [(3, 8), (3, 8)]


def test_what_cannot_be_solved_is_a_state_that_is_not_open():
    status = ["cannot be solved", *["solving"] * (len(GIVEN.demands) - 1)]
    demands = GIVEN.demands.assign(status=status, settled_on=pd.NaT, fed_back_on=pd.NaT)
    rows = page_data(Analysis(replace(GIVEN, demands=demands)))["views"]["demands"]["rows"]
    at = {name: rows["columns"].index(name) for name in ("status", "is_open")}
    assert [row[at["is_open"]] for row in rows["rows"]][:2] == [False, True]
    assert vocabulary()["words"]["cannot be solved"][0] == "无法解决"


def test_what_a_large_ledger_limits_is_said_in_both_languages(analysis, data, monkeypatch):
    assert data["views"]["method"]["limits"] == []
    monkeypatch.setattr(page_data_module, "_MANY", 2)
    monkeypatch.setattr(page_data_module, "_RAISERS", 1)
    raisers = len(analysis.overview.raisers)
    assert raisers > 1
    monkeypatch.setitem(analysis.themes.weak.attrs, "left_out", 7)
    monkeypatch.setitem(analysis.themes.weak.attrs, "compared", 10)
    n = len(analysis.ledger.enterprises)
    limits = page_data_module._limits(analysis)
    assert limits == [["limit_weak", 10, 17], ["limit_raisers", 1, raisers], ["limit_introductions", 2, n]]
    for key, taken, every in limits:
        for language in ("zh", "en"):
            said = word(key, language).format(taken, every)
            assert str(taken) in said
            assert str(every) in said
