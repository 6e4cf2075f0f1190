import io

import docx
import pytest

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.document_tables import document_sheets


def sheets(*parts):
    """Sheets of a document made of paragraphs (text) and tables (rows of cells)."""
    document = docx.Document()
    for part in parts:
        if isinstance(part, str):
            document.add_paragraph(part)
        else:
            table = document.add_table(len(part), len(part[0]))
            for i, row in enumerate(part):
                for j, text in enumerate(row):
                    table.cell(i, j).text = text
    return read(document)


def read(document):
    file = io.BytesIO()
    document.save(file)
    return document_sheets(file.getvalue(), "a.docx", "台账", "a.docx")


def test_each_table_is_a_sheet_below_the_paragraphs_before_it():
    first, second = sheets(
        "2022年", "", "台账", [["编号", "诉求"], ["1", "停车"]], "附表", [["甲"]], "填表人：某人"
    )
    assert (first.name, first.file) == ("台账", "a.docx")
    assert first.rows == [["2022年"], ["台账"], ["编号", "诉求"], ["1", "停车"]]
    assert second.name == "台账 2"
    assert second.rows == [["附表"], ["甲"], ["填表人：某人"]]


def test_a_merged_cell_stands_once_and_its_range_counts_the_titles_above():
    document = docx.Document()
    document.add_paragraph("标题")
    table = document.add_table(3, 3)
    for i in range(3):
        for j in range(3):
            table.cell(i, j).text = f"{i}{j}"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "甲"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "乙"
    (sheet,) = read(document)
    assert sheet.rows == [["标题"], ["00", "乙"], ["甲", "11", "12"], ["", "21", "22"]]
    assert sorted(sheet.marks.merged) == [(1, 1, 1, 2), (2, 0, 3, 0)]


def test_labels_with_their_values_are_read_without_a_table():
    (sheet,) = sheets("走访情况", "企业名称：甲公司", "企业诉求：停车难")
    assert sheet.rows == [["走访情况"], ["企业名称：甲公司"], ["企业诉求：停车难"]]


def test_a_document_without_a_table_and_what_is_no_document_are_refused():
    with pytest.raises(LedgerError, match="holds no table; put the demands into a table"):
        sheets("停车难")
    with pytest.raises(LedgerError, match="is not a Word document"):
        document_sheets(b"\xd0\xcf\x11\xe0", "a.docx", "a", "")
    file = io.BytesIO()
    docx.Document().save(file)
    with pytest.raises(LedgerError, match="is damaged"):
        document_sheets(
            file.getvalue().replace(b"word/document.xml", b"word/document.xmk"), "a.docx", "a", ""
        )
