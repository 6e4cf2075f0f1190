"""Cells as text: as displayed in a sheet, and escaped so that a spreadsheet does not execute them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

import pandas as pd

#: Row and column of a cell, counted from 0.
Place = tuple[int, int]
# A spreadsheet runs a cell that starts with one of these as a formula when it opens a CSV file (OWASP, CSV
# injection; the full-width signs count in East Asian versions); marks already there are counted in, so that
# the escape can be undone.
_RUNS = re.compile(r"^'*[=+\-@＝＋－＠\t\r\n]")


def safe_cell(text: str) -> str:
    """Put a ``'`` before text that a spreadsheet would run as a formula.

    ``unsafe_cell`` removes it, so that text is read back as it was written.

    Examples
    --------
    >>> safe_cell("=HYPERLINK(1)"), safe_cell("-5 ℃ 冷库"), safe_cell("数控机床")
    ("'=HYPERLINK(1)", "'-5 ℃ 冷库", '数控机床')
    """
    return f"'{text}" if _RUNS.match(text) else text


def unsafe_cell(text: str) -> str:
    """Remove the mark that ``safe_cell`` added.

    Examples
    --------
    >>> unsafe_cell(safe_cell("=1+1")), unsafe_cell("'90年代"), unsafe_cell(safe_cell("'=1"))
    ('=1+1', "'90年代", "'=1")
    """
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text


# Characters that XML cannot hold and that are not typed by hand.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# Characters without width (a soft hyphen, marks of direction, a byte-order mark), which web pages leave in
# copied cells; joiners of pictures stay.
_INVISIBLE = re.compile(r"[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_DIGITS_KEPT = 1e15


def cell_text(cell: object) -> str:
    r"""Text of a cell in normal form: the way a person reads it in the sheet.

    No white space at either end, lines ended by ``\n`` alone, no control characters. Numbers have at most
    15 digits, as many as Excel keeps, and whole ones no ``.0``; one of more than 15 digits, whose last
    digits Excel has already lost, is left in scientific notation, so that a check can find it.

    Examples
    --------
    >>> cell_text(138.0), cell_text(dt.datetime(2022, 3, 5)), cell_text(" 鱼复\u3000"), cell_text(None)
    ('138', '2022-03-05', '鱼复', '')
    >>> cell_text(5.00109202203045e17), cell_text(0.1 + 0.2), cell_text("停车\r\n难\x07")
    ('5.00109202203045e+17', '0.3', '停车\n难')
    """
    if isinstance(cell, str):
        # Most cells hold nothing to clean; this test is many times faster than cleaning.
        return (cell if cell.isprintable() else clean_text(cell)).strip()
    if cell is None or cell is pd.NA or cell is pd.NaT:
        return ""
    if isinstance(cell, bytes):  # text of a Parquet file that was written as binary
        return clean_text(_decoded(cell)).strip()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        whole = cell.is_integer() and abs(cell) < _DIGITS_KEPT
        return "" if cell != cell else str(int(cell)) if whole else f"{cell:.15g}"  # noqa: PLR0124 - NaN alone differs from itself
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else cell.replace(tzinfo=None).isoformat(" ", "seconds")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return clean_text(str(cell)).strip()


def _decoded(data: bytes) -> str:
    """Text of bytes in UTF-8, or else in GB 18030; others raise ``UnicodeDecodeError``."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def clean_text(text: str) -> str:
    r"""Text without control and invisible characters, its lines ended by ``\n`` alone.

    Examples
    --------
    >>> clean_text("停车\r\n难\x07"), clean_text("甲公司\u200b")
    ('停车\n难', '甲公司')
    """
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text if text.isascii() else _INVISIBLE.sub("", text)


def simplified(text: str) -> str:
    """Text in Simplified Chinese; what GB 2312 can encode is simplified already.

    Examples
    --------
    >>> simplified("辦理情況"), simplified("办理情况")
    ('办理情况', '办理情况')
    """
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        from liaison_analysis.text import normalise

        return normalise([text])[0]
    return text


def one_line(written: object) -> str:
    r"""Text of a cell on one line, for names of sheets and columns.

    Examples
    --------
    >>> one_line(" 办理\n  时限\t(天)")
    '办理 时限 (天)'
    """
    return " ".join(cell_text(written).split())


def plain_word(cell: str) -> str:
    r"""Write a cell as words are compared: on one line, in half width and small letters.

    Examples
    --------
    >>> plain_word(" ＯＫ\n"), plain_word("牵头")
    ('ok', '牵头')
    """
    return unicodedata.normalize("NFKC", one_line(cell)).casefold()


def column_letters(column: int) -> str:
    """Name of a column as Excel shows it, from its position counted from 0.

    Examples
    --------
    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    name = ""
    while column >= 0:
        column, letter = divmod(column, 26)
        name, column = chr(ord("A") + letter) + name, column - 1
    return name
