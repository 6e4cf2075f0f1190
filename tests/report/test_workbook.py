import re

import pandas as pd
from helpers.offers_tables import ledger_with_offers

from liaison_analysis import Analysis
from liaison_analysis.report.workbook import write_introductions


def test_workbook_has_introductions_guests_and_timetable(tmp_path):
    source = tmp_path / "ledger"
    source.mkdir()
    for name, columns in ledger_with_offers().items():
        pd.DataFrame(columns).to_csv(source / f"{name}.csv", index=False)
    path = write_introductions(Analysis(source), tmp_path / "introductions.xlsx")
    sheets = pd.read_excel(path, sheet_name=None, engine="calamine")
    assert list(sheets) == ["牵线建议 introductions", "沙龙名单 guests", "沙龙日程 timetable", "说明 columns"]
    introductions, guests, timetable, meanings = sheets.values()
    assert set(introductions["把握的依据 calibration"]) == {"未校准 uncalibrated"}
    assert introductions["把握 confidence"].equals(introductions["分值 score"].rename("把握 confidence"))
    assert set(introductions["同业竞争 competitor"]) <= {"是", "否"}
    # Every column that is no name and no id is explained, and none that is not there.
    there = {
        (name, c)
        for name, frame in list(sheets.items())[:3]
        for c in frame
        if not re.search("_(id|name)$", c)
    }
    told = set(meanings[["工作表 sheet", "列 column"]].itertuples(index=False, name=None))
    assert told == {(name, c) for name, c in there if c not in {"甲方编号 a", "乙方编号 b"}}
    assert meanings["含义 meaning"].str.len().gt(8).all()
    mine = introductions.query("`提出方编号 seeker_id` == 'E1' and `对象角色 role` == '客户 customer'")
    assert sorted(mine["对接对象 counterpart_name"]) == ["=力帆", "赛力斯"]
    assert mine["名次 rank"].tolist() == [1, 2]
    assert mine["理由 reason"].str.len().gt(4).all()
    assert set(guests["企业 enterprise_name"]) == {"华数机器人", "赛力斯", "=力帆"}, "nobody asks for a bank"
    assert timetable["时段 slot"].min() == 1
    assert set(timetable["甲方 a_name"]) | set(timetable["乙方 b_name"]) <= set(
        guests["企业 enterprise_name"]
    )
    assert len(timetable) >= 2
