"""Tables, columns, states and coded reasons in the language of messages."""

from __future__ import annotations

from typing import Final

from liaison_analysis._messages import marked, message, word_of
from liaison_analysis.ledger.schema import STATUSES, TABLES

_CHINESE: Final[dict[str, str]] = {
    **{c.name: c.chinese[0] for table in reversed(TABLES.values()) for c in table.columns},
    **{table.name: table.chinese[0] for table in TABLES.values()},
    # What headers mean besides the columns of the schema (``headers.EXTRA_COLUMNS``).
    "enterprise": "企业名称",
    "supplier": "供应企业",
    "customer": "采购企业",
    "seeker": "提出企业",
    "counterpart": "对接企业",
    "done": "是否办结",
    "title": "标题",
    "number": "序号",
    "note": "备注",
    "contact": "联系方式",
    # Layouts of whole sheets.
    "form": "填报表",
    "board": "看板",
    "table on its side": "横排的表",
}
#: Codes of ``Ledger.understanding`` and ``Ledger.review``: how something was known, what is to be decided.
_CODES: Final = {
    # kinds of what was understood
    "sheet": marked("sheet"),
    "header": marked("header"),
    "state": marked("state"),
    "year": marked("year"),
    "register": marked("register"),
    # how it was known
    "synonym": marked("known header"),
    "pattern": marked("header of a known form"),
    "look": marked("by the look of its cells"),
    "mapping": marked("as you decided"),
    "headers": marked("by its headers"),
    "name of the sheet": marked("name of the sheet"),
    "kept under its own header": marked("kept under its own header"),
    "read for the register of enterprises": marked("read for the register of enterprises"),
    "no header of a ledger's table": marked("no header of a ledger's table"),
    "made from the names in the rows": marked("made from the names in the rows"),
    "read out of the list of demands": marked("read out of the list of demands"),
    "labels beside their values": marked("labels beside their values"),
    "read by its cells, or made of other columns or titles": marked(
        "read by its cells, or made of other columns or titles"
    ),
    "open demands have such days too: a deadline, kept under its own header": marked(
        "open demands have such days too: a deadline, kept under its own header"
    ),
    "known word": marked("known word"),
    "not understood": marked("not understood"),
    "given": marked("as you decided"),
    "title": marked("from the title or the sheet's name"),
    "row": marked("from another day of the row"),
    "neighbours": marked("from the days above and below"),
    # what is to be decided
    "unread": marked("cannot be read"),
    "unknown": marked("unknown"),
    "missing": marked("missing"),
    # "year" is above: days without one
    "implausible": marked("implausible"),
    "contradicts": marked("contradictory"),
    "repeated": marked("repeated"),
    "unmatched": marked("not matched"),
    "part": marked("in part"),
    "ambiguous": marked("several fit"),
    "likely": marked("likely"),
}


def spoken_name(name: str) -> str:
    """Name of a table, column or state: as the schema has it, or Chinese where messages are.

    Parameters
    ----------
    name
        As the schema has it; any other stays as it is.

    Returns
    -------
    str
        The first Chinese header, sheet or state, or ``name``.

    Examples
    --------
    >>> from liaison_analysis._messages import speaking
    >>> with speaking("zh"):
    ...     [spoken_name(name) for name in ("raised_on", "demands", "settled", "own column")]
    ['提出日期', '企业诉求', '已办结', 'own column']
    """
    return word_of(
        lambda language: _CHINESE.get(name, STATUSES.get(name, name)) if language == "zh" else name
    )


def spoken_code(code: str) -> str:
    """Words for how something was known, or what is to be decided; a code without any stays as it is.

    Parameters
    ----------
    code
        As in ``Ledger.understanding`` (kind, evidence) and ``Ledger.review`` (status).

    Returns
    -------
    str
        Words in the language of messages.

    Examples
    --------
    >>> spoken_code("look"), spoken_code("own words")
    ('by the look of its cells', 'own words')
    """
    words = _CODES.get(code)
    return code if words is None else message(words)
