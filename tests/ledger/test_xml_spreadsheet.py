import datetime as dt

import pytest

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.reading import read_ledger
from liaison_analysis.ledger.xml_spreadsheet import is_xml_spreadsheet, xml_sheets

HEAD = (
    '<ss:Workbook xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel" xmlns:html="http://www.w3.org/TR/REC-html40">'
)


def book(table, before="", after=""):
    sheet = f'<ss:Worksheet ss:Name="台账"><ss:Table>{table}</ss:Table>{after}</ss:Worksheet>'
    return f"{HEAD}{before}{sheet}</ss:Workbook>".encode()


def cell(value, kind="String", about=""):
    return f'<ss:Cell {about}><ss:Data ss:Type="{kind}">{value}</ss:Data></ss:Cell>'


def row(*cells, about=""):
    return f"<ss:Row {about}>{''.join(cells)}</ss:Row>"


def only(data):
    (sheet,), _ = xml_sheets(data, "a.xml")
    return sheet


def test_rows_and_cells_stand_where_their_index_says_and_behind_merged_and_repeated_ones():
    sheet = only(
        book(
            row(cell("a", about='ss:MergeAcross="1" ss:MergeDown="2"'), cell("b"))
            + row(cell("c", about='ss:Index="4"'), cell(3, "Number"), about='ss:Index="3"')
            + row(about='ss:Span="2"')
            + row(cell(1, "Boolean"))
        )
    )
    assert sheet.rows()[0] == ["a", None, "b"]
    assert sheet.rows()[2] == [None, None, None, "c", 3.0]
    assert sheet.rows()[6] == [True]
    assert sheet.merged == [(0, 0, 2, 1)]


def test_days_types_and_text_with_formats_are_values():
    sheet = only(
        book(
            row(
                cell("2022-03-05T00:00:00.000", "DateTime"),
                cell("no number", "Number"),
                f'<ss:Cell><ss:Data ss:Type="String" {""}><html:B>停车</html:B>难&#10;急</ss:Data></ss:Cell>',
            )
        )
    )
    assert sheet.rows() == [[dt.datetime(2022, 3, 5), "no number", "停车难\n急"]]  # noqa: DTZ001


def test_struck_commented_hidden_and_coloured_cells_are_marked():
    styles = (
        '<ss:Styles><ss:Style ss:ID="s1"><ss:Font ss:StrikeThrough="1"/></ss:Style>'
        '<ss:Style ss:ID="s2"><ss:Interior ss:Color="#FF0000"/></ss:Style></ss:Styles>'
    )
    table = (
        '<ss:Column/><ss:Column ss:Hidden="1" ss:Span="1"/>'
        + row(cell("a", about='ss:StyleID="s1"'), cell("b", about='ss:StyleID="s2"'), about='ss:Hidden="1"')
        + row(
            cell("<html:S>旧</html:S>新"),
            '<ss:Cell><ss:Data ss:Type="String">c</ss:Data>'
            "<ss:Comment><ss:Data>作废</ss:Data></ss:Comment></ss:Cell>",
        )
    )
    hidden = "<x:WorksheetOptions><x:Visible>SheetHidden</x:Visible></x:WorksheetOptions>"
    sheet = only(book(table, styles, hidden))
    assert sheet.rows() == [["a", "b"], ["新", "c"]]
    assert sheet.struck == {(0, 0)}
    assert sheet.partly_struck == {(1, 0): ("新", "旧")}
    assert sheet.comments == {(1, 1): "作废"}
    assert (sheet.hidden_rows, sheet.hidden_columns, sheet.hidden) == ({0}, {1, 2}, True)
    assert sheet.colours == {0: {"ff0000"}}


def test_formulas_without_a_value_are_kept_as_excel_shows_them():
    table = row(
        '<ss:Cell ss:Formula="=R[1]C+R1C3&amp;&quot;RC&quot;"/>',
        '<ss:Cell ss:Formula="=RC[-1]"><ss:Data ss:Type="Number">3</ss:Data></ss:Cell>',
    )
    assert only(book(table)).formulas == {(0, 0): '=A2+C1&"RC"'}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (book(row(cell("a", about='ss:Index="99999"'))), "is damaged"),
        (book("") + b"x", "is damaged"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + book(""), "defines XML entities"),
    ],
)
def test_a_damaged_file_is_refused(data, reason):
    with pytest.raises(LedgerError, match=reason):
        xml_sheets(data, "a.xml")


def test_a_file_of_1904_says_so_and_is_told_from_other_xml():
    data = book(row(cell("a")), "<x:ExcelWorkbook><x:Date1904/></x:ExcelWorkbook>")
    assert xml_sheets(data, "a.xml")[1]
    assert is_xml_spreadsheet(data.decode().encode("utf-16"))
    assert not is_xml_spreadsheet(b"<feed/>")


@pytest.mark.parametrize("suffix", [".xml", ".xls", ".et"])
def test_a_ledger_is_read_whatever_the_suffix(tmp_path, suffix):
    table = (
        row(cell("2022年企业诉求台账", about='ss:MergeAcross="3"'))
        + row(*map(cell, ["企业名称", "提出日期", "诉求内容", "办理情况"]))
        + row(
            cell("海川精工有限公司", about='ss:MergeDown="1"'), cell("3月5日"), cell("停车难"), cell("已办结")
        )
        + row(cell("3月8日", about='ss:Index="2"'), cell("用电紧张"), cell("办理中"))
    )
    path = tmp_path / f"a{suffix}"
    path.write_bytes(book(table))
    ledger = read_ledger(path)
    assert ledger.demands["text"].tolist() == ["停车难", "用电紧张"]
    assert ledger.demands["raised_on"].dt.strftime("%F").tolist() == ["2022-03-05", "2022-03-08"]
    assert ledger.demands["enterprise_id"].nunique() == 1
