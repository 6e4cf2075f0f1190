"""Texts of policies, visits and projects, written from their frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison_analysis.analysis.sentences import Sentences, counted, listed_names

if TYPE_CHECKING:
    import pandas as pd

    from liaison_analysis.analysis.results import Text


def policies_text(
    n_asked: int,
    n_answered: int,
    n_unanswered: int,
    expiring: pd.DataFrame,
    *,
    grants: pd.DataFrame | None = None,
    fields: pd.DataFrame | None = None,
    sessions: int = 0,
    left_out: int = 0,
) -> Text:
    """Say how many demands about policy found a clause, what ends soon, and whom clauses could reach.

    Parameters
    ----------
    n_asked, n_answered, n_unanswered
        Demands that ask about policy; those that a clause answers; those that none answers.
    expiring
        From ``PolicyIndex.expiring``.
    grants, fields
        From ``automatic_grants`` and ``missing_fields``; left out where empty.
    sessions
        Number of briefings that ``plan_briefings`` plans; left out if 0.
    left_out
        Demands about policy that were not compared with the clauses, because there are too many.

    Examples
    --------
    >>> import pandas as pd
    >>> policies_text(3, 1, 2, pd.DataFrame()).en
    '3 demands ask about policy: a clause answers 1, none answers 2; these are to be asked of the
    authorities.'
    """
    sentences = Sentences()
    asked = counted(n_asked, "demand asks", "demands ask")
    sentences.add(
        f"{asked} about policy: a clause answers {n_answered}, none answers {n_unanswered}"
        + ("; these are to be asked of the authorities." if n_unanswered else "."),
        f"涉及政策的诉求{n_asked}条，{n_answered}条找到条款，{n_unanswered}条没有条款可答"
        + ("，宜报上级研究。" if n_unanswered else "。"),
    )
    if left_out:
        sentences.add(
            f"These are the open ones and then the newest; {left_out:,} older ones were not compared with "
            "the clauses, because there are too many.",
            f"以上为未办结的和最近的诉求；另有{left_out}条较早的因数量过多，未与条款比对。",
        )
    if len(expiring):
        english, chinese = listed_names(expiring["policy"].drop_duplicates())
        sentences.add(
            f"{counted(len(expiring), 'clause ends', 'clauses end')} within sixty days, of {english}.",
            f"六十天内到期{len(expiring)}条，涉及{chinese}。",
        )
    if grants is not None and len(grants):
        firms, clauses = grants["enterprise_id"].nunique(), grants["clause_id"].nunique()
        sentences.add(
            f"{counted(firms, 'enterprise')} could get {counted(clauses, 'grant')} without applying.",
            f"{clauses}条可免申即享，涉及{firms}家企业。",
        )
    if fields is not None and len(fields):
        firms = fields["enterprise_id"].nunique()
        sentences.add(
            f"For {counted(firms, 'enterprise')} one field of the ledger would decide further clauses.",
            f"{firms}家企业只差一项资料即可判定更多条款。",
        )
    if sessions:
        sentences.add(
            f"{counted(sessions, 'briefing')} would reach those who may claim most.",
            f"安排{sessions}场政策宣讲可覆盖最可能受益的企业。",
        )
    return sentences.text()


def visits_text(coverage: pd.DataFrame, plan: pd.DataFrame) -> Text:
    """Say how many of the visits due were made, and what the next quarter's plan does.

    Parameters
    ----------
    coverage, plan
        From ``visit_coverage`` and ``plan_visits``; an empty plan is left out.

    Examples
    --------
    >>> import pandas as pd
    >>> coverage = pd.DataFrame({"due": [1, 1], "covered": [True, False], "team_complete": [True, True]})
    >>> visits_text(coverage, pd.DataFrame()).en
    '1 of 2 visits due in the quarter were made; 2 of 2 teams are complete.'
    """
    sentences = Sentences()
    due, done = int(coverage["due"].sum()), int(coverage["covered"].sum())
    whole = int(coverage["team_complete"].sum())
    sentences.add(
        f"{done} of {counted(due, 'visit')} due in the quarter were made; {whole} of "
        f"{counted(len(coverage), 'team')} are complete.",
        f"本季应访{due}家，已访{done}家；{len(coverage)}个服务团队中{whole}个配齐。",
    )
    if len(plan):
        gap = plan.attrs["gap"]
        sentences.add(
            f"The next quarter's plan makes {counted(len(plan), 'visit')} in "
            f"{counted(plan.attrs['trips'], 'trip')}, at most {plan.attrs['most']} an officer, "
            f"within {gap:.2%} of the best.",
            f"下季度计划走访{len(plan)}次、出行{plan.attrs['trips']}趟，每人至多{plan.attrs['most']}次，"
            f"距最优值不超过{gap:.2%}。",
        )
    return sentences.text()


def projects_text(projects: pd.DataFrame) -> Text:
    """Say how many projects run late, and how many of these wait for open demands.

    Parameters
    ----------
    projects
        From ``project_status``.

    Examples
    --------
    >>> import pandas as pd
    >>> projects_text(pd.DataFrame({"days_late": [5, 0, 3], "open_demands": [1, 4, 0]})).zh
    '3个项目中2个有节点逾期，其中1家企业仍有未办结诉求，宜先过问。'
    """
    sentences = Sentences()
    late = projects[projects["days_late"].gt(0)]
    blocked = int(late["open_demands"].gt(0).sum())
    sentences.add(
        f"{len(late)} of {counted(len(projects), 'project')} have a milestone that is due and not done; "
        f"{blocked} of these enterprises have open demands.",
        f"{len(projects)}个项目中{len(late)}个有节点逾期，其中{blocked}家企业仍有未办结诉求，宜先过问。",
    )
    return sentences.text()
