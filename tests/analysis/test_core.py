import logging
import re

import pandas as pd
import pytest
from helpers.listed_demands import GIVEN
from helpers.listed_demands import ledger as listed
from helpers.small_ledger import frame, ledger

from liaison_analysis import Analysis, options
from liaison_analysis.analysis import core
from liaison_analysis.errors import LedgerError
from liaison_analysis.followup import write_lists
from liaison_analysis.ledger import read_sheets, write_ledger


def test_a_result_is_worked_out_once(monkeypatch):
    calls = []
    monkeypatch.setattr(core, "overview_of", lambda analysis: calls.append(analysis) or "overview")
    analysis = Analysis(ledger())
    assert (analysis.overview, analysis.overview) == ("overview", "overview")
    assert calls == [analysis]
    assert repr(analysis) == "Analysis(''; computed: overview)"


def test_a_folder_or_workbook_is_read(tmp_path):
    path = write_ledger(ledger(), tmp_path / "ledger.xlsx")
    assert Analysis(path).ledger == ledger()
    assert Analysis(str(path)).ledger.source == "ledger.xlsx"


def test_the_day_is_the_last_on_which_anything_happened():
    assert Analysis(ledger()).day == pd.Timestamp("2022-04-07")


def test_every_count_is_of_the_day_that_is_given():
    asked = Analysis(GIVEN, on="2022-02-01")
    assert asked.day == asked.tasks.attrs["on"] == asked.dispatch.attrs["on"] == pd.Timestamp("2022-02-01")
    assert asked.follow_up.tasks is asked.tasks
    assert asked.follow_up.dispatch is asked.dispatch
    with pytest.raises(ValueError, match="on must be a date"):
        _ = Analysis(GIVEN, on="soon").day


def test_lists_are_those_of_the_follow_up(tmp_path):
    before = {"since": "2022-01-31", "unit": "working"}
    for number, given in enumerate(({}, before)):
        mine = Analysis(GIVEN, on="2022-02-28", within=20).write_lists(tmp_path / f"{number}.xlsx", **given)
        theirs = write_lists(GIVEN, tmp_path / "theirs.xlsx", on="2022-02-28", within=20, **given)
        assert [sheet.rows for sheet in read_sheets(mine)] == [sheet.rows for sheet in read_sheets(theirs)]
    protected = Analysis(GIVEN, on="2022-02-28", min_group=2).write_lists(tmp_path / "protected.xlsx")
    assert [len(sheet.rows) for sheet in read_sheets(protected)] == [1, 1, 1, 1]


def test_a_missing_table_is_an_error_when_its_result_is_used():
    analysis = Analysis(ledger(offers=ledger().offers.iloc[:0]))
    assert analysis.overview.table["n"].max() == 6
    for name in ("introductions", "chain", "salon"):
        with pytest.raises(LedgerError, match="offers: has no rows"):
            getattr(analysis, name)


def test_small_groups_are_protected_at_one_place():
    analysis = Analysis(ledger(), min_group=2)
    # 鱼复 and 水土 hold one and two enterprises with a town.
    assert "鱼复" not in set(analysis.ledger.enterprises["town"].dropna())
    assert analysis.overview.raisers.empty
    assert list(analysis.overview.raisers) == ["enterprise_id", "name", "demands"]
    assert analysis.introductions.table["seeker_id"].isin(["G"]).any(), (
        "introductions name enterprises on purpose"
    )


def test_counts_of_one_own_question_are_protected_too():
    rows = pd.DataFrame({"enterprise_id": list("AABCDEFG"), "month": [1, 1, 2, 2, 2, 3, 3, 3]})

    def count(part):
        return part.groupby("month").size().reset_index(name="n").astype({"month": str})

    assert Analysis(ledger()).count(count, "month", source=rows)["n"].tolist() == [2, 3, 3]
    assert Analysis(ledger(), min_group=3).count(count, "month", source=rows)["n"].tolist() == [3]


def test_a_year_completes_the_days_of_a_ledger_that_is_read_from_a_path(tmp_path):
    path = tmp_path / "demands.csv"
    path.write_text(
        "企业名称,诉求内容,提出日期\n甲公司,停车位不足,3月5日\n乙公司,想申请贷款,4月6日\n", "utf-8"
    )
    raised = Analysis(path, year=2023).ledger.demands["raised_on"]
    assert raised.dt.strftime("%F").tolist() == ["2023-03-05", "2023-04-06"]


def test_a_year_keeps_what_was_raised_in_it():
    later = frame(
        "demands",
        ["demand_id", "enterprise_id", "raised_on", "text"],
        [("D1", "R", "2022-01-05", "缺车位"), ("D2", "V", "2023-02-05", "缺电")],
    )
    analysis = Analysis(ledger(demands=later), year=2022)
    assert analysis.ledger.demands["demand_id"].tolist() == ["D1"]
    assert len(analysis.ledger.enterprises) == 5
    with pytest.raises(ValueError, match=r"expected a year in which demands were raised \(\[2022, 2023\]\)"):
        Analysis(ledger(demands=later), year=2021)


def test_reasons_are_in_the_language_of_the_demands_unless_another_is_given():
    english = ledger().demands.assign(text="We look for customers of industrial robots")
    assert Analysis(ledger()).language == "zh"
    assert Analysis(ledger(demands=english)).language == "en"
    assert Analysis(ledger(), language="en").language == "en"
    with options(language="en"):
        assert Analysis(ledger()).language == "en"


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"min_group": 1}, "expected min_group of 2 or more, or None, got 1"),
        ({"min_group": 2.5}, "expected min_group of 2 or more, or None, got 2.5"),
        ({"language": "fr"}, "expected language 'zh' or 'en', got 'fr'"),
    ],
)
def test_what_cannot_be_used_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        Analysis(ledger(), **wrong)


def test_progress_is_logged_without_a_handler(caplog):
    with caplog.at_level(logging.INFO, logger="liaison_analysis"):
        _ = Analysis(ledger()).overview
    begins, ends = (record.getMessage() for record in caplog.records)
    assert begins == "overview: begins"
    assert re.fullmatch(r"overview: ends after \d+\.\d s", ends)
    assert logging.getLogger("liaison_analysis").handlers == []


def test_a_ledger_without_any_date_is_counted_today():
    undated = listed((None, None, None, None, "solving", True, None))
    today = pd.Timestamp.now().normalize()
    assert Analysis(undated).day in {today, today + pd.Timedelta(days=1)}
    assert Analysis(undated, on="2022-12-31").day == pd.Timestamp("2022-12-31")
