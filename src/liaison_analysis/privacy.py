"""Make a cell safe to export."""

from __future__ import annotations

import re

# A spreadsheet runs a cell that starts with one of these as a formula when it opens a CSV file (OWASP, CSV
# injection; the full-width signs count in East Asian versions); marks already there are counted in, so that
# the escape can be undone.
_RUNS = re.compile(r"^'*[=+\-@＝＋－＠\t\r\n]")


def safe_cell(text: str) -> str:
    """Put a ``'`` before text that a spreadsheet would run as a formula.

    Undone by ``unsafe_cell``: what was written is what is read again.

    Examples
    --------
    >>> safe_cell("=HYPERLINK(1)"), safe_cell("-5 ℃ 冷库"), safe_cell("数控机床")
    ("'=HYPERLINK(1)", "'-5 ℃ 冷库", '数控机床')
    """
    return f"'{text}" if _RUNS.match(text) else text


def unsafe_cell(text: str) -> str:
    """Take the mark of ``safe_cell`` away.

    Examples
    --------
    >>> unsafe_cell(safe_cell("=1+1")), unsafe_cell("'90年代"), unsafe_cell(safe_cell("'=1"))
    ('=1+1', "'90年代", "'=1")
    """
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text
