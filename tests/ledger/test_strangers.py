"""What clerks of other provinces write: kinds of files that were misread or refused when first met."""

import datetime as dt
import struct

import docx
import openpyxl
import pytest
from helpers.strange_sheets import FIRMS, HEAD, ROWS, TEXTS, book
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from liaison_analysis import LedgerError, read_ledger
from liaison_analysis._messages import speaking
from liaison_analysis.followup.facts import count_day
from liaison_analysis.ledger import read_answers, write_adopted


def firms(ledger):
    names = ledger.enterprises.set_index("enterprise_id")["name"]
    return ledger.demands["enterprise_id"].map(names).tolist()


def test_hidden_rows_columns_and_sheets_are_read_and_named(tmp_path):
    def hide(made):
        made["甲"].row_dimensions[3].hidden = True
        made["甲"].column_dimensions["D"].hidden = True
        made["乙"].sheet_state = "hidden"

    other = [*ROWS[0][:2], "员工子女入学难", *ROWS[0][3:]]
    ledger = read_ledger(book(tmp_path, {"甲": [HEAD, *ROWS], "乙": [HEAD, other]}, hide))
    assert len(ledger.demands) == 4
    assert {
        "sheet '甲': 1 rows are hidden or filtered away and were read too (3)",
        "sheet '甲': hidden columns were read too (D)",
        "sheet '乙' is hidden and was read",
    } <= set(ledger.notes)


def test_the_struck_part_of_a_cell_is_left_out_and_the_rest_read(tmp_path):
    def strike(made):
        made["甲"]["C2"] = CellRichText(
            TextBlock(InlineFont(strike=True), "需要切割设备，"), TextBlock(InlineFont(), "招工难")
        )
        made["甲"]["D2"] = CellRichText(TextBlock(InlineFont(strike=True), "区工信局"))

    ledger = read_ledger(book(tmp_path, {"甲": [HEAD, *ROWS]}, strike))
    assert ledger.demands["text"].tolist()[0] == "招工难"
    assert ("需要切割设备，", "struck out; the rest of the cell was read") in set(
        zip(ledger.left_out["value"], ledger.left_out["why"], strict=True)
    )


def test_totals_of_groups_page_numbers_and_ruled_lines_are_no_demands(tmp_path):
    rows = [
        HEAD,
        ROWS[0],
        ["玉山镇小计", "1家", "1个问题"],
        ROWS[1],
        [None, None, "第1页 共3页"],
        ["---"] * 5,
        ROWS[2],
    ]
    ledger = read_ledger(book(tmp_path, {"甲": rows}))
    assert ledger.demands["text"].tolist() == TEXTS
    assert ledger.left_out[["row", "why"]].drop_duplicates().to_numpy().tolist() == [
        [3, "total"], [5, "page number"], [6, "line of signs"],
    ]  # fmt: skip


def test_a_firm_is_known_beside_the_contact_or_code_in_its_cell(tmp_path):
    cells = [f"{FIRMS[0]}（张经理 13800001111）", f"{FIRMS[1]}\n联系人：李总", f"{FIRMS[2]}（一厂）"]
    rows = [
        ["企业名称及联系人", *HEAD[1:]],
        *([cell, *row[1:]] for cell, row in zip(cells, ROWS, strict=True)),
    ]
    ledger = read_ledger(book(tmp_path, {"甲": rows}))
    assert firms(ledger) == [*FIRMS[:2], f"{FIRMS[2]}（一厂）"]
    assert ledger.demands["企业名称及联系人（附）"].fillna("").tolist()[1:] == ["联系人：李总", ""]
    codes = [f"{firm}\n91320500MA1X0000{i}A" for i, firm in enumerate(FIRMS)]
    rows = [
        ["企业名称/统一社会信用代码", *HEAD[1:]],
        *([c, *r[1:]] for c, r in zip(codes, ROWS, strict=True)),
    ]
    ledger = read_ledger(book(tmp_path, {"甲": rows}))
    assert firms(ledger) == FIRMS
    assert ledger.enterprises["uscc"].tolist() == [code.split("\n")[1] for code in codes]


def test_an_error_in_the_place_of_a_name_is_asked_for_in_each_row(tmp_path):
    rows = [HEAD, ROWS[0], ["#N/A", *ROWS[1][1:]], ["#N/A", *ROWS[2][1:]]]
    review = read_ledger(book(tmp_path, {"甲": rows})).review
    assert review[["row", "written"]].to_numpy().tolist() == [[3, "#N/A"], [4, "#N/A"]]


def test_files_that_head_their_names_differently_are_one_ledger(tmp_path):
    sheets = {"6月": [HEAD, ROWS[0]], "7月": [["单位", *HEAD[1:]], ROWS[1]]}
    ledger = read_ledger(book(tmp_path, sheets))
    assert firms(ledger) == FIRMS[:2]
    assert ledger.demands["企业名称"].tolist() == FIRMS[:2]


def test_demands_as_columns_under_their_numbers(tmp_path):
    turned = [
        ["项目", "问题1", "问题2", "问题3"],
        *([head, *cells] for head, *cells in zip(HEAD, *ROWS, strict=True)),
    ]
    assert firms(read_ledger(book(tmp_path, {"甲": turned}))) == FIRMS


def test_the_export_of_a_questionnaire_is_no_form(tmp_path):
    head = [
        "序号",
        "提交答卷时间",
        "来源",
        "1、贵公司名称",
        "2、目前遇到的困难和诉求",
        "3、希望哪个部门协调解决",
        "4、联系电话",
    ]
    rows = [
        [i, f"2022/6/1{i} 14:03:22", "微信", f, t, "区教育局", ""]
        for i, (f, t) in enumerate(zip(FIRMS, TEXTS, strict=True))
    ]
    ledger = read_ledger(book(tmp_path, {"甲": [head, *rows]}))
    assert (firms(ledger), ledger.demands["owner"].unique().tolist()) == (FIRMS, ["区教育局"])
    assert ledger.demands["raised_on"].dt.day.tolist() == [10, 11, 12]


def test_a_year_above_columns_of_months_and_days_holds_for_them(tmp_path):
    rows = [
        ["企业名称", "2022年", None, "诉求内容"],
        [None, "月", "日", None],
        *([f, 6, 15, t] for f, t in zip(FIRMS, TEXTS, strict=True)),
    ]

    def merge(made):
        for place in ("A1:A2", "B1:C1", "D1:D2"):
            made["甲"].merge_cells(place)

    days = read_ledger(book(tmp_path, {"甲": rows}, merge)).demands["raised_on"]
    assert days.dt.strftime("%F").tolist() == ["2022-06-15"] * 3


def test_a_row_of_nothing_but_text_is_asked_about(tmp_path):
    rows = [["序号", *HEAD], [1, *ROWS[0]], [None, None, None, "至1000千伏安"], [2, *ROWS[1]]]
    review = read_ledger(book(tmp_path, {"甲": rows})).review
    assert review[["row", "column", "status"]].to_numpy().tolist() == [[3, "text", "unmatched"]]


def test_states_shown_by_colour_are_asked_for(tmp_path):
    rows = [HEAD, *([*row[:4], None] for row in ROWS), ["注：绿色为已办结，黄色为正在办理"]]
    review = read_ledger(book(tmp_path, {"甲": rows})).review
    assert review[["row", "column"]].to_numpy().tolist() == [[5, "status"]]


@pytest.mark.parametrize(
    ("typed", "shown", "column"),
    [
        (dt.date(1908, 5, 1), "1908-05-01", "成立日期"),
        (2022, "2022", "成立日期"),
        (6.15, "6.15", "成立日期"),
    ],
)
def test_days_before_1910_are_days_and_small_numbers_are_numbers(tmp_path, typed, shown, column):
    rows = [[*HEAD, column], *([*row, typed] for row in ROWS)]

    def format_days(made):
        for i in range(2, 5):
            made["甲"].cell(i, 6).number_format = "yyyy-mm-dd"

    found = read_ledger(book(tmp_path, {"甲": rows}, format_days)).demands[column]
    assert found.str.startswith(shown).all()


def test_a_flat_opendocument_workbook_is_read_and_another_file_under_its_name_refused(tmp_path):
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>'
            for c in row
        )
        + "</table:table-row>"
        for row in [HEAD, *ROWS]
    )
    names = " ".join(
        f'xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"'
        for one in ("office", "table", "text")
    )
    path = tmp_path / "台账.fods"
    path.write_text(
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {names} '
        'office:mimetype="application/vnd.oasis.opendocument.spreadsheet">'
        f'<office:body><office:spreadsheet><table:table table:name="甲">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document>",
        encoding="utf-8",
    )
    assert firms(read_ledger(path)) == FIRMS
    path.write_text("企业名称,诉求内容", encoding="utf-8")
    with pytest.raises(LedgerError, match=r"save it as \.xlsx"):
        read_ledger(path)


@pytest.mark.parametrize("suffix", ["doc", "xls"])
def test_a_word_document_of_before_2007_says_what_to_save_it_as(tmp_path, suffix):
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    path = tmp_path / f"台账.{suffix}"
    path.write_bytes(head.ljust(1024, b"\0") + "WordDocument".encode("utf-16-le").ljust(512, b"\0"))
    with pytest.raises(
        LedgerError, match=r"is a Word document of before 2007; open it and save it as \.docx"
    ):
        read_ledger(path)


def test_a_web_page_under_the_suffix_of_a_document_is_read(tmp_path):
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in [HEAD, *ROWS])
    (tmp_path / "台账.doc").write_text(f"<html><table>{rows}</table></html>", encoding="utf-8")
    assert firms(read_ledger(tmp_path / "台账.doc")) == FIRMS


def test_days_without_a_year_are_asked_for_in_the_adopted_workbook_and_answered_there(tmp_path):
    rows = [HEAD, *([row[0], f"6.1{i}", *row[2:]] for i, row in enumerate(ROWS, 1))]
    path = book(tmp_path, {"甲": rows})
    with pytest.raises(LedgerError, match="day without a year"):
        read_ledger(path)
    ledger = read_ledger(path, open_years=True)
    assert ledger.demands["raised_on"].isna().all()
    assert ledger.demands["原诉求日期"].tolist() == ["6.11", "6.12", "6.13"]
    assert ledger.review["status"].tolist() == ["year"] * 3
    out = write_adopted(ledger, tmp_path / "adopted.xlsx")
    made = openpyxl.load_workbook(out)
    assert [cell.value for cell in made["待答问题"]["D"]][1:] == ["6.11", "6.12", "6.13"]
    (asked,) = [row for row in made["如何理解"].iter_rows() if row[0].value == "年份"]
    assert (asked[6].value, asked[7].value) == ("6.11", 3)
    asked[3].value = "2022"
    made.save(tmp_path / "edited.xlsx")
    assert read_answers(tmp_path / "edited.xlsx").year == 2022
    answered = read_ledger(path, mapping=tmp_path / "edited.xlsx", open_years=True)
    assert answered.demands["raised_on"].dt.strftime("%F").tolist() == [
        "2022-06-11",
        "2022-06-12",
        "2022-06-13",
    ]
    assert read_ledger(out).demands["text"].tolist() == TEXTS


def test_a_slip_of_the_year_is_asked_once_and_does_not_move_the_last_day_of_few_visits(tmp_path):
    rows = [
        ["企业名称", "走访时间", "诉求内容"],
        *([FIRMS[0], f"2022-01-{i:02}", f"问题{i}"] for i in range(1, 13)),
    ]
    ledger = read_ledger(book(tmp_path, {"甲": [*rows, [FIRMS[1], "2032-01-06", "招工难"]]}))
    assert len(ledger.visits) == 13
    assert ledger.review[["row", "status"]].to_numpy().tolist() == [[14, "implausible"]]
    assert count_day(ledger) == ledger.demands["raised_on"][11]


def test_one_cell_of_several_states_is_asked_about_once(tmp_path):
    rows = [HEAD, [FIRMS[0], "2022-06-11", "1.停车难；2.招工难；3.用电难", "", "已办结、办理中"]]
    review = read_ledger(book(tmp_path, {"甲": rows})).review
    assert review[["row", "column", "status"]].to_numpy().tolist() == [[2, "status", "unmatched"]]


def test_messages_name_states_and_tables_in_the_users_words(tmp_path):
    head = ["诉求编号", "企业编号", "提出日期", "诉求内容", "办理状态", "办结日期"]
    given = [
        ["D1", "E1", "2022-01-05", "停车难", "办理中", "2022-02-01"],
        ["D2", "E1", "2022-01-05", "用电难", "等通知", ""],
    ]
    with speaking("zh"), pytest.raises(LedgerError) as caught:
        read_ledger(
            book(
                tmp_path,
                {"企业诉求": [head, *given], "企业名录": [["企业编号", "企业名称"], ["E1", FIRMS[0]]]},
            )
        )
    assert caught.value.problems["reason"].tolist() == [
        "填了日期，办理状态却是“办理中”；请改为已办结，或清空日期",
        "请改用可选的词：已收集、已交办、办理中、已办结、已反馈、无法解决、不予受理",
    ]


def test_headers_in_two_languages_persons_beside_firms_and_states_before_texts(tmp_path):
    head = [
        "企业名称\nCompany Name",
        "提出日期\nDate",
        "诉求内容\nRequest",
        "责任部门\nDepartment",
        "状态\nStatus",
    ]
    ledger = read_ledger(book(tmp_path, {"甲": [head, *ROWS]}))
    assert ledger.demands[["text", "status"]].to_numpy().tolist() == [
        [text, state] for text, state in zip(TEXTS, ["settled", "solving", "cannot be solved"], strict=True)
    ]
    persons = [["诉求人", "所在单位", *HEAD[1:]], *(["张建国", *row] for row in ROWS)]
    assert firms(read_ledger(book(tmp_path, {"甲": persons}))) == FIRMS
    stated = [HEAD[:3], *([row[0], row[1], f"【{row[4]}】{row[2]}"] for row in ROWS)]
    demands = read_ledger(book(tmp_path, {"甲": stated})).demands
    assert demands["text"].tolist() == TEXTS
    assert demands["status_as_written"].tolist() == ["已办结", "正在办理", "无法解决"]


def test_columns_of_months_and_days_under_a_title_with_the_year(tmp_path):
    rows = [
        ["2022年登记簿"],
        ["月份", "日", "企业名称", "诉求内容"],
        [6, 15, FIRMS[0], TEXTS[0]],
        [7, 1, FIRMS[1], TEXTS[1]],
    ]
    days = read_ledger(book(tmp_path, {"甲": rows})).demands["raised_on"]
    assert days.dt.strftime("%F").tolist() == ["2022-06-15", "2022-07-01"]


def test_a_header_below_many_notes_is_found_and_a_total_in_words_is_no_demand(tmp_path):
    notes = [[f"{i}.请按实际情况填写第{i}项。"] for i in range(45)]
    ledger = read_ledger(
        book(tmp_path, {"甲": [*notes, HEAD, *ROWS, [None, None, "合计3件，其中已办结1件"]]})
    )
    assert ledger.demands["text"].tolist() == TEXTS
    assert ledger.left_out["why"].value_counts().to_dict() == {
        "title or note above the header": 45,
        "total": 1,
    }


def test_an_english_header_over_chinese_rows_is_no_form(tmp_path):
    head = ["Ref", "Company", "District", "Date raised", "Request", "Department in charge", "Progress"]
    rows = [[f"R{i}", row[0], "武进区", row[1], *row[2:4], "In progress"] for i, row in enumerate(ROWS)]
    ledger = read_ledger(book(tmp_path, {"Issues": [head, *rows]}))
    assert ledger.demands["text"].tolist() == TEXTS
    assert firms(ledger) == FIRMS
    assert ledger.demands["owner"].unique().tolist() == ["区供电公司"]
    assert ledger.demands["status"].unique().tolist() == ["solving"]
    assert ledger.enterprises["town"].unique().tolist() == ["武进区"]


def test_numbers_that_count_the_demands_of_an_enterprise_are_no_part_of_them(tmp_path):
    rows = [[FIRMS[0], f"（{i}）{text}", "城管局"] for i, text in enumerate(TEXTS, 1)]
    rows += [[FIRMS[1], "（1）停车难，希望增加车位", "城管局"]]
    ledger = read_ledger(book(tmp_path, {"台账": [["企业名称", "诉求内容", "责任单位"], *rows]}))
    assert ledger.demands["text"].tolist() == [*TEXTS, "停车难，希望增加车位"]


def test_numbers_in_no_order_stay_in_the_texts(tmp_path):
    texts = ["3、变压器容量不够，请求增容", "1、招不到数控铣工", "7、厂区北门道路破损"]
    rows = [[firm, text, "城管局"] for firm, text in zip(FIRMS, texts, strict=True)]
    ledger = read_ledger(book(tmp_path, {"台账": [["企业名称", "诉求内容", "责任单位"], *rows]}))
    assert ledger.demands["text"].tolist() == texts


def test_demands_that_weekly_sheets_carry_on_are_asked_about(tmp_path):
    head = ["企业名称", "诉求内容", "责任单位", "办理状态"]
    week = [[row[0], *row[2:]] for row in ROWS]
    ledger = read_ledger(book(tmp_path, {"第1周": [head, *week[:2]], "第2周": [head, *week[1:]]}))
    asked = ledger.review.loc[ledger.review["status"] == "repeated"]
    assert asked[["sheet", "row", "written"]].to_numpy().tolist() == [["第2周", 2, TEXTS[1]]]


def test_the_same_demand_on_another_day_is_another_demand(tmp_path):
    later = [[ROWS[0][0], "2022-07-01", *ROWS[0][2:]]]
    ledger = read_ledger(book(tmp_path, {"6月": [HEAD, *ROWS], "7月": [HEAD, *later]}))
    assert "repeated" not in ledger.review["status"].tolist()
    assert len(ledger.demands) == 4


def test_a_folder_of_word_forms_is_one_ledger(tmp_path):
    for i, firm in enumerate(FIRMS):
        document = docx.Document()
        table = document.add_table(0, 4)
        for cells in (
            ["企业名称", firm, "走访时间", f"2024.4.{i + 1}"],
            ["企业诉求", TEXTS[i], "责任单位", "区供电公司"],
        ):
            for cell, text in zip(table.add_row().cells, cells, strict=True):
                cell.text = text
        document.save(tmp_path / f"{i}.docx")
    ledger = read_ledger(tmp_path)
    assert (firms(ledger), ledger.demands["text"].tolist()) == (FIRMS, TEXTS)
    assert f"{ledger.demands['raised_on'].max():%F}" == "2024-04-03"


def test_a_sheet_about_the_enterprise_of_its_title_is_read_and_asked_about(tmp_path):
    head = ["序号", "诉求事项", "责任单位", "办理状态"]
    sheets = {
        str(i): [[f"{firm}诉求办理情况"], head, [1, text, "区供电公司", "已办结"]]
        for i, (firm, text) in enumerate(zip(FIRMS[:2], TEXTS, strict=False))
    }
    ledger = read_ledger(book(tmp_path, sheets))
    assert firms(ledger) == FIRMS[:2]
    assert ledger.review.loc[ledger.review["column"] == "enterprise", "written"].tolist() == FIRMS[:2]


def test_an_enterprise_alone_in_its_row_heads_the_demands_below(tmp_path):
    rows = [
        ["企业/诉求", "责任部门", "办理情况"],
        [FIRMS[0]],
        [f"1.{TEXTS[0]}", "区供电公司", "已办结"],
        [f"2.{TEXTS[1]}", "区人社局", "在办"],
        [FIRMS[1]],
        [f"1.{TEXTS[2]}", "区城管局", "在办"],
    ]
    ledger = read_ledger(book(tmp_path, {"清单": rows}))
    assert firms(ledger) == [FIRMS[0], FIRMS[0], FIRMS[1]]
    assert ledger.demands["text"].tolist() == TEXTS
    assert ledger.demands["owner"].tolist() == ["区供电公司", "区人社局", "区城管局"]


def test_columns_of_matters_without_the_word_demand_are_demands(tmp_path):
    rows = [
        ["企业名称", "镇街", "用工方面", "融资方面", "其他"],
        [FIRMS[0], "甲镇", "缺缝纫工二十名", "", "无"],
        [FIRMS[1], "乙镇", "", "五百万元贷款未批", "北门道路破损"],
    ]
    demands = read_ledger(book(tmp_path, {"汇总": rows})).demands
    assert dict(zip(demands["text"], demands["kind"], strict=True)) == {
        "缺缝纫工二十名": "用工",
        "五百万元贷款未批": "融资",
        "北门道路破损": "其他",
    }


def test_a_register_alone_is_told_that_it_has_no_list_of_demands(tmp_path):
    rows = [["企业名称", "镇街", "主营业务"], *[[firm, "甲镇", "模具"] for firm in FIRMS]]
    with pytest.raises(LedgerError, match="no list of demands; its header needs"):
        read_ledger(book(tmp_path, {"名单": rows}))


def test_a_ticked_answer_of_true_or_false_is_a_state(tmp_path):
    rows = [[*row[:4], i == 0] for i, row in enumerate(ROWS)]
    ledger = read_ledger(book(tmp_path, {"台账": [[*HEAD[:4], "是否办结"], *rows]}))
    assert ledger.demands["status"].tolist() == ["settled", "solving", "solving"]


@pytest.mark.parametrize(
    ("written", "state"),
    [("待处理 Pending", "collected"), ("已完成/Done", "settled"), ("已于3月20日办结。", "settled")],
)
def test_states_with_a_translation_or_a_day_are_understood(tmp_path, written, state):
    rows = [[*row[:4], written] for row in ROWS]
    ledger = read_ledger(book(tmp_path, {"台账": [HEAD, *rows]}))
    assert ledger.demands["status"].unique().tolist() == [state]


def test_a_name_broken_to_fit_its_column_is_one_and_two_names_stay_two(tmp_path):
    rows = [["昆山恒丰\n模具有限公司", *ROWS[0][1:]], ["甲阀门厂\n乙阀门厂", *ROWS[1][1:]]]
    ledger = read_ledger(book(tmp_path, {"台账": [HEAD, *rows]}))
    assert firms(ledger)[0] == FIRMS[0]
    assert "\n" in firms(ledger)[1]


def test_a_sheet_named_by_year_and_month_says_the_year(tmp_path):
    rows = [[ROWS[0][0], "1.8", *ROWS[0][2:]]]
    ledger = read_ledger(book(tmp_path, {"202401": [HEAD, *rows]}))
    assert f"{ledger.demands['raised_on'].iloc[0]:%F}" == "2024-01-08"


def test_codes_that_a_note_below_explains_are_states_even_where_one_is_nought(tmp_path):
    rows = [[*row[:4], code] for row, code in zip(ROWS, [0, 1, 2], strict=True)]
    note = ["备注：状态栏 0-未办理，1-办理中，2-已办结"]
    ledger = read_ledger(book(tmp_path, {"台账": [HEAD, *rows, note]}))
    assert ledger.demands["status"].tolist() == ["collected", "solving", "settled"]


def test_a_year_in_a_column_of_its_own_belongs_to_the_day_beside_it(tmp_path):
    days = [("2023", "10月2日"), ("2024", "1.5"), ("2024年", "3/8")]
    rows = [[year, row[0], day, *row[2:]] for row, (year, day) in zip(ROWS, days, strict=True)]
    ledger = read_ledger(book(tmp_path, {"台账": [["年度", *HEAD], *rows]}))
    assert [f"{day:%F}" for day in ledger.demands["raised_on"]] == ["2023-10-02", "2024-01-05", "2024-03-08"]


def test_the_heading_of_a_documents_table_is_the_town_of_its_enterprises(tmp_path):
    document = docx.Document()
    for town, row in zip(["阎良街道", "凤凰路街道"], ROWS, strict=False):
        document.add_heading(town, 1)
        table = document.add_table(0, len(HEAD))
        for cells in (HEAD, row):
            for cell, text in zip(table.add_row().cells, cells, strict=True):
                cell.text = text
    document.save(tmp_path / "a.docx")
    enterprises = read_ledger(tmp_path / "a.docx").enterprises
    assert dict(zip(enterprises["name"], enterprises["town"], strict=True)) == {
        FIRMS[0]: "阎良街道",
        FIRMS[1]: "凤凰路街道",
    }


def test_the_department_that_leads_is_the_owner_and_the_whole_cell_is_kept(tmp_path):
    cells = ["市工信局（牵头）、市财政局（配合）", "牵头：城管局；配合：住建局", "市商务局"]
    rows = [[*row[:3], cell, row[4]] for row, cell in zip(ROWS, cells, strict=True)]
    head = [*HEAD[:3], "牵头及配合单位", HEAD[4]]
    demands = read_ledger(book(tmp_path, {"台账": [head, *rows]})).demands
    assert demands["owner"].tolist() == ["市工信局", "城管局", "市商务局"]
    assert demands["原牵头及配合单位"].tolist()[:2] == cells[:2]


def test_one_enterprise_for_several_keeps_its_name(tmp_path):
    rows = [[f"{FIRMS[0]}等5家企业", *ROWS[0][1:]], *ROWS[1:]]
    ledger = read_ledger(book(tmp_path, {"台账": [HEAD, *rows]}))
    assert firms(ledger) == FIRMS
    assert ledger.demands["企业名称（附）"].tolist()[0] == "等5家企业"
