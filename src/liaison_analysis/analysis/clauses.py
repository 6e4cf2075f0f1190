"""Which clauses answer a ledger's demands, whom clauses fit, and what no clause answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from liaison_analysis.analysis.results import PoliciesResult
from liaison_analysis.analysis.summaries import policies_text
from liaison_analysis.plots import plot_bars
from liaison_analysis.policies import PolicyIndex

if TYPE_CHECKING:
    from liaison_analysis.analysis.core import Analysis
    from liaison_analysis.ledger import Ledger

_ANSWERS = ["clause_id", "policy", "article", "clause", "score", "eligibility", "missing"]
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
    asked = _asked(analysis)
    answers = _answers(analysis, index, asked)
    unanswered = index.unanswered(ledger, on=on)
    expiring = index.expiring(on)
    fits = analysis.count(lambda part: _fits(part, index, on), "clause_id")
    fits = fits.sort_values(["fits", "to_check", "clause_id"], ascending=[False, False, True])
    fits = fits.merge(index.policies[["clause_id", "policy", "text"]], on="clause_id", how="left")
    return PoliciesResult(
        table=analysis.single(answers),
        text=policies_text(len(asked), len(answers), len(unanswered), expiring),
        draw=lambda ax: plot_bars(fits, "clause_id", "fits", title=_TITLE, ledger=ledger, ax=ax),
        index=index,
        unanswered=analysis.single(unanswered),
        fits=fits,
        expiring=expiring,
    )


def _asked(analysis: Analysis) -> pd.DataFrame:
    """Demands whose text asks about policy."""
    mentions = analysis.mentions
    about = mentions.loc[mentions["kind"].eq("intent") & mentions["value"].eq("policy"), "demand_id"]
    demands = analysis.ledger.demands
    return demands[demands["demand_id"].isin(about)].reset_index(drop=True)


def _answers(analysis: Analysis, index: PolicyIndex, asked: pd.DataFrame) -> pd.DataFrame:
    profiles = {firm["enterprise_id"]: firm for _, firm in analysis.ledger.enterprises.iterrows()}
    found = []
    for enterprise_id, theirs in asked.groupby("enterprise_id", sort=True):
        best = index.search(theirs["text"].tolist(), enterprise=profiles[enterprise_id], on=analysis.day, k=1)
        best = best[best["answered"] & best["rank"].eq(1)].rename(columns={"text": "clause"})
        ids = theirs["demand_id"].to_numpy()[best["question"].to_numpy()]
        found.append(best.assign(demand_id=ids, enterprise_id=enterprise_id, text=best["asked"]))
    columns = ["demand_id", "enterprise_id", "text", *_ANSWERS]
    if not found:
        return pd.DataFrame(columns=columns)
    answers = pd.concat(found, ignore_index=True)[columns]
    return answers.sort_values("demand_id", ignore_index=True)


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
