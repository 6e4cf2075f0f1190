"""Grants that enterprises may claim: those without application, fields to ask for, and when to apply."""

from __future__ import annotations

import functools
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis._calendar import as_day
from liaison_analysis._checks import check_frame
from liaison_analysis.ledger import as_ledger, typed
from liaison_analysis.policies.amounts import read_amounts
from liaison_analysis.policies.eligibility import CONDITIONS, UNKNOWN, YES, judge_all, validity_on
from liaison_analysis.policies.windows import Window, clause_periods

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from liaison_analysis.ledger import Ledger

_FIELDS: Final = {field for field, _ in CONDITIONS.values()}


def judged_pairs(ledger: Ledger, *, on: str | pd.Timestamp | None = None) -> Iterator[dict[str, Any]]:
    """Judge every enterprise's eligibility for every clause that grants something, clause by clause.

    Yields
    ------
    dict
        ``clause`` (a row of ``policies``), ``firm`` (a row of ``enterprises``), and what
        ``eligibility.judge`` gives. Clauses that are not in force on the day are left out.
    """
    day = None if on is None else as_day(on)
    enterprises = ledger.enterprises.sort_values("enterprise_id")
    firms: list[dict[str, Any]] = enterprises.to_dict("records")  # type: ignore[assignment]
    clauses: list[dict[str, Any]] = typed("policies", ledger.policies).to_dict("records")  # type: ignore[assignment]
    for clause in clauses:
        out = day is not None and validity_on(clause, day) in {"未生效", "已失效"}
        if out or pd.isna(clause.get("benefit")):
            continue
        verdicts, place = judge_all(clause, enterprises, on=day)
        for firm, at in zip(firms, place.tolist(), strict=True):
            yield {"clause": clause, "firm": firm, **verdicts[at]}


def grant_amount(clause: dict[str, Any]) -> float:
    """Give the sum in yuan that one enterprise gets; missing where the clause does not fix it.

    A share, a range, a cap alone, or a sum per person or metre depends on amounts that are not in the clause.

    Examples
    --------
    >>> grant_amount({"benefit": "一次性奖励20万元"}), grant_amount({"benefit": "按8%给予补助；最高300万元"})
    (200000.0, nan)
    """
    return _fixed_amount(str(clause.get("benefit") or ""))


@functools.lru_cache(maxsize=20_000)
def _fixed_amount(benefit: str) -> float:
    """Read the sum of a benefit; cached, since every enterprise asks for the same clauses."""
    amounts = read_amounts(benefit.replace("；", "。"))
    if len(amounts) == 1 and amounts[0].kind == "fixed" and not amounts[0].per and amounts[0].unit == "元":
        return amounts[0].low
    return float("nan")


def automatic_grants(ledger: Ledger, *, on: str | pd.Timestamp | None = None) -> pd.DataFrame:
    """List the clauses whose conditions the ledger can all decide: candidates for grants without application.

    In Chinese administration 免申即享: criteria are clear and data complete,
    so nobody needs to apply. A clause counts if it sets a condition, no condition has to be checked by hand,
    and the ledger decides it for every enterprise.

    Parameters
    ----------
    ledger
        Its ``policies`` and ``enterprises``.
    on
        The day on which clauses must hold; none for any day.

    Returns
    -------
    DataFrame
        One row for each clause and enterprise that may claim: clause_id, policy, article, benefit,
        enterprise_id, name, amount (yuan; missing where the clause grants a share or a range); sorted by
        clause and enterprise.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> grants = automatic_grants(load_liangjiang(), on="2022-12-01")
    >>> list(grants.columns)
    ['clause_id', 'policy', 'article', 'benefit', 'enterprise_id', 'name', 'amount']
    """
    ledger = as_ledger(ledger)
    columns = ["clause_id", "policy", "article", "benefit", "enterprise_id", "name", "amount"]
    rows: dict[str, list[dict[str, Any]]] = {}
    undecided: set[str] = set()
    for pair in judged_pairs(ledger, on=on):
        clause, firm = pair["clause"], pair["firm"]
        is_set = any(not pd.isna(clause.get(column)) for column in CONDITIONS)
        if pair["eligibility"] == UNKNOWN or not is_set:
            undecided.add(clause["clause_id"])
        elif pair["eligibility"] == YES:
            row = {name: clause.get(name) for name in columns[:4]}
            row |= {
                "enterprise_id": firm["enterprise_id"],
                "name": firm["name"],
                "amount": grant_amount(clause),
            }
            rows.setdefault(clause["clause_id"], []).append(row)
    kept = [row for clause_id, some in rows.items() if clause_id not in undecided for row in some]
    types = dict.fromkeys(columns[:-1], "str") | {"amount": "float64"}
    frame = pd.DataFrame(kept, columns=columns).astype(types)
    return frame.sort_values(["clause_id", "enterprise_id"], ignore_index=True)


def missing_fields(ledger: Ledger, *, on: str | pd.Timestamp | None = None) -> pd.DataFrame:
    """List what to ask each enterprise on the next visit: fields of the ledger that would decide clauses.

    Parameters
    ----------
    ledger, on
        As for ``automatic_grants``.

    Returns
    -------
    DataFrame
        One row for each enterprise and field: enterprise_id, name, field, n_clauses (that this field alone
        would decide), clauses (their ids, joined by ``；``) and amount (yuan that they grant, where fixed
        sums are stated); most clauses first, then by enterprise and field.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> asked = missing_fields(load_liangjiang(), on="2022-12-01")
    >>> set(asked["field"]) <= {"town", "industry_code", "category", "headcount"}
    True
    """
    ledger = as_ledger(ledger)
    columns = ["enterprise_id", "name", "field", "n_clauses", "clauses", "amount"]
    rows = []
    for pair in judged_pairs(ledger, on=on):
        if pair["eligibility"] == UNKNOWN and pair["missing"] in _FIELDS:
            firm, clause = pair["firm"], pair["clause"]
            rows.append(
                (
                    firm["enterprise_id"],
                    firm["name"],
                    pair["missing"],
                    clause["clause_id"],
                    grant_amount(clause),
                )
            )
    frame = pd.DataFrame(rows, columns=["enterprise_id", "name", "field", "clause_id", "sum"])
    grouped = frame.groupby(["enterprise_id", "name", "field"], as_index=False).agg(
        n_clauses=("clause_id", "size"), clauses=("clause_id", "；".join), amount=("sum", "sum")
    )
    types = {"n_clauses": "int64", "amount": "float64"} | dict.fromkeys(
        ["enterprise_id", "name", "field", "clauses"], "str"
    )
    ordered = grouped.reindex(columns=columns).astype(types)
    return ordered.sort_values(
        ["n_clauses", "enterprise_id", "field"], ascending=[False, True, True], ignore_index=True
    )


def application_windows(policies: pd.DataFrame) -> pd.DataFrame:
    """List the periods for applications, read from the words of the clauses.

    Parameters
    ----------
    policies
        The ledger's ``policies`` or what ``read_policies`` gives.

    Returns
    -------
    DataFrame
        One row for each period, of which a clause may state several: clause_id, policy, article, opens,
        closes (days, each may be missing) and words; sorted by closing day.

    Examples
    --------
    >>> clause = {"clause_id": "A", "policy": "某通知", "article": "一、", "text": "2025年6月30日前申报。"}
    >>> application_windows(pd.DataFrame([clause]))["closes"].dt.date.tolist()
    [datetime.date(2025, 6, 30)]
    """
    check_frame(policies, "policies")
    columns = ["clause_id", "policy", "article", "opens", "closes", "words"]
    rows = []
    for clause in policies.to_dict("records"):
        named = {name: clause.get(name) for name in columns[:3]}
        found = clause_periods(clause)
        if not found:  # read with words that stand in another clause, as a table's header
            opens, closes = (_known_day(clause.get(name)) for name in ("apply_from", "apply_to"))
            found = [Window(opens, closes, "")] if opens or closes else []
        rows += [named | window._asdict() for window in found]
    frame = pd.DataFrame(rows, columns=columns)
    frame[["opens", "closes"]] = frame[["opens", "closes"]].apply(pd.to_datetime).astype("datetime64[s]")
    return frame.sort_values(["closes", "opens", "clause_id"], ignore_index=True)


def _known_day(value: Any) -> dt.date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()


def policy_calendar(policies: pd.DataFrame) -> bytes:
    """Make an iCalendar file (RFC 5545) of the days on which applications and policies end.

    Parameters
    ----------
    policies
        The ledger's ``policies`` or what ``read_policies`` gives.

    Returns
    -------
    bytes
        Content of an ``.ics`` file: an all-day event for each application period, from its first to its last
        day (the last day only where the first is unknown), and one on the last day of each policy; the same
        bytes for the same clauses.

    Examples
    --------
    >>> clause = {"clause_id": "A", "policy": "某通知", "article": "一、", "text": "2025年6月30日前申报。"}
    >>> lines = policy_calendar(pd.DataFrame([clause])).decode().splitlines()
    >>> [line for line in lines if line.startswith(("SUMMARY", "DTSTART"))]
    ['SUMMARY:申报截止：某通知 一、', 'DTSTART;VALUE=DATE:20250630']
    """
    import icalendar

    check_frame(policies, "policies")

    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//liaison-analysis//policies//ZH")
    calendar.add("version", "2.0")

    def add(uid: str, first: pd.Timestamp, last: pd.Timestamp, summary: str, description: str) -> None:
        event = icalendar.Event()
        event.add("uid", f"{uid}@liaison-analysis")
        event.add("dtstamp", first.tz_localize("UTC").to_pydatetime())
        event.add("dtstart", first.date())
        event.add("dtend", (last + pd.Timedelta(days=1)).date())
        event.add("summary", summary)
        event.add("description", description)
        calendar.add_component(event)

    of_clause: Counter[str] = Counter()
    for row in application_windows(policies).to_dict("records"):
        name = " ".join(str(part) for part in (row["policy"], row["article"]) if part and not pd.isna(part))
        first = row["closes"] if pd.isna(row["opens"]) else row["opens"]
        last = first if pd.isna(row["closes"]) else row["closes"]
        kind = "申报开始" if pd.isna(row["closes"]) else "申报截止" if pd.isna(row["opens"]) else "申报期"
        of_clause[row["clause_id"]] += 1
        n = of_clause[row["clause_id"]]
        uid = f"apply-{row['clause_id']}" + f"-{n}" * (n > 1)
        add(uid, first, last, f"{kind}：{name}", row["words"])
    if "valid_to" in policies:
        ends = typed("policies", policies)[["policy", "valid_to"]].dropna().drop_duplicates()
        for policy, day in ends.sort_values(["valid_to", "policy"]).itertuples(index=False):
            add(f"ends-{policy}-{day:%Y%m%d}", day, day, f"有效期届满：{policy}", "")
    return bytes(calendar.to_ical())
