import openpyxl
import pandas as pd
import pytest

from liaison_analysis.ledger.schema import TABLES
from liaison_analysis.ledger.template import write_template


@pytest.fixture(params=["zh", "en"])
def template(request, tmp_path):
    return request.param, openpyxl.load_workbook(write_template(tmp_path / "a.xlsx", language=request.param))


def test_every_table_has_a_sheet_with_every_column_but_the_mark_of_synthetic_rows(template):
    language, book = template
    tables = list(TABLES.values())
    assert book.sheetnames == [t.name if language == "en" else t.chinese[0] for t in tables]
    for sheet, table in zip(book, tables, strict=True):
        columns = [c for c in table.columns if c.name != "is_synthetic"]
        assert [cell.value for cell in sheet[1]] == [
            c.name if language == "en" else c.chinese[0] for c in columns
        ]
        assert sheet.max_row == 1


def test_comments_say_what_is_required_what_may_be_chosen_and_give_an_example(template):
    language, book = template
    sheet = book.worksheets[list(TABLES).index("demands")]
    columns = [c.name for c in TABLES["demands"].columns if c.name != "is_synthetic"]
    comments = {name: cell.comment.text for name, cell in zip(columns, sheet[1], strict=True)}
    if language == "zh":
        assert comments["enterprise_id"] == "必填\n见“企业名录”的编号"
        assert comments["raised_on"] == "必填\n例：2022-03-31"
        assert comments["in_remit"] == "选填\n可选：是、否\n例：是"
    else:
        assert comments["enterprise_id"] == "required\nan id of the sheet enterprises"
        assert comments["raised_on"] == "required\nsuch as 2022-03-31"
        assert comments["in_remit"] == "optional\none of yes, no\nsuch as yes"


def test_coded_columns_have_their_words_as_a_list_down_the_sheet(template):
    language, book = template
    sheet = book.worksheets[list(TABLES).index("demands")]
    lists = {str(one.sqref): one.formula1 for one in sheet.data_validations.dataValidation}
    letter = openpyxl.utils.get_column_letter(
        [c.name for c in TABLES["demands"].columns if c.name != "is_synthetic"].index("status") + 1
    )
    choices = TABLES["demands"]["status"].choices
    words = choices.values() if language == "zh" else choices
    assert lists[f"{letter}2:{letter}2001"] == '"' + ",".join(words) + '"'


def test_rows_that_are_given_stand_in_their_sheet(tmp_path):
    rows = {"themes": pd.DataFrame([("停车", "没有车位")], columns=["theme", "phrase"])}
    book = openpyxl.load_workbook(write_template(tmp_path / "a.xlsx", rows=rows))
    assert [[cell.value for cell in row] for row in book["主题表"]] == [
        ["主题名称", "主题短语", "主题大类"],
        ["停车", "没有车位", None],
    ]
