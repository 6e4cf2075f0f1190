"""Eligibility: whether an enterprise meets a clause's conditions: yes, no, or to be checked."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import pandas as pd

from liaison_analysis.policies.conditions import read_conditions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

#: Results of a condition; ``不限`` where the clause does not set it.
Verdict = Literal["符合", "不符合", "待核实", "不限"]
YES: Final = "符合"
NO: Final = "不符合"
UNKNOWN: Final = "待核实"
NONE: Final = "不限"

#: Results of ``validity_on`` for a clause that is not in force on the day.
OUT_OF_FORCE: Final = ("未生效", "已失效")

#: Column of the clause, column of the profile that decides it, and name of the verdict in a result.
CONDITIONS: Final = {
    "town": ("town", "town"),
    "industry_prefix": ("industry_code", "industry"),
    "category": ("category", "category"),
    "min_headcount": ("headcount", "headcount"),
}

# A "little giant" (小巨人) is also 专精特新, and both are small or medium-sized by definition
# (工信部企业〔2022〕63号).
_IMPLIED: Final = {"小巨人": {"专精特新", "中小企业"}, "专精特新": {"中小企业"}}
# A firm above the statistical threshold may or may not be medium-sized: neither label decides the other.
_OPEN: Final = ({"四上", "中小企业"},)
_LIST: Final = re.compile(r"[、,，;；/|\s]+")


def judge(
    clause: Mapping[str, Any], profile: Mapping[str, Any], *, on: pd.Timestamp | None = None
) -> dict[str, str]:
    """Judge one clause for one enterprise, condition by condition.

    A field missing from the profile is to be checked, never a "no"; so is a condition that no column decides
    (投资500万元以上的).

    Parameters
    ----------
    clause
        A row of ``policies``.
    profile
        A row of ``enterprises``: town, industry_code, category, headcount; any may be missing.
    on
        The day; without one, validity is not judged.

    Returns
    -------
    dict
        ``town``, ``industry``, ``category``, ``headcount`` (符合, 不符合, 待核实 or 不限), ``validity``
        (有效, 未生效, 已失效, 未注明期限, or empty without a day), ``eligibility`` (符合, 不符合, 待核实) and
        ``missing`` (fields and words to be checked, joined by ``；``).

    Examples
    --------
    >>> clause = {"category": "专精特新", "min_headcount": 50, "text": "为专精特新企业配备专员。"}
    >>> result = judge(clause, {"category": "小巨人", "headcount": None})
    >>> result["category"], result["headcount"], result["eligibility"], result["missing"]
    ('符合', '待核实', '待核实', 'headcount')
    """
    verdicts: dict[str, str] = {}
    missing = []
    for column, (field, name) in CONDITIONS.items():
        verdicts[name] = _verdict(column, clause.get(column), profile.get(field))
        if verdicts[name] == UNKNOWN:
            missing.append(field)
    validity = validity_on(clause, on) if on is not None else ""
    words = _thresholds(str(clause.get("text") or ""))
    if NO in verdicts.values() or validity in OUT_OF_FORCE:
        whole = NO
    else:
        whole = UNKNOWN if missing or words else YES
    return verdicts | {"validity": validity, "eligibility": whole, "missing": "；".join([*missing, *words])}


def judge_all(
    clause: Mapping[str, Any], enterprises: pd.DataFrame, *, on: pd.Timestamp | None = None
) -> tuple[list[dict[str, str]], NDArray[np.int64]]:
    """Judge one clause for many enterprises, once for each combination of the fields that it is about.

    Parameters
    ----------
    clause, on
        As for ``judge``.
    enterprises
        The ledger's ``enterprises``, with the columns town, industry_code, category and headcount that it
        has.

    Returns
    -------
    tuple
        Verdicts as ``judge`` gives them, and for each row of ``enterprises`` the place of its verdict.

    Examples
    --------
    >>> firms = pd.DataFrame({"town": ["东镇", "西镇", "东镇"], "headcount": [8, 20, 30]})
    >>> verdicts, place = judge_all({"town": "东镇", "text": "东镇企业可申请。"}, firms)
    >>> [verdict["eligibility"] for verdict in verdicts], place.tolist()
    (['符合', '不符合'], [0, 1, 0])
    """
    fields = [
        field
        for column, (field, _) in CONDITIONS.items()
        if field in enterprises and not _blank(clause.get(column))
    ]
    if not fields or enterprises.empty:
        return [judge(clause, {}, on=on)], np.zeros(len(enterprises), dtype=np.int64)
    known = enterprises[fields].reset_index(drop=True)
    place = np.asarray(known.groupby(fields, dropna=False, sort=False).ngroup(), dtype=np.int64)
    first = np.unique(place, return_index=True)[1]
    return [judge(clause, dict(known.iloc[row]), on=on) for row in first.tolist()], place


@functools.lru_cache(maxsize=20_000)
def _thresholds(text: str) -> tuple[str, ...]:
    """Conditions of a clause that no column decides; cached by the clause's text."""
    return tuple(c.words for c in read_conditions(text) if c.field == "threshold")


def validity_on(clause: Mapping[str, Any], on: pd.Timestamp) -> str:
    """Whether a clause is in force on a day: 有效, 未生效, 已失效 or 未注明期限.

    Its first and last day count.

    Examples
    --------
    >>> validity_on({"valid_from": pd.Timestamp("2022-03-01"), "valid_to": None}, pd.Timestamp("2022-03-01"))
    '有效'
    """
    bounds: list[Any] = [clause.get("valid_from"), clause.get("valid_to")]
    first, last = (pd.NaT if pd.isna(day) else pd.Timestamp(day) for day in bounds)
    if not pd.isna(first) and on < first:
        return "未生效"
    if not pd.isna(last) and on > last:
        return "已失效"
    return "未注明期限" if pd.isna(first) and pd.isna(last) else "有效"


def _verdict(column: str, required: Any, have: Any) -> Verdict:
    if _blank(required):
        return NONE
    if _blank(have):
        return UNKNOWN
    if column == "min_headcount":
        return YES if float(have) >= float(required) else NO
    wanted, held = set(_parts(required)), set(_parts(have))
    if column == "industry_prefix":
        return _industry(wanted, held)
    if column == "category":
        held |= {implied for kind in held for implied in _IMPLIED.get(kind, ())}
        if wanted & held:
            return YES
        return UNKNOWN if any({a, b} in _OPEN for a in wanted for b in held) else NO
    return YES if wanted & held else NO


def _industry(prefixes: set[str], codes: set[str]) -> Verdict:
    if any(code.startswith(prefix) for code in codes for prefix in prefixes):
        return YES
    # A code of two digits does not decide whether it belongs to a four-digit class.
    return UNKNOWN if any(prefix.startswith(code) for code in codes for prefix in prefixes) else NO


def _parts(value: Any) -> list[str]:
    return [part for part in _LIST.split(str(value).strip()) if part]


def _blank(value: Any) -> bool:
    return value is None or bool(pd.isna(value)) or not str(value).strip()
