from helpers.clerk_sheet import sheet_file
from helpers.strange_sheets import FIRMS, HEAD, ROWS, book

from liaison_analysis import read_ledger


def test_a_sheet_of_names_alone_is_the_register(tmp_path):
    ledger = read_ledger(
        book(tmp_path, {"企业名单": [["企业名称"], *([firm] for firm in FIRMS)], "诉求": [HEAD, ROWS[0]]})
    )
    assert sorted(ledger.enterprises["name"]) == sorted(FIRMS)
    assert ledger.names()[ledger.demands["enterprise_id"].iloc[0]] == FIRMS[0]


def test_a_sheet_named_after_visits_with_a_column_of_demands_holds_demands(tmp_path):
    rows = [["走访领导", "走访时间", "企业名称", "企业反映的困难和问题", "责任单位"],
            ["甲某", "2022-06-01", "甲公司", "门口停车难", "区住建局"]]  # fmt: skip
    ledger = read_ledger(sheet_file(tmp_path / "a.xlsx", rows, name="走访台账"))
    assert ledger.demands["text"].tolist() == ["门口停车难"]
