import base64
import codecs
import quopri

import pytest

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.text_reading import (
    archived_page,
    decoded,
    html_tables,
    is_separated,
    separated_rows,
)


@pytest.mark.parametrize("mark", ["\t", ",", ";", "|"])
def test_the_delimiter_is_the_one_that_stands_equally_often_in_most_lines(mark):
    text = f"编号{mark}诉求\n1{mark}停车难，招工难\n2{mark}用电不足\n"
    assert separated_rows(text.encode(), "a.csv") == [
        ["编号", "诉求"],
        ["1", "停车难，招工难"],
        ["2", "用电不足"],
    ]


def test_marks_within_texts_do_not_outvote_the_delimiter():
    text = "编号,诉求\n1,路灯;水管;围墙\n2,停车\n3,用电;用水\n"
    assert separated_rows(text.encode(), "a.csv")[1:] == [
        ["1", "路灯;水管;围墙"],
        ["2", "停车"],
        ["3", "用电;用水"],
    ]


def test_a_text_without_any_delimiter_is_one_column():
    assert separated_rows("诉求\n停车难".encode(), "a.csv") == [["诉求"], ["停车难"]]


def test_quoted_cells_hold_lines_and_delimiters_and_an_escaped_formula_is_as_it_was_written():
    text = '编号,诉求\n1,"停车,\n""很""难"\n2,\'=1+1\n'
    assert separated_rows(text.encode(), "a.csv")[1:] == [["1", '停车,\n"很"难'], ["2", "=1+1"]]


def test_a_quote_that_does_not_match_is_named_with_its_line():
    with pytest.raises(LedgerError, match=r"^a\.csv: is not a CSV file \(line 3: .*correct the quotes"):
        separated_rows(b'a,b\n1,2\n3,"4"5\n', "a.csv")


@pytest.mark.parametrize(
    "data",
    [
        "诉求".encode(),
        codecs.BOM_UTF8 + "诉求".encode(),
        codecs.BOM_UTF16_LE + "诉求".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "诉求".encode("utf-16-be"),
        "诉求".encode("gb18030"),
    ],
)
def test_text_is_decoded_by_its_mark_or_as_excel_in_china_writes_it(data):
    assert decoded(data, "a.csv") == "诉求"


def test_bytes_that_are_no_text_are_refused():
    with pytest.raises(LedgerError, match=r"^a\.csv: is not text in UTF-8, UTF-16 or GB 18030"):
        decoded(b"\xff\x80\x81\xff", "a.csv")


def test_two_lines_with_a_delimiter_are_a_table_and_one_is_not():
    assert is_separated("a\tb\n\nc\td\n")
    assert not is_separated("a,b\ncd\n")
    assert not is_separated("a,b\nc;d\n")


def test_every_table_of_a_page_is_read_with_its_merged_cells_and_the_texts_above():
    page = (
        "<table><tr><td>2022年台账</td></tr></table><h1>一、未办结</h1>"
        "<table><tr><th rowspan='2'>编号</th><th colspan=2>诉求<br>内容</th></tr>"
        "<tr><td>b</td><td>c</td></tr><tr><td>1</td><td></td><td>d</td></tr></table>"
        "<table><tr><td>编号<td>诉求<tr><td>2<td><p>停车难</p><p>用电紧</p></table>填表人：甲"
    )
    assert html_tables(page, "a.xls") == [
        (
            [["2022年台账"], ["一、未办结"], ["编号", "诉求\n内容"], ["", "b", "c"], ["1", "", "d"]],
            [(2, 0, 3, 0), (2, 1, 2, 2)],
        ),
        ([["编号", "诉求"], ["2", "停车难\n用电紧"], ["填表人：甲"]], []),
    ]


def test_tables_that_arrange_others_are_not_read_but_the_inner_ones_are():
    page = "<table><tr><td>导航</td><td><table><tr><td>a</td><td>b</td></tr></table></td></tr></table>"
    assert html_tables(page, "a.xls") == [([["导航"], ["a", "b"]], [])]


@pytest.mark.parametrize("span", ["0", "", "two", "-3", "12345"])
def test_a_span_that_is_no_number_of_rows_is_one(span):
    page = f"<table><tr><td rowspan='{span}'>a</td><td>b</td></tr><tr><td>c</td></tr></table>"
    assert html_tables(page, "a.xls") == [([["a", "b"], ["c"]], [])]


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_a_page_saved_as_one_file_is_decoded(encoding):
    page = "<table><tr><td>编号</td><td>诉求</td></tr></table>".encode("gb18030")
    coded = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}[encoding](page)
    head = (
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="x"\n\n--x\n'
        f'Content-Type: text/html; charset="gb2312"\nContent-Transfer-Encoding: {encoding}\n\n'
    )
    data = head.encode() + coded + b"\n--x--\n"
    assert archived_page(data).strip() == page.decode("gb18030")


def test_a_page_without_a_table_is_refused():
    with pytest.raises(LedgerError, match="is a web page without a table"):
        html_tables("<p>停车难</p>", "a.xls")


def test_cells_that_systems_protect_from_excel_are_text():
    assert separated_rows(b'no,text\n"=""00123""",=1+1\n', "a.csv")[1][0] == "00123"
