import openpyxl
import pytest
from helpers.ledger_files import ledger_file, workbook

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger import read_answers, read_ledger, write_adopted


def test_an_adopted_ledger_is_read_back_as_it_is(tmp_path):
    ledger = read_ledger(ledger_file(tmp_path))
    assert read_ledger(write_adopted(ledger, tmp_path / "out.xlsx")) == ledger


def test_every_wrong_answer_is_named(tmp_path):
    path = write_adopted(read_ledger(ledger_file(tmp_path)), tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["如何理解"]
    for row in sheet.iter_rows(min_row=2):
        if row[0].value == "表头" and row[2].value == "text":
            row[3].value = "colour"
        if row[0].value == "年份":
            row[3].value = "last"
    book.save(path)
    with pytest.raises(LedgerError) as caught:
        read_answers(path)
    assert caught.value.problems["value"].tolist() == ["colour", "last"]


def test_another_workbook_is_no_answer(tmp_path):
    with pytest.raises(LedgerError, match="no sheet 'understood' with decisions"):
        read_answers(ledger_file(tmp_path))


@pytest.mark.parametrize(
    ("language", "names"),
    [("zh", ["如何理解", "未读入", "待定名称"]), ("en", ["understood", "left_out", "review"])],
)
def test_sheets_beside_the_ledger_are_in_its_language(tmp_path, language, names):
    path = write_adopted(read_ledger(ledger_file(tmp_path)), tmp_path / "out.xlsx", language=language)
    assert [name for name in openpyxl.load_workbook(path).sheetnames if name in names] == names


def edited(path, sheet, at, value):
    """Fill in the cell of one column beside the first cell that holds ``at``."""
    book = openpyxl.load_workbook(path)
    found = next(
        row for row in book[sheet].iter_rows(min_row=2) if row[2 if sheet == "如何理解" else 0].value == at
    )
    found[3 if sheet == "如何理解" else 1].value = value
    book.save(path)


@pytest.fixture
def clerks(tmp_path):
    register = [
        ["企业名称", "所属新城"],
        ["重庆云岫机器人有限公司", "鱼复"],
        ["重庆云岫轴承有限公司", "水土"],
    ]
    rows = [
        ["企业名称", "提出日期", "登记日", "诉求内容", "颜色"],
        ["重庆云岫", "2022-03-01", "2022-03-05", "停车难", "红"],
        ["城北五金", "2022-03-02", "2022-03-06", "用电不足", "蓝"],
    ]
    return workbook(tmp_path / "clerks.xlsx", {"企业名录": register, "诉求": rows})


def test_what_a_clerk_decides_holds_and_is_not_asked_again(tmp_path, clerks):
    first = write_adopted(read_ledger(clerks), tmp_path / "first.xlsx")
    edited(first, "如何理解", "登记日", "交办日期")
    edited(first, "如何理解", "颜色", "备注")
    book = openpyxl.load_workbook(first)
    roster = [row[0].value for row in book["名录"].iter_rows()]
    edited(first, "待定名称", "重庆云岫", next(one for one in roster if one.endswith("机器人有限公司")))
    edited(first, "待定名称", "城北五金", roster[0])
    ledger = read_ledger(clerks, mapping=first)
    assert len(ledger.review) == 0
    assert ledger.demands["assigned_on"].dt.day.tolist() == [5, 6]
    assert ledger.demands["颜色"].tolist() == ["红", "蓝"]
    names = ledger.demands["enterprise_id"].map(ledger.names())
    assert names.tolist() == ["重庆云岫机器人有限公司", "城北五金"]
    again = write_adopted(ledger, tmp_path / "again.xlsx", answers=first)
    assert read_ledger(clerks, mapping=again) == ledger
    carried = read_answers(again)
    assert carried.headers["登记日"] == "assigned_on"
    assert carried.strangers == {"城北五金"}


def test_an_answer_that_this_file_does_not_need_is_kept_for_the_next(tmp_path, clerks):
    first = write_adopted(read_ledger(clerks), tmp_path / "first.xlsx", year=2021)
    edited(first, "如何理解", "登记日", "交办日期")
    other = ledger_file(tmp_path)
    second = write_adopted(read_ledger(other, mapping=first), tmp_path / "second.xlsx", answers=first)
    carried = read_answers(second)
    assert (carried.headers, carried.year) == ({"登记日": "assigned_on"}, 2021)
