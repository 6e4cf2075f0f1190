import io

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from liaison_analysis.policies.formats import SUFFIXES, read_bytes


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".htm"])
def test_every_text_format_gives_its_paragraphs(suffix):
    source = "<p>某办法</p><p>第一条 甲。</p>" if suffix.startswith(".h") else "某办法\n\n第一条 甲。\n"
    assert [part.text for part in read_bytes(source.encode(), suffix).paragraphs] == ["某办法", "第一条 甲。"]


def test_suffixes_are_those_that_are_read():
    assert {
        ".docx",
        ".docm",
        ".pdf",
        ".html",
        ".htm",
        ".md",
        ".txt",
        ".doc",
        ".wps",
        ".rtf",
        ".odt",
    } == SUFFIXES


def test_the_rows_of_an_inner_table_are_set_apart_in_their_cell():
    document = docx.Document()
    table = document.add_table(1, 2)
    table.cell(0, 0).text = "资助标准"
    inner = table.cell(0, 1).add_table(2, 2)
    for i, (level, words) in enumerate((("一级", "最高300万元"), ("二级", "最高100万元"))):
        inner.cell(i, 0).text, inner.cell(i, 1).text = level, words
    written = io.BytesIO()
    document.save(written)
    (paragraph,) = read_bytes(written.getvalue(), ".docx").paragraphs
    assert paragraph.text == "| 资助标准 | 一级 最高300万元；二级 最高100万元 |"


def test_what_an_empty_content_control_asks_for_is_no_text():
    document = docx.Document()
    document.add_paragraph("一、奖励5万元。")
    control = parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        "<w:p><w:r><w:t>单击此处输入文字。</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    document.element.body.insert(1, control)
    written = io.BytesIO()
    document.save(written)
    assert [p.text for p in read_bytes(written.getvalue(), ".docx").paragraphs] == ["一、奖励5万元。"]
