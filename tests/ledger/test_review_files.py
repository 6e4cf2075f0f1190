"""Names to decide as a workbook, and a clerk's answers."""

import openpyxl
import pandas as pd
import pytest
from helpers.named_demands import ALIASES, DEMANDS, ROSTER

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.reading import read_ledger
from liaison_analysis.ledger.resolution import resolve_sheets
from liaison_analysis.ledger.review_files import NONE_OF_THESE, read_review, write_review
from liaison_analysis.ledger.sheets import Sheet


@pytest.fixture
def roster():
    return pd.DataFrame(ROSTER.rows[1:], columns=["enterprise_id", "name"])


def test_a_clerks_answers_come_back_as_aliases(tmp_path, roster):
    _, review = resolve_sheets([ROSTER, ALIASES, DEMANDS])
    path = write_review(review, tmp_path / "review.xlsx")
    assert read_review(path, roster).empty
    book = openpyxl.load_workbook(path)
    sheet, choices = book["review"], book["choices"]
    assert [rule.formula1 for rule in sheet.data_validations.dataValidation] == [
        "choices!$A$2:$C$2",
        "choices!$A$3:$B$3",
    ]
    offered = [cell.value for cell in choices[2]]
    assert set(offered) == {"E1 重庆云岫机器人有限公司", "E2 佛山云岫机器人有限公司", NONE_OF_THESE}
    sheet["B2"] = "E2 佛山云岫机器人有限公司"
    sheet["B3"] = NONE_OF_THESE
    book.save(path)
    found = read_review(path, roster)
    assert found[["enterprise_id", "alias"]].to_numpy().tolist() == [["E2", "云岫机器人"]]
    assert found["valid_to"].isna().all()


def test_a_name_without_candidates_has_the_whole_roster_to_pick_from(tmp_path, roster):
    strange = Sheet(
        "企业诉求", [DEMANDS.rows[1], ["D1", "隔壁那家", "2022-03-01", "停车难"], DEMANDS.rows[3]]
    )
    _, review = resolve_sheets([ROSTER, strange])
    path = write_review(review, tmp_path / "review.xlsx", roster)
    book = openpyxl.load_workbook(path)
    rules = book["review"].data_validations.dataValidation
    assert [rule.formula1 for rule in rules] == ["roster!$A$1:$A$4", "choices!$A$3:$C$3"]
    assert {rule.errorStyle for rule in rules} == {"warning"}
    listed = [row[0] for row in book["roster"].iter_rows(values_only=True)]
    assert listed == [NONE_OF_THESE, *[f"{e} {name}" for e, name in roster.to_numpy().tolist()]]
    book["review"]["B2"] = listed[3]
    book.save(path)
    assert read_review(path, roster)[["enterprise_id", "alias"]].to_numpy().tolist() == [["E3", "隔壁那家"]]


def test_an_answer_of_ones_own_is_an_error(tmp_path, roster):
    _, review = resolve_sheets([ROSTER, DEMANDS])
    path = write_review(review, tmp_path / "review.xlsx")
    book = openpyxl.load_workbook(path)
    book["review"]["B2"] = "隔壁那家"
    book.save(path)
    with pytest.raises(LedgerError, match="隔壁那家"):
        read_review(path, roster)
    book["review"].title = "other"
    book.save(path)
    with pytest.raises(LedgerError, match="no sheet 'review'"):
        read_review(path, roster)


def test_ids_that_read_as_phones_join_and_an_answer_goes_by_the_name_beside_them(tmp_path):
    roster = [["13900000001", "重庆云岫机器人有限公司"], ["13900000002", "佛山云岫机器人有限公司"]]
    demands = [
        ["demand_id", "企业名称", "raised_on", "text"],
        ["D1", "云岫机器人", "2022-03-01", "停车"],
        ["D2", "13900000002", "2022-03-01", "用电"],
    ]

    def read(rows):
        for name, table in (("enterprises", [["enterprise_id", "name"], *rows]), ("demands", demands)):
            (tmp_path / f"{name}.csv").write_text("\n".join(map(",".join, table)), encoding="utf-8")
        return read_ledger(tmp_path, resolve=True)

    before = read(roster)
    names = before.enterprises.set_index("enterprise_id")["name"]
    assert names[before.demands["enterprise_id"]].tolist() == ["佛山云岫机器人有限公司"]
    path = write_review(before.review, tmp_path / "review.xlsx")
    book = openpyxl.load_workbook(path)
    (foshan,) = [cell.value for cell in book["choices"][2] if "佛山" in str(cell.value)]
    assert "139" not in foshan
    book["review"]["B2"] = foshan
    book.save(path)
    # A firm before the others takes their numbers; the answer still means the same firm.
    after = read([["13900000009", "新来的厂"], *roster])
    (answered,) = read_review(path, after.enterprises)["enterprise_id"]
    assert after.enterprises.set_index("enterprise_id")["name"][answered] == "佛山云岫机器人有限公司"
