"""The papers of a meeting as a Word document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis._files import replacing
from liaison_analysis._outputs import word_bytes
from liaison_analysis.privacy import mask_personal_data

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: Most rows of a table in the document; all of them are in the workbook. Judgement: two pages.
MOST_ROWS: Final = 30
#: Most matters to decide in the document. Judgement: two hours of a meeting, ten minutes each.
MOST_DECISIONS: Final = 12
#: Order in which matters to decide are listed, for the note on those that are left to the workbook.
_DECISIONS_ORDER: Final = "先列多家企业的共性事项，再列超期最久的，最后列未明确责任部门的"
_LONGEST_CELL: Final = 120
_INTRODUCTION: Final = {
    "分部门": "各部门情况",
    "议定落实": "以往议定事项的落实情况",
    "需议事项": "需要会议决定的事项",
    "超期及原因": "超期事项及原因",
    "即将超期": "可能超期的事项",
    "共性事项": "多家企业的共性事项",
    "本期变化": "本期变化",
    "回访": "需要回访的事项",
}


def write_document(
    path: Path, sheets: Mapping[str, pd.DataFrame], *, since: pd.Timestamp, on: pd.Timestamp
) -> Path:
    """Write the papers as a ``.docx`` file: a summary, then a table per topic, the first 30 rows of each.

    Of the matters to decide the first 12 are listed: a meeting decides no more. A note below a table says how
    many more stand in the workbook.

    The same papers give the same bytes. Personal data is masked, as in workbooks.

    Parameters
    ----------
    path
        File to write; replaced as a whole.
    sheets
        Frame by name of a sheet, as ``write_meeting`` writes them.
    since, on
        Days of the last meeting and of this one.
    """
    from docx import Document

    document = Document()
    properties = document.core_properties
    properties.author, properties.title = "", "企业诉求调度会材料"
    document.add_heading("企业诉求调度会材料", level=0)
    document.add_paragraph(f"统计区间：{since:%Y-%m-%d} 至 {on:%Y-%m-%d}")
    document.add_paragraph(_summary(sheets))
    for name, title in _INTRODUCTION.items():
        if name not in sheets:
            continue
        frame = sheets[name]
        document.add_heading(f"{title}（{len(frame)} 项）", level=1)
        if not len(frame):
            document.add_paragraph("无。")
            continue
        most = MOST_DECISIONS if name == "需议事项" else MOST_ROWS
        _table(document, frame.head(most))
        if len(frame) > most:
            order = f"（{_DECISIONS_ORDER}）" if name == "需议事项" else ""
            document.add_paragraph(
                f"以上为前 {most} 项{order}，其余 {len(frame) - most} 项见工作簿“{name}”。"
            )
    with replacing(path) as part:
        part.write_bytes(word_bytes(document))
    return path


def _summary(sheets: Mapping[str, pd.DataFrame]) -> str:
    departments = sheets["分部门"]
    total = departments.drop(columns="责任部门").sum() if len(departments) else None
    if total is None:
        return "本期无诉求。"
    return (
        f"本期新增 {total['本期新增']} 件、办结 {total['本期办结']} 件；期末未办结 {total['未办结']} 件，"
        f"其中超期 {total['超期']} 件、临近时限 {total['临近时限']} 件；"
        f"需要会议决定 {len(sheets['需议事项'])} 项，需要回访 {len(sheets['回访'])} 件。"
    )


def _table(document: Any, frame: pd.DataFrame) -> None:
    table = document.add_table(rows=1, cols=frame.shape[1], style="Table Grid")
    for cell, header in zip(table.rows[0].cells, frame.columns, strict=True):
        cell.text = str(header)
    columns = [mask_personal_data([_text(value) for value in frame[name]]) for name in frame]
    for row in zip(*columns, strict=True):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - 1] + "…"


def _text(value: Any) -> str:
    """Write a value on one line, without what Word cannot hold."""
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return f"{value:%Y-%m-%d}"
    return "".join(c if c.isprintable() else " " for c in str(value))
