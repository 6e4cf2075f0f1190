"""Cells as systems store them: records in JSON, texts with tags of web editors, shares of one."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from liaison_analysis.ledger.cell_looks import SAMPLED
from liaison_analysis.ledger.cells import cell_text, one_line
from liaison_analysis.ledger.headers import meaning_of

if TYPE_CHECKING:
    from liaison_analysis.ledger.layout import Block

_TAG: Final = re.compile(
    r"</?(?:p|br|div|span|b|strong|em|i|u|ul|ol|li|font|a|h[1-6]|table|tbody|tr|td)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BREAK: Final = re.compile(r"</(?:p|div|li|tr|h[1-6])>|<br\s*/?>", re.IGNORECASE)
# Headers of shares, and a share in per cent.
_PROGRESS: Final = re.compile(r"进度|完成率|办结率|百分比|比例|%")
_PERCENT: Final = re.compile(r"^(?:100|\d{1,2})(?:\.\d+)?$")


def open_records(block: Block) -> None:
    """Give each key of records in cells a column of its own: {"诉求内容": …, "责任单位": …}."""
    for j in range(len(block.headers)):
        cells = block.cells[j]
        sample = [cell for cell in cells if cell][:SAMPLED]
        if not sample or not all(cell.startswith("{") and cell.endswith("}") for cell in sample):
            continue
        records = [_record(cell) for cell in cells]
        if not any(records):
            continue
        if meaning_of(block.headers[j], "demands"):
            block.headers[j] = f"{one_line(block.headers[j])}（原）"
        for key in dict.fromkeys(key for record in records for key in record):
            if key not in block.headers:
                block.add_column(key, [record.get(key, "") for record in records], j)


def _record(cell: str) -> dict[str, str]:
    """Texts of a record by key; ``{}`` where the cell is no record."""
    try:
        read = json.loads(cell) if cell else {}
    except (ValueError, RecursionError):
        return {}
    if not isinstance(read, dict):
        return {}
    several = {key: "、".join(map(cell_text, one)) for key, one in read.items() if isinstance(one, list)}
    plain = {key: cell_text(one) for key, one in read.items() if not isinstance(one, list | dict)}
    return {one_line(key): text for key, text in (plain | several).items() if one_line(key) and text}


def strip_tags(block: Block) -> None:
    """Write texts that an editor of web pages made without their tags: <p>停车难</p>."""
    for j, cells in enumerate(block.cells):
        if not any(map(_TAG.search, cells)):
            continue
        plain = [_without_tags(cell) if _TAG.search(cell) else cell for cell in cells]
        header = block.headers[j]
        block.headers[j] = f"原文{j}" if "原文" in block.headers else "原文"
        block.add_column(header, plain, j)


def _without_tags(cell: str) -> str:
    lines = _BREAK.sub("\n", cell)
    text = html.unescape(_TAG.sub("", lines)).replace("\xa0", " ")
    return "\n".join(line for one in text.split("\n") if (line := one.strip()))


def write_shares(block: Block) -> None:
    """Write progress as Excel shows it, where cells hold shares of one under a format of per cent: 60%."""
    for j, header in enumerate(block.headers):
        filled = [cell for cell in block.cells[j] if cell]
        if not header or not filled or not _PROGRESS.search(one_line(header)):
            continue
        if all(re.fullmatch(r"[01]|0?\.\d+", cell) for cell in filled):
            block.cells[j] = [f"{float(cell) * 100:g}%" if cell else "" for cell in block.cells[j]]
        elif "0" in filled and any("%" in cell for cell in filled):
            block.cells[j] = ["0%" if cell == "0" else cell for cell in block.cells[j]]
        elif "%" in unicodedata.normalize("NFKC", header) and all(map(_PERCENT.match, filled)):
            block.cells[j] = [f"{cell}%" if cell else "" for cell in block.cells[j]]
