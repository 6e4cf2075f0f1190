"""Which clauses answer a ledger's demands, whom clauses fit, and what no clause answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from liaison_analysis.analysis.results import PoliciesResult
from liaison_analysis.analysis.service_texts import policies_text
from liaison_analysis.followup import open_demands
from liaison_analysis.plots import plot_bars
from liaison_analysis.policies import (
    BriefingPlan,
    PolicyIndex,
    automatic_grants,
    missing_fields,
    plan_briefings,
)

if TYPE_CHECKING:
    from liaison_analysis.analysis.core import Analysis
    from liaison_analysis.ledger import Ledger

_FOUND = ["clause_id", "policy", "article", "clause", "score"]
_ANSWERS = [*_FOUND, "eligibility", "missing"]
# As ``PolicyIndex.unanswered`` gives them.
_UNANSWERED = ["demand_id", "enterprise_id", "raised_on", "text", "score", "nearest"]
#: Demands about policy that are compared with the clauses; of more, those still open come first, then the
#: newest. The retrieval model reads ten to fifty a second, so this bounds it to about a minute.
MOST_ASKED: Final = 1_000
_TITLE = "条款适用企业数 Enterprises that a clause fits"


def policies_of(analysis: Analysis) -> PoliciesResult:
    """Answer the demands of an analysis that ask about policy.

    Raises
    ------
    MissingTableError
        The ledger holds no policies.
    """
    ledger, on = analysis.ledger, analysis.day
    ledger.require("policies")
    index = PolicyIndex(ledger.policies)
    every = _asked(analysis)
    asked = _first_asked(analysis, every, MOST_ASKED)
    answers, unanswered = _answers(analysis, index, asked)
    expiring = index.expiring(on)
    fits = analysis.count(lambda part: _fits(part, index, on), "clause_id")
    fits = fits.sort_values(["fits", "to_check", "clause_id"], ascending=[False, False, True])
    fits = fits.merge(index.policies[["clause_id", "policy", "text"]], on="clause_id", how="left")
    grants, fields = automatic_grants(ledger, on=on), missing_fields(ledger, on=on)
    windows = analysis.application_windows
    windows = windows[windows["closes"].isna() | windows["closes"].ge(on)].reset_index(drop=True)
    plan = plan_briefings(ledger, on=on)
    return PoliciesResult(
        table=analysis.single(answers),
        text=policies_text(
            len(asked),
            len(answers),
            len(unanswered),
            expiring,
            grants=analysis.single(grants),
            fields=analysis.single(fields),
            sessions=len(plan.sessions),
            left_out=len(every) - len(asked),
        ),
        draw=lambda ax: plot_bars(fits, "clause_id", "fits", title=_TITLE, ledger=ledger, ax=ax),
        index=index,
        unanswered=analysis.single(unanswered),
        fits=fits,
        expiring=expiring,
        grants=analysis.single(grants),
        fields=analysis.single(fields),
        windows=windows,
        briefings=BriefingPlan(
            sessions=_enough_guests(plan.sessions, analysis), invitations=analysis.single(plan.invitations)
        ),
    )


def _enough_guests(sessions: pd.DataFrame, analysis: Analysis) -> pd.DataFrame:
    """Sessions whose number of guests may be shown."""
    return sessions[sessions["n_invited"].ge(analysis.min_group or 0)].reset_index(drop=True)


def _asked(analysis: Analysis) -> pd.DataFrame:
    """Demands whose text asks about policy."""
    mentions = analysis.mentions
    about = mentions.loc[mentions["kind"].eq("intent") & mentions["value"].eq("policy"), "demand_id"]
    demands = analysis.ledger.demands
    return demands[demands["demand_id"].isin(about)].reset_index(drop=True)


def _first_asked(analysis: Analysis, asked: pd.DataFrame, most: int) -> pd.DataFrame:
    """At most so many demands in the ledger's order: those still open, then the newest of the others."""
    if len(asked) <= most:
        return asked
    waiting = asked["demand_id"].isin(open_demands(analysis.ledger, analysis.day)["demand_id"])
    order = asked.assign(waiting=waiting).sort_values(
        ["waiting", "raised_on", "demand_id"], ascending=[False, False, True]
    )
    return asked.loc[sorted(order.index[:most])].reset_index(drop=True)


def _answers(
    analysis: Analysis, index: PolicyIndex, asked: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Answer all demands in one search: those that a clause answers, and those that none answers.

    The clause that comes nearest does not depend on who asks; whether the enterprise may claim it is judged
    afterwards.
    """
    best = index.search(asked["text"].tolist(), on=analysis.day, k=1)
    nearest = best[best["rank"].eq(1)].rename(columns={"text": "clause"}).drop_duplicates("question")
    rows = asked.iloc[nearest["question"]].reset_index(drop=True)
    found = pd.concat([rows, nearest.reset_index(drop=True)[["answered", *_FOUND]]], axis=1)
    answered = found[found["answered"]].reset_index(drop=True)
    verdicts = [_verdict(analysis, index, clause) for clause in answered["clause_id"].unique()]
    judged = ["clause_id", "enterprise_id", "eligibility", "missing"]
    known = pd.concat(verdicts, ignore_index=True) if verdicts else pd.DataFrame(columns=judged, dtype="str")
    answers = answered.merge(known, on=["clause_id", "enterprise_id"], how="left")
    answers["eligibility"] = answers["eligibility"].fillna("不符合")
    first = best.drop_duplicates("question").set_index("question")
    without = asked.assign(
        score=first["score"], nearest=nearest.set_index("question")["clause_id"].reindex(asked.index)
    )[~first["answered"].reindex(asked.index, fill_value=False).astype(bool)]
    return (
        answers[["demand_id", "enterprise_id", "text", *_ANSWERS]].sort_values(
            "demand_id", ignore_index=True
        ),
        without[_UNANSWERED].sort_values(["score", "demand_id"], ignore_index=True),
    )


def _verdict(analysis: Analysis, index: PolicyIndex, clause_id: str) -> pd.DataFrame:
    """Whom a clause fits or may fit; who is not listed it does not fit."""
    judged = index.beneficiaries(clause_id, analysis.ledger, on=analysis.day)
    return judged[["enterprise_id", "eligibility", "missing"]].assign(clause_id=clause_id)


def _fits(ledger: Ledger, index: PolicyIndex, on: pd.Timestamp) -> pd.DataFrame:
    """DataFrame[clause_id, fits, to_check], clauses with conditions that anybody meets or may meet."""
    conditions = ["town", "industry_prefix", "category", "min_headcount"]
    limited = index.policies[index.policies[conditions].notna().any(axis=1)]
    rows = []
    for clause_id in limited["clause_id"]:
        judged = index.beneficiaries(clause_id, ledger, on=on)["eligibility"]
        rows.append((clause_id, int(judged.eq("符合").sum()), int(judged.eq("待核实").sum())))
    frame = pd.DataFrame(rows, columns=["clause_id", "fits", "to_check"])
    return frame[frame[["fits", "to_check"]].sum(axis=1).gt(0)].reset_index(drop=True)
