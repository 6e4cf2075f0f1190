import io
import zipfile

import openpyxl
import pytest
from helpers.packed_workbook import packed, plain
from openpyxl.comments import Comment

from liaison_analysis.ledger.workbook_parts import (
    column_position,
    sheet_comments,
    sheet_parts,
    struck_styles,
    style_colours,
    uses_1904,
)


def test_each_sheet_has_its_part_wherever_the_link_leads():
    assert sheet_parts(plain()) == {"demands": "xl/worksheets/sheet1.xml"}
    links = "xl/_rels/workbook.xml.rels"
    whole = packed({links: lambda xml: xml.replace(b"worksheets/", rb"\XL\Worksheets\.\\")})
    assert sheet_parts(whole) == {"demands": "xl/worksheets/sheet1.xml"}


def test_comments_stand_at_the_place_of_their_cell():
    book, target = openpyxl.Workbook(), io.BytesIO()
    book.active["AB3"].comment = Comment("作废", "x")
    book.save(target)
    found = sheet_comments(target.getvalue())["xl/worksheets/sheet1.xml"]
    assert {place: text.strip() for place, text in found.items()} == {(2, 27): "作废"}


@pytest.mark.parametrize(("written", "counts"), [(b"1", True), (b"true", True), (b"0", False)])
def test_days_count_from_1904_where_the_workbook_says_so(written, counts):
    book = packed(
        {
            "xl/workbook.xml": lambda xml: xml.replace(
                b"<workbookPr", b'<workbookPr date1904="' + written + b'"'
            )
        }
    )
    assert uses_1904(book) is counts
    assert not uses_1904(plain())


def test_a_struck_out_font_makes_the_styles_that_use_it_struck_out():
    styles = (
        b"<styleSheet><fonts><font/><font><strike/></font><font><strike val='0'/></font></fonts>"
        b"<cellXfs><xf fontId='0'/><xf fontId='1'/><xf fontId='2'/><xf fontId='1'/></cellXfs></styleSheet>"
    )
    with zipfile.ZipFile(io.BytesIO(packed({"xl/styles.xml": lambda _: styles}))) as archive:
        assert struck_styles(archive, archive.infolist()) == {"1", "3"}


@pytest.mark.parametrize(("letters", "position"), [("A", 0), ("z", 25), ("AA", 26), ("XFD", 16_383)])
def test_letters_of_a_column_are_its_position(letters, position):
    assert column_position(letters) == position


def test_a_style_has_the_colour_of_its_fill_or_else_of_its_text():
    styles = (
        b"<styleSheet><fonts><font/><font><color rgb='FFFF0000'/></font></fonts><fills>"
        b"<fill><patternFill patternType='none'/></fill>"
        b"<fill><patternFill patternType='solid'><fgColor theme='9'/></patternFill></fill>"
        b"<fill><patternFill patternType='solid'><fgColor rgb='FFFFFFFF'/></patternFill></fill>"
        b"<fill><patternFill patternType='gray125'><fgColor rgb='FF00FF00'/></patternFill></fill></fills>"
        b"<cellXfs>"
        b"<xf fontId='0' fillId='0'/><xf fontId='1' fillId='0'/><xf fontId='1' fillId='1'/>"
        b"<xf fontId='0' fillId='2'/><xf fontId='0' fillId='3'/></cellXfs></styleSheet>"
    )
    slots = [
        "000000",
        "FFFFFF",
        "1F497D",
        "EEECE1",
        "4F81BD",
        "C0504D",
        "9BBB59",
        "8064A2",
        "4BACC6",
        "70AD47",
    ]
    theme = "".join(f"<c{i}><srgbClr val='{one}'/></c{i}>" for i, one in enumerate(slots))
    parts = {
        "xl/styles.xml": lambda _: styles,
        "xl/theme/theme1.xml": lambda _: f"<theme><clrScheme>{theme}</clrScheme></theme>".encode(),
    }
    with zipfile.ZipFile(io.BytesIO(packed(parts))) as archive:
        assert style_colours(archive, archive.infolist()) == {"1": "ff0000", "2": "70ad47"}
