"""The monthly meeting: its papers as a workbook and a Word document, and its decisions read back in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from liaison_analysis._calendar import written_day
from liaison_analysis._checks import check_frame
from liaison_analysis._messages import message
from liaison_analysis.errors import LedgerError, problem
from liaison_analysis.followup.call_back_list import call_backs
from liaison_analysis.followup.cases import common_cases
from liaison_analysis.followup.chances import chances_by_limit
from liaison_analysis.followup.dispatch import dispatch_sheet
from liaison_analysis.followup.facts import count_day
from liaison_analysis.followup.limits import check_limits
from liaison_analysis.followup.meeting_document import write_document
from liaison_analysis.followup.reminders import closed_by, open_demands, settled_by
from liaison_analysis.followup.task_lists import task_list
from liaison_analysis.ledger import STATUSES, as_ledger, read_sheets, write_workbook

if TYPE_CHECKING:
    from collections.abc import Mapping

    from liaison_analysis.errors import Problem
    from liaison_analysis.ledger import Ledger

#: Sheet on which decisions are written and read back, and the columns that are filled in there.
DECISIONS_SHEET: Final = "需议事项"
_FILLED: Final = {"decision": "议定事项", "owner": "牵头部门", "due_on": "完成时限"}
_SHEETS: Final[dict[str, dict[str, str]]] = {
    "本期变化": {
        "changed_on": "变化日期",
        "change": "本期变化",
        "was": "原为",
        "demand_id": "诉求编号",
        "enterprise": "企业",
        "owner": "责任部门",
        "text": "诉求内容",
        "next_step": "下一步",
    },
    "超期及原因": {
        "demand_id": "诉求编号",
        "enterprise": "企业",
        "owner": "责任部门",
        "text": "诉求内容",
        "status": "办理状态",
        "due_on": "办结时限",
        "waited": "已历天数",
        "over": "超期天数",
        "why": "原因",
        "notify": "提醒对象",
    },
    "即将超期": {
        "demand_id": "诉求编号",
        "enterprise": "企业",
        "owner": "责任部门",
        "text": "诉求内容",
        "due_on": "办结时限",
        "chance": "按期办结概率",
        "expected_on": "预计办结日期",
        "drivers": "影响因素",
    },
    DECISIONS_SHEET: {
        "meeting_on": "会议日期",
        "demand_id": "诉求编号",
        "place": "企业或区域",
        "text": "内容",
        "why": "提请事由",
        "now": "现责任部门",
        **_FILLED,
    },
    "分部门": {
        "owner": "责任部门",
        "n_open": "未办结",
        "new": "本期新增",
        "settled": "本期办结",
        "over": "超期",
        "near": "临近时限",
        "undecided": "需议",
    },
    "共性事项": {
        "case_id": "牵头诉求编号",
        "place": "区域",
        "matter": "事项",
        "n_enterprises": "企业数",
        "n_open": "未办结",
        "owners": "责任部门",
        "demand_ids": "诉求编号",
    },
    "回访": {
        "demand_id": "诉求编号",
        "enterprise": "企业",
        "linked officer": "挂点干部",
        "settled_on": "办结日期",
        "reason": "原因",
        "ask": "询问",
        "then": "处理",
    },
}
#: Sheet that says what became of earlier decisions; written where they are given.
_FOLLOWED_SHEET: Final = "议定落实"
_FOLLOWED: Final = {
    "decided_on": "会议日期",
    "demand_id": "诉求编号",
    "enterprise": "企业",
    "decision": "议定事项",
    "owner": "牵头部门",
    "due_on": "完成时限",
    "settled_on": "办结日期",
    "outcome": "落实情况",
}
# Probabilities nearer to 0 or 1 are not distinguished; judgement: a ledger has hundreds of demands.
_RARE: Final = 0.01
_CALL_REASONS: Final = {"dissatisfied": "不满意", "asked again": "再次反映", "not fed back": "未反馈"}


def meeting_papers(
    ledger: Ledger,
    since: Any = None,
    on: Any = None,
    *,
    before: Ledger | None = None,
    limits: str | pd.DataFrame | None = None,
    pauses: pd.DataFrame | None = None,
    themes: Mapping[str, Any] | None = None,
    decisions: pd.DataFrame | None = None,
) -> dict[str, pd.DataFrame]:
    """Gather what a monthly meeting needs: changes, what is late and why, decisions needed, by department.

    Parameters
    ----------
    ledger
        Its demands.
    since, on, before
        Days of the last and of this meeting, and the ledger as it was at the last one, as in
        ``dispatch_sheet``.
    limits, pauses
        As in ``check_limits``.
    themes
        As in ``common_cases``.
    decisions
        What earlier meetings decided, as ``read_decisions`` gives it.

    Returns
    -------
    dict
        Frames by name: ``changes`` (``dispatch_sheet``); ``late`` (open and over their limit: demand_id,
        enterprise, owner, text, status, due_on, waited, over, why, level, notify; the longest over first);
        ``likely`` (``settlement_chances`` of likely breaches, each by its own limit; empty while nothing was
        settled); ``decisions`` (meeting_on, demand_id, place, text, why, now, and empty decision, owner,
        due_on to fill in: demands that reached an escalation level, that nobody owns, and cases of several
        enterprises);
        ``departments`` (owner, n_open, new, settled, over, near, undecided); ``cases`` (``common_cases``);
        ``calls`` (``call_backs``). With ``decisions`` also ``followed`` (decided_on, demand_id, enterprise,
        decision, owner, due_on, settled_on, outcome; those that are late first).

    Raises
    ------
    ValueError
        As ``dispatch_sheet`` and ``check_limits``.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> papers = meeting_papers(load_liangjiang(), on="2022-12-31")
    >>> papers["departments"][["n_open", "new", "settled"]].sum().tolist()
    [278, 44, 28]
    """
    ledger = as_ledger(ledger)
    before = None if before is None else as_ledger(before, "before")
    if pauses is not None:
        check_frame(pauses, "pauses")
    if decisions is not None:
        check_frame(
            decisions,
            "decisions",
            ["demand_id", "decided_on", "decision", "owner", "due_on"],
            source="read_decisions",
        )
    day = count_day(ledger, on)
    changes = dispatch_sheet(ledger, since, day, before=before)
    tasks = task_list(ledger, day, everything=True).set_index("demand_id")
    due = check_limits(ledger, day, limits=limits, pauses=pauses)
    due = due[due["stage"].eq("close")]
    cells = tasks[["enterprise", "text", "status", "in_remit"]]
    late = due[due["state"].eq("over")].join(cells, on="demand_id")
    late = late.assign(over=late["waited"] - late["within"], why=_why(late, ledger))
    cases = common_cases(ledger, on=day, themes=themes)
    papers = {
        "changes": changes,
        "late": late.reset_index(drop=True),
        "likely": _likely(ledger, day, due, tasks),
        "decisions": _decisions(ledger, day, late, cases),
        "cases": cases,
        "calls": call_backs(ledger, day, language="zh"),
    }
    if decisions is not None:
        papers["followed"] = _followed(ledger, day, decisions)
    papers["departments"] = _departments(ledger, day, due, papers)
    for frame in papers.values():
        frame.attrs = {"since": changes.attrs["since"], "on": day}
    return papers


def write_meeting(
    ledger: Ledger,
    path: str | Path,
    *,
    since: Any = None,
    on: Any = None,
    before: Ledger | None = None,
    limits: str | pd.DataFrame | None = None,
    pauses: pd.DataFrame | None = None,
    themes: Mapping[str, Any] | None = None,
    decisions: pd.DataFrame | None = None,
) -> list[Path]:
    """Write the papers of a monthly meeting: a workbook, and a Word document of the same name.

    Parameters
    ----------
    ledger, since, on, before, limits, pauses, themes, decisions
        As in ``meeting_papers``.
    path
        The ``.xlsx`` file; the document ends with ``.docx``. Both are replaced as a whole.

    Returns
    -------
    list of Path
        The workbook (sheets 本期变化, 超期及原因, 即将超期, 需议事项, 分部门, 共性事项, 回访, and 议定落实
        where ``decisions`` are given) and the document. What was decided is filled in on 需议事项 and read
        back by ``read_decisions``.

    Examples
    --------
    >>> import tempfile
    >>> from liaison_analysis import load_liangjiang
    >>> folder = Path(tempfile.mkdtemp())
    >>> written = write_meeting(load_liangjiang(), folder / "meeting.xlsx", on="2022-12-31")
    >>> [file.name for file in written], len(read_decisions(written[0]))
    (['meeting.xlsx', 'meeting.docx'], 0)
    """
    papers = meeting_papers(
        ledger,
        since,
        on,
        before=before,
        limits=limits,
        pauses=pauses,
        themes=themes,
        decisions=decisions,
    )
    names = ("changes", "late", "likely", "decisions", "departments", "cases", "calls")
    sheets = {
        sheet: _in_chinese(papers[name])[list(headers)].rename(columns=headers)
        for name, (sheet, headers) in zip(names, _SHEETS.items(), strict=True)
    }
    if "followed" in papers:
        sheets[_FOLLOWED_SHEET] = papers["followed"].rename(columns=_FOLLOWED)
    book = write_workbook(Path(path), sheets)
    attrs = papers["changes"].attrs
    document = write_document(book.with_suffix(".docx"), sheets, since=attrs["since"], on=attrs["on"])
    return [book, document]


def read_decisions(path: str | Path, ledger: Ledger | None = None) -> pd.DataFrame:
    """Read what a meeting decided from the workbook that ``write_meeting`` wrote and a clerk filled in.

    Parameters
    ----------
    path
        The workbook.
    ledger
        If given, every demand must be one of its.

    Returns
    -------
    DataFrame
        One row for each row of 需议事项 in which 议定事项 is filled in: demand_id, decided_on (day of the
        meeting), decision, owner (missing: not filled in), due_on (missing: not filled in), in the order of
        the sheet.

    Raises
    ------
    LedgerError
        The workbook cannot be read, lacks the sheet or a column, or cells are wrong: every one is in
        ``.problems``.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from liaison_analysis import load_liangjiang
    >>> from liaison_analysis.followup import write_meeting
    >>> ledger = load_liangjiang()
    >>> book, document = write_meeting(ledger, Path(tempfile.mkdtemp()) / "meeting.xlsx")
    >>> len(read_decisions(book, ledger))  # nothing is filled in yet
    0
    """
    ledger = None if ledger is None else as_ledger(ledger)
    path = Path(path)
    sheet = next((s for s in read_sheets(path) if s.name == DECISIONS_SHEET), None)
    if sheet is None or not sheet.rows:
        raise LedgerError.of_file(
            path.name,
            message("has no sheet {sheet}; give the workbook of the meeting", sheet=DECISIONS_SHEET),
        )
    headers = _SHEETS[DECISIONS_SHEET]
    first = [cell.strip() for cell in sheet.rows[0]]
    problems: list[Problem] = [
        problem(DECISIONS_SHEET, 1, header, "", message("column is missing; put it back"))
        for name, header in headers.items()
        if header not in first and name in {"meeting_on", "demand_id", *_FILLED}
    ]
    if problems:
        raise LedgerError(path.name, problems)
    known = None if ledger is None else set(ledger.demands["demand_id"])
    rows = []
    for number, cells in enumerate(sheet.rows[1:], start=2):
        padded = [*cells, *[""] * (len(first) - len(cells))]
        at = {name: first.index(header) for name, header in headers.items() if header in first}
        row = {name: padded[place].strip() for name, place in at.items()}
        if not row["decision"]:
            continue
        if known is not None and row["demand_id"] not in known:
            reason = message("is no demand of the ledger; correct the number")
            problems.append(problem(DECISIONS_SHEET, number, headers["demand_id"], row["demand_id"], reason))
        days = {}
        for name in ("meeting_on", "due_on"):
            days[name] = written_day(row[name]) if row[name] else pd.NaT
            if days[name] is None or (name == "meeting_on" and pd.isna(days[name])):
                reason = message("is not a date; write 2022-03-31")
                problems.append(problem(DECISIONS_SHEET, number, headers[name], row[name], reason))
        owner = row["owner"] or None
        rows.append((row["demand_id"], days["meeting_on"], row["decision"], owner, days["due_on"]))
    if problems:
        raise LedgerError(path.name, problems)
    frame = pd.DataFrame(rows, columns=["demand_id", "decided_on", "decision", "owner", "due_on"])
    return frame.astype({"decided_on": "datetime64[s]", "due_on": "datetime64[s]", "owner": "str"})


def _why(late: pd.DataFrame, ledger: Ledger) -> pd.Series:
    """Why each demand is late, as far as the ledger says."""
    demands = ledger.demands.set_index("demand_id").reindex(late["demand_id"]).reset_index()
    status = late["status"].reset_index(drop=True).fillna("collected")
    outside = late["in_remit"].reset_index(drop=True).eq(other=False).fillna(value=False).astype(bool)
    again = demands["reopened"].fillna(value=False).astype(bool)
    nobody = late["owner"].reset_index(drop=True).isna()
    reasons = {
        "超出自身职责，需报上级协调": outside,
        "未明确责任部门": nobody,
        "办结后重新办理": again,
        "已收集未交办": status.eq("collected"),
        "已交办未启动办理": status.eq("assigned"),
    }
    written = np.select(list(reasons.values()), list(reasons), "办理中未办结")
    return pd.Series(written, index=late.index, dtype="str")


def _likely(ledger: Ledger, day: pd.Timestamp, due: pd.DataFrame, tasks: pd.DataFrame) -> pd.DataFrame:
    """Open demands that are not over yet and less likely than not to be settled by their own limit."""
    columns = [*_SHEETS["即将超期"]]
    try:
        chances = chances_by_limit(ledger, day, due[~due["state"].eq("over")], language="zh")
    except ValueError as error:
        if "no demand was settled" in str(error):
            return pd.DataFrame(columns=columns)
        raise
    likely = chances[chances["likely_breach"]].join(tasks[["enterprise", "text"]], on="demand_id")
    return likely.sort_values(["chance", "due_on", "demand_id"], ignore_index=True)[columns]


def _followed(ledger: Ledger, day: pd.Timestamp, decisions: pd.DataFrame) -> pd.DataFrame:
    """Say what became of each decision by a day; those past their time limit come first."""
    rows = decisions[decisions["decided_on"].le(day)]
    demands = ledger.demands.set_index("demand_id").reindex(rows["demand_id"]).reset_index()
    names = ledger.enterprises.drop_duplicates("enterprise_id").set_index("enterprise_id")["name"]
    done = settled_by(demands, day).to_numpy(dtype=bool)
    closed = closed_by(demands, day).to_numpy(dtype=bool) & ~done
    ended = demands["settled_on"].where(done)
    due = rows["due_on"].reset_index(drop=True)
    late = ended.fillna(day).gt(due).fillna(value=False).to_numpy(dtype=bool) & ~closed
    over = (day - due).dt.days.astype("str").str.removesuffix(".0")
    frame = rows.reset_index(drop=True).assign(
        enterprise=demands["enterprise_id"].map(names),
        settled_on=ended,
        outcome=np.select(
            [done & late, done, closed, late],
            ["已办结（逾期）", "已办结", "已关闭，未解决", "超期 " + over + " 天未办结"],
            "办理中",
        ),
        order=np.select([late & ~done, done | closed], [0, 2], 1),
    )
    return frame.sort_values(["order", "due_on", "demand_id"], ignore_index=True)[list(_FOLLOWED)]


def _decisions(ledger: Ledger, day: pd.Timestamp, late: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """List what the meeting has to decide: a case of several enterprises once, then single demands."""
    shared = {one for ids in cases["demand_ids"] for one in ids.split("、")}
    rows = []
    for case in cases.to_dict("records"):
        why = f"{case['n_enterprises']} 家企业共性事项"
        rows.append((case["case_id"], case["place"], case["matter"], why, case["owners"]))
    for row in late[late["level"].gt(0) & ~late["demand_id"].isin(shared)].to_dict("records"):
        why = f"超期 {row['over']} 天：{row['why']}"
        rows.append((row["demand_id"], row["enterprise"], row["text"], why, row["owner"]))
    done = {row[0] for row in rows} | shared
    waiting = open_demands(ledger, day)
    nobody = waiting[waiting["owner"].isna() & ~waiting["demand_id"].isin(done)]
    names = ledger.enterprises.drop_duplicates("enterprise_id").set_index("enterprise_id")["name"]
    rows += [
        (row["demand_id"], names.get(row["enterprise_id"], ""), row["text"], "未明确责任部门", None)
        for row in nobody.sort_values("demand_id").to_dict("records")
    ]
    frame = pd.DataFrame(rows, columns=["demand_id", "place", "text", "why", "now"])
    frame.insert(0, "meeting_on", day)
    return frame.assign(**dict.fromkeys(_FILLED, ""))


def _departments(
    ledger: Ledger, day: pd.Timestamp, due: pd.DataFrame, papers: dict[str, pd.DataFrame]
) -> pd.DataFrame:
    """Figures of each department; demands that nobody owns stand under 未明确, last."""
    changes, decisions = papers["changes"], papers["decisions"]
    demands = ledger.demands.set_index("demand_id")
    owner_of = demands["owner"]
    counted = {
        "n_open": open_demands(ledger, day)["demand_id"],
        "new": changes.loc[changes["change"].eq("新增诉求"), "demand_id"],
        "settled": changes.loc[changes["change"].eq("已办结"), "demand_id"],
        "over": due.loc[due["state"].eq("over"), "demand_id"],
        "near": due.loc[due["state"].eq("near"), "demand_id"],
        "undecided": decisions["demand_id"],
    }
    columns = {name: ids.map(owner_of).fillna("未明确").value_counts() for name, ids in counted.items()}
    frame = pd.DataFrame(columns).fillna(0).astype("int64").rename_axis("owner").reset_index()
    last = frame["owner"].eq("未明确")
    return frame.assign(last=last).sort_values(["last", "owner"], ignore_index=True).drop(columns="last")


def _in_chinese(frame: pd.DataFrame) -> pd.DataFrame:
    words = {"status": dict(STATUSES), "reason": _CALL_REASONS}
    coded = {
        name: frame[name].astype(object).map(word).astype("str")
        for name, word in words.items()
        if name in frame
    }
    if "chance" in frame:
        coded["chance"] = frame["chance"].map(_percent).astype("str")
    return frame.assign(**coded)


def _percent(chance: float) -> str:
    """Probability in words that promise no more than the estimate holds."""
    if chance < _RARE:
        return f"不足{_RARE:.0%}"
    return f"超过{1 - _RARE:.0%}" if chance > 1 - _RARE else f"{chance:.0%}"
