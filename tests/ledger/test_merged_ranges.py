"""Merged cells of OpenDocument and binary workbooks."""

import zipfile

import pytest
from helpers.binary_workbook import write_binary_workbook

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger import read_ledger
from liaison_analysis.ledger.merged_ranges import merged_ranges
from liaison_analysis.ledger.sheet_reading import read_sheets

ROWS = [
    ["2022年台账"],
    ["企业名称", "诉求内容", "提出日期"],
    ["甲公司", "停车难", "6月3日"],
    ["", "招工难", "6月5日"],
]
_TABLE = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
    '<table:table table:name="表">{}</table:table></office:spreadsheet></office:body>'
    "</office:document-content>"
)


def open_document(path, content, manifest="<manifest/>"):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def test_a_merged_name_of_a_binary_workbook_holds_for_its_rows(tmp_path):
    path = write_binary_workbook(tmp_path / "a.xlsb", ROWS, merged=[(2, 0, 3, 0), (0, 0, 0, 2)])
    assert merged_ranges(path.read_bytes(), "xlsb") == {"台账": [(2, 0, 3, 0), (0, 0, 0, 2)]}
    ledger = read_ledger(path)
    assert ledger.names()[ledger.demands["enterprise_id"]].tolist() == ["甲公司", "甲公司"]


def test_merged_cells_of_an_open_document_are_counted_over_repeated_rows_and_cells(tmp_path):
    row = "<table:table-row>{}</table:table-row>"
    cell = "<table:table-cell/>"
    spanned = '<table:table-cell table:number-rows-spanned="2" table:number-columns-spanned="3"/>'
    content = (
        '<table:table-row table:number-rows-repeated="4"><table:table-cell/></table:table-row>'
        + row.format('<table:table-cell table:number-columns-repeated="2"/>' + spanned)
        + row.format(cell)
    )
    path = open_document(tmp_path / "a.ods", _TABLE.format(content))
    assert merged_ranges(path.read_bytes(), "ods") == {"表": [(4, 2, 5, 4)]}


def test_the_error_of_an_encrypted_open_document_names_the_password(tmp_path):
    path = open_document(tmp_path / "a.ods", "\x02\x9c", '<manifest:encryption-data xmlns:manifest="m"/>')
    with pytest.raises(LedgerError, match="protected by a password"):
        read_sheets(path)
