"""What to do today: demands to route, to hand over or soon late, calls, visits, matters of several firms."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pandas as pd

from liaison_analysis.analysis.demand_texts import today_text
from liaison_analysis.analysis.results import TodayResult
from liaison_analysis.errors import MissingTableError
from liaison_analysis.followup import (
    call_backs,
    case_story,
    chances_by_limit,
    check_limits,
    common_cases,
    days_to_close,
    precedents,
    responsibility,
    settlement_chances,
    solved,
    suggest_owner,
    visit_coverage,
    visit_priorities,
)

if TYPE_CHECKING:
    from liaison_analysis.analysis.core import Analysis
    from liaison_analysis.ledger import Ledger

#: Number of cases with a history; a meeting discusses fewer (judgement).
STORIES: Final = 12
#: Number of key enterprises of the chain: those whose loss would affect most others (judgement).
_KEY: Final = 20
# The fast encoder: the slower one routes 2–5 points better (benchmarks/routing.py) and takes 10 s more.
_ENCODERS: Final = ("use",)

_TABLE: Final = [
    "action", "owner", "officer_id", "enterprise_id", "demand_id", "due_on", "days", "chance", "suggested",
    "probability", "reason",
]  # fmt: skip
_SUGGESTED: Final = ["demand_id", "rank", "owner", "probability", "role", "precedents"]
_PRECEDENTS: Final = [
    "demand_id", "rank", "precedent_id", "likeness", "done", "owner", "settled_on", "days", "satisfied",
    "reopened",
]  # fmt: skip
_CHANCES: Final = [
    "demand_id", "enterprise_id", "owner", "raised_on", "days", "due_on", "chance", "expected_on", "unit",
    "likely_breach", "speed", "drivers",
]  # fmt: skip
_PRIORITIES: Final = [
    "enterprise_id", "name", "town", "officer_id", "risk", "open_demands", "overdue", "likely_breaches",
    "days_since_visit", "is_key", "window", "departments", "is_group", "why",
]  # fmt: skip
_STORY: Final = ["case_id", "day", "step", "demand_id", "enterprise_id", "officer_id", "note"]


def today_of(analysis: Analysis) -> TodayResult:
    """Work out what each department and officer has to do on the day of an analysis."""
    ledger, on = analysis.ledger, analysis.day
    responsible = responsibility(ledger, on)
    waiting, unassigned = _untaken(ledger, responsible)
    suggestions = _suggestions(analysis, waiting)
    open_ids = responsible["demand_id"].tolist()
    chances = _chances(analysis)
    calls = call_backs(ledger, on, language=analysis.language)
    cases = common_cases(ledger, on=on, themes=_known(analysis.themes.labels))
    priorities = _priorities(analysis)
    parts = [
        _routes(waiting, suggestions, chances, analysis),
        _hand_overs(unassigned, chances, analysis),
        _breaches(pd.concat([waiting, unassigned]), chances),
        calls.assign(action="call back", days=calls["days_since"]),
        _visits(analysis, priorities),
    ]
    table = _table(parts, ledger)
    stories = [
        case_story(ledger, case, on=on).assign(case_id=case["case_id"])[_STORY]
        for _, case in cases.head(STORIES).iterrows()
    ]
    return TodayResult(
        table=analysis.single(table),
        text=today_text(table, chances, on=on, protected=analysis.min_group is not None),
        suggestions=analysis.single(suggestions),
        precedents=analysis.single(_precedents(analysis, open_ids)),
        chances=analysis.single(chances),
        limits=analysis.single(check_limits(ledger, on)),
        call_backs=analysis.single(calls),
        solved=analysis.count(lambda part: solved(part, on=on), "measure"),
        cases=analysis.single(cases),
        stories=analysis.single(
            pd.concat(stories, ignore_index=True) if stories else pd.DataFrame(columns=_STORY)
        ),
        priorities=analysis.single(priorities),
    )


def chain_cases(analysis: Analysis) -> pd.DataFrame:
    """Gather demands about the same matter from several enterprises of one cluster of the chain."""
    chain = analysis.chain
    of_firm: dict[str, str] = {}
    if len(chain.clusters):
        names = dict(zip(chain.clusters["cluster"], chain.clusters["name"], strict=True))
        of_firm = {
            str(firm): str(names[cluster])
            for kind, firm, cluster in chain.members[["kind", "id", "cluster"]].itertuples(index=False)
            if kind == "enterprise" and cluster in names
        }
    return common_cases(analysis.ledger, of_firm, on=analysis.day, themes=_known(analysis.themes.labels))


def _known(labels: pd.Series) -> dict[str, str] | None:
    """Theme of each demand that has one; ``None`` where there are no themes."""
    known = labels.dropna()
    return {str(demand_id): str(theme) for demand_id, theme in known.items()} if len(known) else None


def _untaken(ledger: Ledger, responsible: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Open demands that no department has taken yet: those that name none, and those not handed to theirs."""
    demands = ledger.demands[ledger.demands["demand_id"].isin(responsible["demand_id"])]
    nobody = demands["owner"].isna()
    kept = demands["status"].eq("collected").fillna(value=False) & demands["assigned_on"].isna() & ~nobody
    return demands[nobody].reset_index(drop=True), demands[kept.astype(bool)].reset_index(drop=True)


def _suggestions(analysis: Analysis, waiting: pd.DataFrame) -> pd.DataFrame:
    """Departments for the demands to route, learnt from all others."""
    ledger = analysis.ledger
    asked = waiting.dropna(subset="text").reset_index(drop=True)
    others = ledger.demands[~ledger.demands["demand_id"].isin(waiting["demand_id"])]
    owners = sorted(ledger.demands["owner"].dropna().unique())
    if asked.empty or not owners:
        return pd.DataFrame(columns=_SUGGESTED)
    learnt = replace(ledger, demands=others.reset_index(drop=True))
    suggested = suggest_owner(
        learnt, asked["text"].tolist(), on=analysis.day, owners=owners, encoders=_ENCODERS
    )
    return suggested.assign(demand_id=asked["demand_id"].iloc[suggested["row"]].to_numpy())[_SUGGESTED]


def _precedents(analysis: Analysis, ids: list[str]) -> pd.DataFrame:
    """Settled demands like each open one."""
    texts = analysis.ledger.demands.set_index("demand_id")["text"]
    asked = [demand_id for demand_id in ids if pd.notna(texts[demand_id])]
    if not asked:
        return pd.DataFrame(columns=_PRECEDENTS)
    alike = precedents(analysis.ledger, asked, on=analysis.day, encoders=_ENCODERS)
    alike = alike.rename(columns={"demand_id": "precedent_id"})
    return alike.assign(demand_id=pd.Series(asked).iloc[alike["row"]].to_numpy())[_PRECEDENTS]


def _chances(analysis: Analysis) -> pd.DataFrame:
    """Chance of each open demand to be settled in time; nothing where no demand was settled yet."""
    demands = analysis.ledger.demands
    if not demands["settled_on"].le(analysis.day).any():
        return pd.DataFrame(columns=_CHANCES)
    # Days that were asked for go before the ledger's own limits.
    if len(analysis.ledger.limits) and analysis.within == days_to_close(analysis.ledger):
        due = check_limits(analysis.ledger, analysis.day)
        closing = due[due["stage"].eq("close")]
        return chances_by_limit(analysis.ledger, analysis.day, closing, language=analysis.language)
    return settlement_chances(
        analysis.ledger, analysis.day, within=analysis.within, language=analysis.language
    )


def _priorities(analysis: Analysis) -> pd.DataFrame:
    """Enterprises by how urgent a visit is; nothing where nobody is linked."""
    if not len(analysis.ledger.links):
        return pd.DataFrame(columns=_PRIORITIES)
    return visit_priorities(
        analysis.ledger, analysis.day, key=_key(analysis), windows=_windows(analysis), within=analysis.within
    )


def _key(analysis: Analysis) -> list[str]:
    """Enterprises whose loss would affect most others; none where there is no chain."""
    try:
        key = analysis.chain.key
    except MissingTableError:
        return []
    hit = key[key["enterprises_hit"].gt(0)] if len(key) else key
    return [str(one) for one in hit["enterprise_id"].head(_KEY)] if len(hit) else []


def _windows(analysis: Analysis) -> dict[str, str]:
    """Policy of each enterprise that it may claim and whose window to apply is open on the day."""
    if not len(analysis.ledger.policies):
        return {}
    windows, on = analysis.application_windows, analysis.day
    running = windows["closes"].ge(on) & (windows["opens"].isna() | windows["opens"].le(on))
    found: dict[str, str] = {}
    # Answers to demands take seconds, so they are computed only where an application period is open.
    for clause_id, policy in windows.loc[running, ["clause_id", "policy"]].itertuples(index=False):
        fits = analysis.policies.index.beneficiaries(clause_id, analysis.ledger, on=on)
        for enterprise_id in fits.loc[fits["eligibility"].eq("符合"), "enterprise_id"]:
            found.setdefault(str(enterprise_id), str(policy))
    return found


def _routes(
    waiting: pd.DataFrame, suggestions: pd.DataFrame, chances: pd.DataFrame, analysis: Analysis
) -> pd.DataFrame:
    """Demands that wait for a department, the oldest first."""
    first = suggestions[suggestions["rank"].eq(1)].set_index("demand_id")
    route = _untaken_rows(waiting, chances, analysis)
    return route.assign(
        action="route",
        suggested=route["demand_id"].map(first["owner"]),
        probability=route["demand_id"].map(first["probability"]),
        reason=route["demand_id"].map(first["role"]),
    )


def _hand_overs(unassigned: pd.DataFrame, chances: pd.DataFrame, analysis: Analysis) -> pd.DataFrame:
    """Demands that name their department and were not handed to it yet, the oldest first."""
    return _untaken_rows(unassigned, chances, analysis).assign(action="hand over")


def _untaken_rows(untaken: pd.DataFrame, chances: pd.DataFrame, analysis: Analysis) -> pd.DataFrame:
    """Give demands that no department has taken their limit, chance and age, the oldest first."""
    due = chances.set_index("demand_id")[["due_on", "chance"]]
    rows = untaken[["enterprise_id", "demand_id", "owner", "raised_on"]].join(due, on="demand_id")
    days = (analysis.day - rows["raised_on"]).dt.days
    return rows.assign(days=days).sort_values(["raised_on", "demand_id"])


def _breaches(waiting: pd.DataFrame, chances: pd.DataFrame) -> pd.DataFrame:
    """Demands with a department that will probably run over their limit, the first to be due first."""
    likely = chances["likely_breach"].fillna(value=False).astype(bool)
    breach = chances[likely & ~chances["demand_id"].isin(waiting["demand_id"])]
    return breach.assign(action="breach").sort_values(["due_on", "chance", "demand_id"])


def _table(parts: list[pd.DataFrame], ledger: Ledger) -> pd.DataFrame:
    """Put everything to do in one table, with the linked officer of each enterprise."""
    links = ledger.links[ledger.links["role"].fillna("linked officer").eq("linked officer")]
    links = links.dropna(subset="officer_id").sort_values(["enterprise_id", "officer_id"])
    officers = links.groupby("enterprise_id")["officer_id"].agg("、".join)
    columns = [part.reindex(columns=_TABLE).astype(object) for part in parts]
    rows = pd.concat(columns, ignore_index=True)
    linked = rows["enterprise_id"].map(officers)
    numbers = ["days", "chance", "probability"]
    rows[numbers] = rows[numbers].apply(pd.to_numeric)
    return rows.assign(
        officer_id=rows["officer_id"].where(rows["officer_id"].notna(), linked).astype("str"),
        due_on=pd.to_datetime(rows["due_on"]),
    ).astype(dict.fromkeys(["action", "owner", "enterprise_id", "demand_id", "suggested", "reason"], "str"))


def _visits(analysis: Analysis, priorities: pd.DataFrame) -> pd.DataFrame:
    """Visits that this quarter still owes, the riskiest enterprise first."""
    if priorities.empty or not len(analysis.ledger.visits):
        return pd.DataFrame(columns=_TABLE)
    quarter = pd.Period(analysis.day, freq="Q")
    coverage = visit_coverage(analysis.ledger, str(quarter), on=analysis.day)
    owed = coverage[coverage["due"].gt(0) & ~coverage["covered"].fillna(value=False).astype(bool)]
    visits = priorities[priorities["enterprise_id"].isin(owed["enterprise_id"])]
    return visits.assign(
        action="visit",
        due_on=quarter.end_time.normalize(),
        days=visits["days_since_visit"],
        reason="due this quarter",
    )
