from helpers.clerk_sheet import HEAD, sheet_file

from liaison_analysis.ledger import read_ledger
from liaison_analysis.ledger.stable_ids import name_key, stable_id


def test_ids_depend_on_the_words_alone():
    assert stable_id("E", name_key("甲（重庆）公司")) == stable_id("E", name_key("甲(重庆) 公司"))
    assert stable_id("E", "甲") != stable_id("E", "乙")
    assert stable_id("D", "ab", "c") != stable_id("D", "a", "bc")


def test_a_running_number_that_is_unique_is_the_id(tmp_path):
    rows = [HEAD, *([n, "甲公司", "东园", "2022-03-05", f"停车难{n}", "建设部", "已办结"] for n in (7, 8))]
    assert read_ledger(sheet_file(tmp_path / "a.xlsx", rows)).demands["demand_id"].tolist() == ["7", "8"]
