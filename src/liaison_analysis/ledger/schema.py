"""The ledger's tables, column by column: type, unit, allowed values, Chinese and English headers."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final, Literal

import pandas as pd

Kind = Literal["text", "date", "number", "integer", "flag", "choice"]

#: pandas dtype of each kind of column in a ``Ledger``.
DTYPES: Final[dict[str, str]] = {
    "text": "str",
    "choice": "str",
    "date": "datetime64[s]",
    "number": "Float64",
    "integer": "Int64",
    "flag": "boolean",
}


@dataclass(frozen=True)
class Column:
    """One column of a ledger table.

    Attributes
    ----------
    name
        English header, and the column's name in the frame.
    chinese
        Chinese header; the first is written, all are read.
    kind
        What a cell holds; ``DTYPES`` gives the frame's dtype.
    required
        The column must be there and no cell may be empty.
    wanted
        Every row should have it; where it is blank it is asked for, and the row is kept.
    choices
        Allowed values and their Chinese words, for ``choice`` columns.
    low, high
        Bounds of a number, both allowed.
    references
        Table whose key the value must be found in.
    blank
        What a blank cell means, as text; ``""`` where it means that nothing is known.
    """

    name: str
    chinese: tuple[str, ...]
    kind: Kind = "text"
    required: bool = False
    wanted: bool = False
    choices: dict[str, str] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    references: str | None = None
    blank: str = ""


@dataclass(frozen=True)
class Table:
    """One table of the ledger: what a row is, its columns and its key.

    ``ordered`` lists pairs of date columns, the first of which may not lie after the second. A table that is
    ``by_name`` is known by the name of its sheet alone: headers such as 单位 and 时限 stand in other tables
    too.
    """

    name: str
    chinese: tuple[str, ...]
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    required: bool = False
    ordered: tuple[tuple[str, str], ...] = ()
    by_name: bool = False

    def __getitem__(self, name: str) -> Column:
        """Column by its English name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def required_columns(self) -> list[str]:
        """Names of the columns that must be there, in order."""
        return [column.name for column in self.columns if column.required]

    def headers(self) -> dict[str, str]:
        """Every accepted header, normalised by ``header_key``, and the column's English name."""
        return dict(self._headers)

    def empty(self) -> pd.DataFrame:
        """Return a frame of no rows with this table's columns and dtypes."""
        return self._no_rows.copy()

    # Cached, since both are used for every table that is read.
    @functools.cached_property
    def _headers(self) -> dict[str, str]:
        return {
            header_key(written): column.name
            for column in self.columns
            for written in (column.name, *column.chinese)
        }

    @functools.cached_property
    def _no_rows(self) -> pd.DataFrame:
        return pd.DataFrame({column.name: pd.Series(dtype=DTYPES[column.kind]) for column in self.columns})


def header_key(written: object) -> str:
    r"""Normalise a header, so that full-width letters, case, spaces, marks and units do not matter.

    Examples
    --------
    >>> header_key("  企业名称*\n"), header_key("Enterprise ID"), header_key("人数(人)")
    ('企业名称', 'enterprise_id', '人数')
    """
    text = unicodedata.normalize("NFKC", str(written)).strip().casefold()
    text = text.split("(")[0].strip(" *:·\n\t") or text
    # A line break inside a Chinese header is only there to fit the column's width.
    return _BETWEEN_CHINESE.sub("", "_".join(text.split()))


_BETWEEN_CHINESE: Final = re.compile(r"(?<=[\u4e00-\u9fff])_(?=[\u4e00-\u9fff(])")


def _id(name: str, *chinese: str, of: str | None = None, required: bool = True) -> Column:
    return Column(name, chinese, required=required, references=of)


def _enterprise(name: str = "enterprise_id", *chinese: str) -> Column:
    return _id(name, *(chinese or ("企业编号", "企业ID", "企业代码")), of="enterprises")


STATUSES: Final[dict[str, str]] = {
    "collected": "已收集",
    "assigned": "已交办",
    "solving": "办理中",
    "settled": "已办结",
    "fed back": "已反馈",
    "cannot be solved": "无法解决",
    "not accepted": "不予受理",
}
#: States of the closed loop, in their order.
LOOP_STATUSES: Final = ("collected", "assigned", "solving", "settled", "fed back")
#: States of demands that are closed without being solved.
CLOSED_UNSOLVED: Final = ("cannot be solved", "not accepted")
RELATIONS: Final[dict[str, str]] = {
    "material": "材料",
    "part": "零部件",
    "equipment": "设备",
    "service": "服务",
}
ROLES: Final[dict[str, str]] = {
    "linked officer": "挂点干部",
    "park officer": "园区专员",
    "service specialist": "服务专员",
    "party-building instructor": "党建指导员",
}
OUTCOMES: Final[dict[str, str]] = {"none": "无进展", "talks": "洽谈", "sample": "送样", "contract": "签约"}
#: Stages of a demand that have a limit, in their order.
LIMIT_STAGES: Final[dict[str, str]] = {
    "assign": "交办",
    "answer": "响应",
    "plan": "方案",
    "close": "办结",
    "feed back": "反馈",
}
#: Units of a limit.
LIMIT_UNITS: Final[dict[str, str]] = {
    "minutes": "分钟",
    "hours": "小时",
    "days": "天",
    "working days": "工作日",
}
_SYNTHETIC = Column("is_synthetic", ("是否合成", "合成数据"), "flag")

TABLES: Final[dict[str, Table]] = {
    table.name: table
    for table in (
        Table(
            "enterprises",
            ("企业名录", "企业", "企业信息", "企业清单"),
            (
                _id("enterprise_id", "企业编号", "企业ID", "企业代码"),
                Column("name", ("企业名称", "单位名称", "名称"), required=True),
                Column("uscc", ("统一社会信用代码", "信用代码")),
                Column("town", ("所属新城", "新城", "镇街", "园区")),
                Column("category", ("企业类别", "类别", "企业类型")),
                Column("industry_code", ("行业代码", "国民经济行业代码")),
                Column("main_business", ("主营业务", "主要产品", "经营范围", "主营产品", "业务范围")),
                Column("headcount", ("职工人数", "人数", "员工人数"), "integer", low=0),
                _SYNTHETIC,
            ),
            key=("enterprise_id",),
            required=True,
        ),
        Table(
            "aliases",
            ("企业别名", "别名", "曾用名"),
            (
                _enterprise(),
                Column("alias", ("别名", "曾用名", "简称"), required=True),
                Column("valid_from", ("启用日期", "生效日期"), "date"),
                Column("valid_to", ("停用日期", "失效日期"), "date"),
                _SYNTHETIC,
            ),
            key=("enterprise_id", "alias"),
            ordered=(("valid_from", "valid_to"),),
        ),
        Table(
            "offers",
            ("企业产品", "产品", "供给"),
            (
                _enterprise(),
                Column("product", ("产品", "产品名称", "产品或服务"), required=True),
                Column("weight", ("收入占比", "占比"), "number", low=0, high=1),
                Column("evidence", ("依据", "来源")),
                _SYNTHETIC,
            ),
            key=("enterprise_id", "product"),
        ),
        Table(
            "product_chain",
            ("产品链", "产业链", "上下游"),
            (
                Column("upstream", ("上游产品", "上游"), required=True),
                Column("downstream", ("下游产品", "下游"), required=True),
                Column("relation", ("关系", "关系类型"), "choice", choices=RELATIONS),
                Column("source", ("来源", "依据")),
                _SYNTHETIC,
            ),
            key=("upstream", "downstream"),
        ),
        Table(
            "synonyms",
            ("同义词", "产品别称"),
            (
                Column("term", ("词", "说法", "别称"), required=True),
                Column("product", ("产品", "产品名称"), required=True),
                _SYNTHETIC,
            ),
            key=("term",),
        ),
        Table(
            "supplies",
            ("供货关系", "供应关系", "配套关系"),
            (
                _enterprise("supplier_id", "供应商编号", "供方编号"),
                _enterprise("customer_id", "客户编号", "需方编号"),
                Column("product", ("产品", "产品名称")),
                Column("since", ("起始日期", "合作起始"), "date"),
                Column("source", ("来源", "依据")),
                _SYNTHETIC,
            ),
            key=("supplier_id", "customer_id", "product"),
        ),
        Table(
            "demands",
            ("企业诉求", "诉求", "诉求台账", "问题清单"),
            (
                _id("demand_id", "诉求编号", "编号"),
                _enterprise(),
                Column("raised_on", ("提出日期", "收集日期", "诉求日期"), "date", wanted=True),
                Column("text", ("诉求内容", "诉求", "问题描述"), required=True),
                Column("kind", ("诉求类别", "诉求类型", "问题类别")),
                Column("in_remit", ("是否职责范围内", "职责范围内", "自身职责范围内"), "flag"),
                Column("owner", ("责任部门", "责任单位", "牵头部门")),
                Column("status", ("办理状态", "状态"), "choice", choices=STATUSES),
                Column("status_as_written", ("原办理状态",)),
                Column("assigned_on", ("交办日期",), "date"),
                Column("responded_on", ("响应日期",), "date"),
                Column("settled_on", ("办结日期",), "date"),
                Column("fed_back_on", ("反馈日期",), "date"),
                Column("satisfied", ("是否满意", "满意"), "flag"),
                Column("reopened", ("是否重办", "重新办理"), "flag"),
                Column("transferred_to", ("转办单位",)),
                Column("escalated_on", ("提级日期",), "date"),
                _SYNTHETIC,
            ),
            key=("demand_id",),
            required=True,
            ordered=(
                ("raised_on", "assigned_on"),
                ("raised_on", "settled_on"),
                ("assigned_on", "settled_on"),
                ("settled_on", "fed_back_on"),
            ),
        ),
        Table(
            "links",
            ("挂点联系", "挂点", "联系名单"),
            (
                _id("officer_id", "干部编号", "人员编号"),
                _enterprise(),
                Column("role", ("角色", "职责"), "choice", choices=ROLES),
                _SYNTHETIC,
            ),
            key=("officer_id", "enterprise_id", "role"),
        ),
        Table(
            "visits",
            ("走访记录", "走访", "走访台账"),
            (
                _id("visit_id", "走访编号", "编号"),
                _id("officer_id", "干部编号", "人员编号"),
                _enterprise(),
                Column("visited_on", ("走访日期", "日期"), "date", required=True),
                _SYNTHETIC,
            ),
            key=("visit_id",),
        ),
        Table(
            "policies",
            ("政策条款", "政策"),
            (
                _id("clause_id", "条款编号", "编号"),
                Column("policy", ("政策名称", "文件名称"), required=True),
                Column("article", ("条款", "条", "条目")),
                Column("text", ("条款内容", "内容"), required=True),
                Column("town", ("适用新城", "适用区域", "新城")),
                Column("industry_prefix", ("适用行业", "行业代码前缀")),
                Column("category", ("适用类别", "企业类别")),
                Column("min_headcount", ("最低人数", "人数下限"), "integer", low=0),
                Column("valid_from", ("生效日期",), "date"),
                Column("valid_to", ("失效日期",), "date"),
                Column("benefit", ("支持内容", "优惠内容")),
                _SYNTHETIC,
            ),
            key=("clause_id",),
            ordered=(("valid_from", "valid_to"),),
        ),
        Table(
            "projects",
            ("投资项目", "项目", "项目清单"),
            (
                _id("project_id", "项目编号", "编号"),
                _enterprise(),
                Column("name", ("项目名称", "名称"), required=True),
                Column("stage", ("阶段", "项目阶段")),
                Column("milestone", ("节点", "里程碑")),
                Column("planned_on", ("计划日期", "计划完成日期"), "date"),
                Column("done_on", ("完成日期", "实际完成日期"), "date"),
                _SYNTHETIC,
            ),
            key=("project_id", "milestone"),
        ),
        Table(
            "salons",
            ("产业沙龙", "沙龙", "沙龙成效"),
            (
                _id("salon_id", "沙龙编号", "活动编号"),
                Column("held_on", ("举办日期", "日期"), "date"),
                _enterprise("seeker_id", "发起企业编号", "需求方编号"),
                _enterprise("counterpart_id", "对接企业编号", "对接方编号"),
                Column("met", ("是否见面", "已对接"), "flag"),
                Column("outcome", ("成效", "结果"), "choice", choices=OUTCOMES),
                _SYNTHETIC,
            ),
            key=("salon_id", "seeker_id", "counterpart_id"),
        ),
        Table(
            "themes",
            ("主题表", "主题词表", "诉求主题表"),
            (
                Column("theme", ("主题名称",), required=True),
                Column("phrase", ("主题短语",), required=True),
                Column("group", ("主题大类",)),
                _SYNTHETIC,
            ),
            key=("phrase",),
        ),
        Table(
            "limits",
            ("时限", "时限表", "办理时限"),
            (
                Column("kind", ("类别", "诉求类别", "诉求类型", "问题类别")),
                Column("stage", ("环节", "办理环节"), "choice", required=True, choices=LIMIT_STAGES),
                Column("level", ("级别", "提醒级别"), "integer", low=0, blank="0"),
                Column("within", ("时限", "办理时限"), "number", required=True, low=0),
                Column("unit", ("单位", "时限单位"), "choice", required=True, choices=LIMIT_UNITS),
                Column("notify", ("通知", "提醒对象", "通知对象")),
                Column("warn_share", ("提醒比例", "预警比例"), "number", low=0, high=1),
                _SYNTHETIC,
            ),
            key=("kind", "stage", "level"),
            by_name=True,
        ),
        Table(
            "pauses",
            ("暂停", "暂停记录", "暂停计时"),
            (
                _id("demand_id", "诉求编号", "编号", of="demands"),
                Column("paused_on", ("暂停日", "暂停日期"), "date", required=True),
                Column("resumed_on", ("恢复日", "恢复日期"), "date"),
                _SYNTHETIC,
            ),
            key=("demand_id", "paused_on"),
            ordered=(("paused_on", "resumed_on"),),
            by_name=True,
        ),
    )
}


def table_of(written: object) -> Table | None:
    """Return the table that a sheet or file name means, or None.

    Examples
    --------
    >>> table_of("企业诉求").name, table_of("Demands").name, table_of("说明") is None
    ('demands', 'demands', True)
    """
    return _TABLE_NAMES.get(header_key(written))


_TABLE_NAMES: Final[dict[str, Table]] = {
    header_key(written): table for table in TABLES.values() for written in (table.name, *table.chinese)
}
