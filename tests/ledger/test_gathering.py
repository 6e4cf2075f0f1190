"""Clerks' layouts, each with what is right: read exactly, or asked about, and nothing lost."""

from collections import Counter
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from helpers import ledger_blocks
from helpers.clerk_layouts import lost_cells, make_case
from helpers.clerk_sheet import HEAD, sheet_file

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger import read_answers, read_ledger, write_adopted, write_template
from liaison_analysis.ledger.gathering import gather
from liaison_analysis.ledger.records import Options
from liaison_analysis.ledger.sheet_reading import read_sheets
from liaison_analysis.ledger.sheets import Sheet

CASES = Path(__file__).parents[3] / "shared" / "cases" / "ledgers"
MESSAGES = Path(__file__).parents[3] / "shared" / "data" / "citizen_messages"


def facts(ledger):
    names = ledger.names()
    demands = ledger.demands.astype(object).where(ledger.demands.notna(), None)
    return Counter(
        (names[one.enterprise_id], one.raised_on.date(), one.text.rstrip("。"), one.owner, one.status)
        for one in demands.itertuples()
    )


@pytest.mark.parametrize("seed", range(60))
def test_truth_comes_back_exactly_from_any_mix_of_features_and_no_cell_is_lost(tmp_path, seed):
    case = make_case(seed)
    path = tmp_path / "a.xlsx"
    case.book.save(path)
    ledger = read_ledger(path, year=case.year)
    wanted = Counter(
        (one["enterprise"], one["raised_on"], one["text"], one["owner"], one["status"]) for one in case.truth
    )
    assert facts(ledger) == wanted, case.features
    assert lost_cells(read_sheets(path), ledger) == [], case.features


def test_a_day_without_a_year_is_asked_for_cell_by_cell_and_taken_from_the_caller(tmp_path):
    rows = [HEAD, [1, "甲公司", "东园", "6.15", "停车难", "建设部", "已办结"]]
    path = sheet_file(tmp_path / "a.xlsx", rows)
    with pytest.raises(LedgerError, match=r"row 2 · raised_on = '6\.15': day without a year; give the year"):
        read_ledger(path)
    assert read_ledger(path, year=2021).demands["raised_on"].dt.strftime("%F").tolist() == ["2021-06-15"]
    titled = sheet_file(tmp_path / "b.xlsx", [["2020年走访台账"], *rows])
    assert read_ledger(titled).demands["raised_on"].dt.strftime("%F").tolist() == ["2020-06-15"]
    assert read_ledger(titled).understanding.query("kind == 'year'")["evidence"].tolist() == ["title"]


def test_a_number_that_may_have_lost_its_zero_is_decided_by_its_neighbours_or_asked(tmp_path):
    def rows(*days):
        return [HEAD, *([i, "甲公司", "东园", day, f"停车难{i}", "建设部", ""] for i, day in enumerate(days))]

    between = read_ledger(sheet_file(tmp_path / "a.xlsx", rows(6.15, 6.2, 6.28)), year=2022)
    assert between.demands["raised_on"].dt.day.tolist() == [15, 20, 28]
    alone = read_ledger(sheet_file(tmp_path / "b.xlsx", rows(6.2)[:2] + rows(6.15)[1:]), year=2022)
    assert alone.demands["raised_on"].dt.day.isna().tolist() == [True, False]
    assert alone.demands["原走访时间"].tolist()[0] == "6.2"
    assert alone.review["why"].str.contains("may have lost a zero").tolist() == [True]


def test_states_that_are_closed_without_being_solved_are_states_of_their_own(tmp_path):
    states = ["无法办理", "不予受理", "解释说明", "退回"]
    rows = [
        HEAD,
        *([i, "甲公司", "东园", "2022-03-05", f"停车难{i}", "建设部", s] for i, s in enumerate(states)),
    ]
    found = read_ledger(sheet_file(tmp_path / "a.xlsx", rows)).demands["status"].tolist()
    assert found == ["cannot be solved", "not accepted", "cannot be solved", "not accepted"]


def test_what_is_left_out_is_named_with_its_reason(tmp_path):
    rows = [
        ["2022年台账"],
        ["填报单位：某园区"],
        HEAD,
        [1, "甲公司", "东园", "2022-03-05", "停车难", "建设部", "已办结"],
        [2, "乙公司", "东园", "2022-03-06", "暂无诉求", None, None],
        ["合计", None, None, None, "1条"],
        ["填表人：某人", None, None, "审核：13812345678"],
    ]
    left = read_ledger(sheet_file(tmp_path / "a.xlsx", rows)).left_out
    assert left.groupby("row", sort=False)["why"].first().to_dict() == {
        1: "title or note above the header",
        2: "title or note above the header",
        5: "nothing asked",
        6: "total",
        7: "signature or note",
    }
    assert not left["value"].str.contains("1381234").any()


def test_sheets_that_are_no_table_are_left_out_cell_by_cell(tmp_path):
    path = sheet_file(
        tmp_path / "a.xlsx", [HEAD, [1, "甲公司", "东园", "2022-03-05", "停车难", "建设部", "已办结"]]
    )
    book = openpyxl.load_workbook(path)
    book.create_sheet("说明").append(["请每月5日前报送"])
    book.save(path)
    ledger = read_ledger(path)
    assert ledger.left_out[["sheet", "value"]].to_numpy().tolist() == [["说明", "请每月5日前报送"]]
    assert "sheet '说明' is not a table of the ledger and was not read" in ledger.notes


def test_decisions_of_a_person_are_applied_to_the_same_file(tmp_path):
    rows = [
        [*HEAD[:6], "挂牌时间", "办理情况"],
        [1, "甲公司", "东园", "6.15", "停车难", "建设部", "2022-07-01", "上会研究"],
    ]
    path = sheet_file(tmp_path / "a.xlsx", rows)
    adopted = write_adopted(read_ledger(path, year=2022), tmp_path / "adopted.xlsx")
    assert read_ledger(adopted).demands["text"].tolist() == ["停车难"]
    book = openpyxl.load_workbook(adopted)
    sheet = book["如何理解"]
    for row in sheet.iter_rows(min_row=2):
        kind, written = row[0].value, row[2].value
        changes = {
            ("表头", "挂牌时间"): "办结日期",
            ("状态", "上会研究"): "办理中",
            ("年份", "日期没写年份时的年份"): "2021",
        }
        row[3].value = changes.get((kind, written), row[3].value)
    book.save(adopted)
    options = read_answers(adopted)
    assert (options.year, options.headers, options.states) == (
        2021,
        {"挂牌时间": "settled_on"},
        {"上会研究": "solving"},
    )
    demands = read_ledger(path, mapping=adopted).demands
    assert demands["raised_on"].dt.strftime("%F").tolist() == ["2021-06-15"]
    assert demands["status"].tolist() == ["solving"]
    mapped = read_ledger(path, year=2022, mapping={"挂牌时间": "办结日期", "上会研究": "settled"}).demands
    assert mapped["settled_on"].dt.strftime("%F").tolist() == ["2022-07-01"]
    with pytest.raises(ValueError, match="'colour' is neither a column nor a state"):
        read_ledger(path, mapping={"挂牌时间": "colour"})


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_template_that_is_filled_in_is_read(tmp_path, language):
    path = write_template(tmp_path / "a.xlsx", language=language)
    book = openpyxl.load_workbook(path)
    firms, demands = ("企业名录", "企业诉求") if language == "zh" else ("enterprises", "demands")
    assert book[firms]["A1"].comment.text.startswith("必填" if language == "zh" else "required")
    book[firms].append(["E1", "甲公司"])
    book[demands].append(["D1", "E1", "2022-03-05", "停车难"])
    book.save(path)
    ledger = read_ledger(path)
    assert ledger.demands["text"].tolist() == ["停车难"]
    assert len(ledger.left_out) == 0


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".txt"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_text_tables_of_any_delimiter_are_read(tmp_path, suffix, encoding):
    for mark in (",", "\t", ";"):
        lines = [HEAD, ["1", "甲公司", "东园", "2022-03-05", "停车难", "建设部", "已办结"]]
        path = tmp_path / f"台账{suffix}"
        path.write_bytes("\n".join(mark.join(line) for line in lines).encode(encoding))
        assert read_ledger(path).demands["text"].tolist() == ["停车难"]


def test_a_word_table_and_a_web_page_under_the_name_of_a_workbook_are_read(tmp_path):
    import docx

    document = docx.Document()
    document.add_paragraph("2022年走访台账")
    table = document.add_table(rows=3, cols=len(HEAD))
    lines = [
        HEAD,
        ["1", "甲公司", "东园", "3月5日", "停车难", "建设部", "已办结"],
        ["2", "", "", "3月6日", "用电不足", "建设部", "√"],
    ]
    for i, line in enumerate(lines):
        for j, text in enumerate(line):
            table.cell(i, j).text = text
    table.cell(1, 1).merge(table.cell(2, 1))
    document.save(tmp_path / "a.docx")
    ledger = read_ledger(tmp_path / "a.docx")
    assert ledger.demands["raised_on"].dt.strftime("%F").tolist() == ["2022-03-05", "2022-03-06"]
    assert ledger.enterprises["name"].tolist() == ["甲公司"]
    lines[2][1:4] = ["甲公司", "东园", "3月6日"]
    cells = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in line) + "</tr>" for line in lines)
    (tmp_path / "a.xls").write_text(f"<html><p>x</p><table>{cells}</table></html>", encoding="utf-8")
    found = read_ledger(tmp_path / "a.xls", year=2022).demands
    assert found["text"].tolist() == ["停车难", "用电不足"]


def test_a_folder_of_monthly_files_is_stacked(tmp_path):
    for month in (1, 2):
        rows = [HEAD, [1, "甲公司", "东园", f"{month}月5日", f"停车难{month}", "建设部", "已办结"]]
        sheet_file(tmp_path / f"2022年{month}月.xlsx", rows, name="Sheet1")
    ledger = read_ledger(tmp_path)
    assert ledger.demands["raised_on"].dt.strftime("%F").tolist() == ["2022-01-05", "2022-02-05"]
    assert ledger.origin.query("table == 'demands'")["file"].tolist() == ["2022年1月.xlsx", "2022年2月.xlsx"]


TRUE = {
    "01_flat": (40, 15), "02_merged": (40, 15), "03_multi": (36, 5), "04_tworow": (40, 15),
    "05_months": (40, 15),
    "06_towns": (40, 17), "date_615_number": (40, 15), "good": (40, 15), "head_linebreak": (40, 15),
    "headers_unknown": (40, 15), "mac1904num": (40, 15), "merged": (3, 2), "merged_id": (40, 15),
    "merged_status": (40, 15), "merged_town": (40, 15), "multi_in_cell": (36, 15), "no_demand": (32, 15),
    "no_remit": (180, 50), "one_demand": (1, 15), "prefilled": (40, 15), "products_in_cell": (180, 50),
    "second_header": (40, 15), "status_no_date": (40, 15), "strike": (32, 15), "year_2032": (40, 15),
}  # fmt: skip


@pytest.mark.skipif(not CASES.exists(), reason="no folder ../shared/cases/ledgers to read")
@pytest.mark.parametrize("name", TRUE)
def test_files_that_once_went_wrong_are_read(name):
    ledger = read_ledger(
        CASES / f"{name}.xlsx", year=2022 if name in {"05_months", "date_615_number"} else None
    )
    assert (len(ledger.demands), len(ledger.enterprises)) == TRUE[name]


@pytest.mark.skipif(not CASES.exists(), reason="no folder ../shared/cases/ledgers to read")
@pytest.mark.parametrize("name", ["01_flat", "02_merged", "03_multi", "04_tworow", "05_months"])
def test_cells_of_files_that_once_went_wrong_are_right(name):
    truth = pd.read_csv(CASES / "truth.csv", dtype="str")
    ledger = read_ledger(CASES / f"{name}.xlsx", year=2022)
    found = ledger.demands.assign(text=ledger.demands["text"].str.rstrip("。"))
    wanted = truth.assign(text=truth["text"].str.rstrip("。")).set_index("text").loc[found["text"]]
    assert found["owner"].tolist() == wanted["department"].tolist()
    assert found["status_as_written"].tolist() == wanted["status"].tolist()
    if name != "03_multi":
        assert found["raised_on"].dt.strftime("%F").tolist() == wanted["day"].tolist()
        names = ledger.names()
        assert [names[one] for one in found["enterprise_id"]] == wanted["enterprise"].tolist()


@pytest.mark.skipif(not MESSAGES.exists(), reason="no folder ../shared/data/citizen_messages to read")
def test_letters_of_a_hotline_are_read_whole_and_none_is_split(tmp_path):
    letters = pd.read_parquet(MESSAGES / "labelled_dev.parquet")
    letters.insert(1, "留言用户", [f"U{i}" for i in range(len(letters))])
    letters.to_excel(tmp_path / "a.xlsx", index=False)
    ledger = read_ledger(tmp_path / "a.xlsx")
    days = pd.to_datetime(letters["留言时间"], format="mixed").dt.normalize()
    assert ledger.demands["raised_on"].tolist() == days.tolist()
    assert ledger.demands["demand_id"].tolist() == letters["留言编号"].tolist()
    assert len(ledger.enterprises) == len(letters)


@pytest.mark.parametrize(
    ("signed", "written", "day"),
    [
        ("填报时间：2023年1月5日", "12.28", "2022-12-28"),
        ("填报时间：2023年1月5日", "1.3", "2023-01-03"),
        ("填报日期：2022年", "12.28", "2022-12-28"),
    ],
)
def test_the_day_of_filling_in_bounds_days_without_a_year(tmp_path, signed, written, day):
    rows = [[signed], ["企业名称", "诉求内容", "提出日期"], ["甲公司", "门口停车难", written]]
    ledger = read_ledger(sheet_file(tmp_path / "a.xlsx", rows))
    assert ledger.demands["raised_on"].dt.strftime("%F").tolist() == [day]


def test_words_of_satisfaction_are_understood_and_kept(tmp_path):
    words = ["非常满意", "基本满意", "不满意", "未评价", ""]
    head = ["企业名称", "诉求内容", "提出日期", "满意度评价"]
    rows = [["甲公司", f"门口停车难{i}", "2022-06-01", word] for i, word in enumerate(words)]
    demands = read_ledger(sheet_file(tmp_path / "a.xlsx", [head, *rows])).demands
    assert demands["satisfied"].astype(object).fillna("").tolist() == [True, True, False, "", ""]
    assert demands["原满意度评价"].fillna("").tolist() == words


def test_the_day_beside_a_state_is_taken_where_no_column_has_it(tmp_path):
    head = ["企业名称", "诉求内容", "提出日期", "办理状态"]
    states = ["已办结（6月20日）", "办理中（6月20日）", "已反馈 2022.6.21", "已办结，已通过6月20日专题会"]
    rows = [["甲公司", f"门口停车难{i}", "2022-06-01", state] for i, state in enumerate(states)]
    demands = read_ledger(sheet_file(tmp_path / "a.xlsx", [head, *rows])).demands
    assert demands["settled_on"].dt.strftime("%F").fillna("").tolist() == ["2022-06-20", "", "", ""]
    assert demands["fed_back_on"].dt.strftime("%F").fillna("").tolist() == ["", "", "2022-06-21", ""]


def test_a_day_that_open_demands_have_too_is_a_deadline(tmp_path):
    head = ["企业名称", "诉求内容", "提出日期", "办理状态", "完成时间"]
    rows = [["甲公司", f"门口停车难{i}", "2022-06-01", state, "2022-06-30"]
            for i, state in enumerate(["已办结", "办理中", "办理中"])]  # fmt: skip
    demands = read_ledger(sheet_file(tmp_path / "a.xlsx", [head, *rows])).demands
    assert demands["settled_on"].isna().all()
    assert demands["完成时间"].tolist() == ["2022-06-30"] * 3


def test_a_header_explains_its_codes(tmp_path):
    head = ["企业名称", "诉求内容", "提出日期", "办理状态（1已办结 2办理中 3未办理）"]
    rows = [["甲公司", f"门口停车难{i}", "2022-06-01", code] for i, code in enumerate([1, 2, 3])]
    demands = read_ledger(sheet_file(tmp_path / "a.xlsx", [head, *rows])).demands
    assert demands["status"].tolist() == ["settled", "solving", "collected"]


def test_cells_of_ditto_marks_are_left_out_with_the_reason(tmp_path):
    rows = [
        ["企业名称", "诉求内容", "提出日期"],
        ["甲公司", "停车难", "2022-06-01"],
        ["〃", "招工难", "2022-06-02"],
    ]
    ledger = read_ledger(sheet_file(tmp_path / "a.xlsx", rows))
    assert ledger.left_out[["row", "value", "why"]].to_numpy().tolist() == [
        [3, "〃", "repeats the cell above"]
    ]


def test_a_table_without_a_header_is_read_by_its_look(tmp_path):
    rows = [
        ["甲机械有限公司", f"2022-06-0{i}", f"希望协调解决门口停车位不足{i}处", "区住建局", "已办结"]
        for i in (1, 2, 3)
    ]
    ledger = read_ledger(sheet_file(tmp_path / "a.xlsx", rows))
    assert ledger.demands[["owner", "status"]].drop_duplicates().to_numpy().tolist() == [
        ["区住建局", "settled"]
    ]
    assert ledger.names().tolist() == ["甲机械有限公司"]


def test_a_sign_for_none_is_no_department_and_no_question(tmp_path):
    head = ["企业名称", "诉求内容", "提出日期", "责任单位", "办结日期"]
    given = [("区住建局", "2022-06-09"), ("/", "—"), ("无", "/")]
    rows = [["甲公司", f"门口停车难{i}", "2022-06-01", *pair] for i, pair in enumerate(given)]
    ledger = read_ledger(sheet_file(tmp_path / "a.xlsx", [head, *rows]))
    assert ledger.demands["owner"].fillna("").tolist() == ["区住建局", "", ""]
    assert ledger.review.empty
    assert ledger.left_out["why"].eq("says that there is none").sum() == 4


def test_rows_below_a_number_share_its_name_and_day(tmp_path):
    rows = [["序号", "企业名称", "诉求内容", "提出日期"], [1, "甲公司", "停车难", "2022-06-01"],
            ["", "", "招工难", ""], [2, "乙公司", "漏雨严重", "2022-06-03"]]  # fmt: skip
    demands = read_ledger(sheet_file(tmp_path / "a.xlsx", rows)).demands
    assert demands["raised_on"].dt.day.tolist() == [1, 1, 3]


def test_a_group_gives_its_columns_the_word_that_they_lack(tmp_path):
    def merge(sheet):
        sheet.merge_cells("C1:D1")

    rows = [["企业名称", "诉求内容", "时间", None], [None, None, "提出", "办结"],
            ["甲公司", "停车难", "2022-06-01", "2022-06-09"]]  # fmt: skip
    demands = read_ledger(sheet_file(tmp_path / "a.xlsx", rows, change=merge)).demands
    assert demands["settled_on"].dt.day.tolist() == [9]


def test_a_sheet_of_codes_explains_the_states_of_another():
    head = ["企业名称", "诉求内容", "提出日期", "状态代码"]
    rows = [["甲公司", "停车难", "2024-03-05", "01"], ["乙公司", "招工难", "2024-03-06", "02"]]
    codes = [["代码", "含义"], ["01", "已办结"], ["02", "无法解决"]]
    found = gather([Sheet("诉求", [head, *rows]), Sheet("代码表", codes)], "", Options(), None)
    assert found.texts["demands"]["status"].tolist() == ["settled", "cannot be solved"]


def test_a_second_column_of_requests_is_kept_beside_and_asked_about():
    sheet = Sheet(
        "台账",
        [
            ["企业名称", "走访日期", "当前困难", "政策诉求", "意见建议"],
            ["甲公司", "2022-03-05", "停车难", "希望出台技改补贴", "多走访"],
            ["乙公司", "2022-03-06", "用电紧张", "无", ""],
        ],
    )
    found = gather([sheet], "", Options(), None)
    [question] = [one for one in found.review if one["status"] == "part"]
    assert (question["row"], question["written"]) == (2, "希望出台技改补贴")
    assert "column 政策诉求" in question["why"]
    assert "in 1 rows" in question["why"]


def test_a_list_in_which_most_demands_stand_again_in_a_later_state_is_asked_about():
    rows = [ledger_blocks.row(1, "乙公司", state="在办"), ledger_blocks.row(2, "丙公司", state="在办")]
    settled = ledger_blocks.row(4, "丙公司", "2022-04-06")
    found = ledger_blocks.gathered(
        ledger_blocks.HEAD, *rows, ledger_blocks.row(3, "乙公司", "2022-04-05"), settled
    )
    assert ledger_blocks.asked(found) == [(4, "text", "停车难", "repeated")]
    assert len(found.texts["demands"]) == 4
    still_open = ledger_blocks.row(3, "乙公司", "2022-04-05", state="在办")
    assert ledger_blocks.asked(ledger_blocks.gathered(ledger_blocks.HEAD, *rows, still_open, settled)) == []
