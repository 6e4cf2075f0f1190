"""The workbook of introductions and of the salon planned from them, for readers of Excel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from liaison_analysis.introductions import ROLE_NAMES, UNCALIBRATED
from liaison_analysis.ledger import write_workbook

if TYPE_CHECKING:
    from pathlib import Path

    from liaison_analysis.analysis import Analysis
    from liaison_analysis.ledger import Ledger

# Columns of the workbook, and how its readers call them; names stand beside ids.
_HEADERS = {
    "slot": "时段",
    "table": "桌号",
    "seeker_id": "提出方编号",
    "seeker_name": "提出方",
    "counterpart_id": "对接对象编号",
    "counterpart_name": "对接对象",
    "enterprise_id": "企业编号",
    "enterprise_name": "企业",
    "a": "甲方编号",
    "a_name": "甲方",
    "b": "乙方编号",
    "b_name": "乙方",
    "role": "对象角色",
    "rank": "名次",
    "score": "分值",
    "value": "价值",
    "n_introductions": "对接数",
    "why": "理由",
    "reason": "理由",
    "path": "产业链路径",
    "competitor": "同业竞争",
    "both_sides": "双方都提出",
    "confidence": "把握",
    "calibration": "把握的依据",
}

# What those columns mean that do not say it themselves.
_MEANINGS = {
    "role": "对接对象对提出方来说是什么。What the counterpart would be to the seeker.",
    "rank": "该提出方同一角色下的先后，1为最先。Place among this seeker's counterparts in this role.",
    "score": "建议表中为0到1，只比较同一提出方的各个对象；日程表中为该场会面的价值。Introductions: 0 to 1, "
    "orders one seeker's counterparts. Of the timetable: what the meeting is worth.",
    "confidence": "已校准时为促成送样或签约的概率，未校准时与分值相同。Calibrated: chance of a sample or "
    "contract; else the score again.",
    "calibration": "依据多少场对接的结果校准；未校准即账本中结果太少。On how many outcomes it was learnt.",
    "both_sides": "双方诉求互相点到对方的产品。Each side's demand names what the other offers.",
    "competitor": "双方做同一种产品，引见前请斟酌。Both offer the same product: think twice.",
    "path": "从供方产品到需方产品的产业链；空白表示只凭诉求。From what the one offers into what the other "
    "offers; empty: a demand alone speaks for the pair.",
    "reason": "凭什么推荐，括号内为各类证据占分值的比例。Why, with the share of each kind of evidence.",
    "n_introductions": "该企业在名单内可会见的对象数。Counterparts among the guests.",
    "value": "请来该企业带来的对接价值。What its meetings are worth.",
    "why": "为何邀请。Why it is invited.",
    "slot": "第几个时段，从1起。Time slot, from 1.",
    "table": "第几桌，从1起。Table, from 1.",
}

_WORDS: dict[bool | str, str] = {
    True: "是",
    False: "否",
    UNCALIBRATED: "未校准 uncalibrated",
    **{role: f"{name} {ROLE_NAMES['en'][role]}" for role, name in ROLE_NAMES["zh"].items()},
}


def write_introductions(analysis: Analysis, path: Path) -> Path:
    """Write introductions in every role, and the salon planned from them, as a workbook.

    Parameters
    ----------
    analysis
        Its ledger needs offers; the more tables the better.
    path
        The ``.xlsx`` file; replaced as a whole when everything is computed.

    Raises
    ------
    MissingTableError
        The ledger lacks a table that introductions need.
    """
    introductions = analysis.introductions.table
    plan = analysis.salon.plan
    guests = introductions[["seeker_id"]].iloc[:0] if plan is None else plan.guests
    timetable = introductions[["seeker_id"]].iloc[:0] if plan is None else plan.timed()
    frames = {
        "牵线建议 introductions": introductions,
        "沙龙名单 guests": guests,
        "沙龙日程 timetable": timetable,
    }
    sheets = {name: _for_readers(frame, analysis.ledger) for name, frame in frames.items()}
    return write_workbook(path, {**sheets, "说明 columns": _explained(sheets)})


def _explained(sheets: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Say what the columns of the sheets mean."""
    rows = [
        (name, column, _MEANINGS[key])
        for name, frame in sheets.items()
        for column in frame.columns
        if (key := str(column).split()[-1]) in _MEANINGS
    ]
    return pd.DataFrame(rows, columns=["工作表 sheet", "列 column", "含义 meaning"])


def _for_readers(frame: pd.DataFrame, ledger: Ledger) -> pd.DataFrame:
    """Put the enterprise's name beside its id, count slots and tables from 1, and head columns in Chinese."""
    names = ledger.names()
    columns: dict[str, pd.Series] = {}
    shown = {name: frame[name] + 1 for name in ("slot", "table") if name in frame}
    shown |= {name: frame[name].round(3) for name in ("score", "value", "confidence") if name in frame}
    shown |= {name: frame[name].map(_WORDS) for name in ("competitor", "both_sides") if name in frame}
    shown |= {
        name: frame[name].map(lambda word: _WORDS.get(word, word))
        for name in ("role", "calibration")
        if name in frame
    }
    for column in [name for name in frame.columns if name in _HEADERS]:
        columns[f"{_HEADERS[column]} {column}"] = shown.get(column, frame[column])
        name = f"{column.removesuffix('_id')}_name"
        if name in _HEADERS:
            columns[f"{_HEADERS[name]} {name}"] = frame[column].map(names)
    return pd.DataFrame(columns)
