"""Small frozen results: a table, the same in words, a figure, and the tables beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from liaison_analysis.demands import DemandThemes
    from liaison_analysis.policies import BriefingPlan, PolicyIndex
    from liaison_analysis.salons import SalonPlan


@dataclass(frozen=True)
class Text:
    """What a result says, in both languages.

    Attributes
    ----------
    en, zh
        Whole sentences. Names that come from the ledger hold no markup, line breaks or marks of direction.

    Examples
    --------
    >>> Text("One gap.", "一处断链。")["zh"]
    '一处断链。'
    """

    en: str
    zh: str

    def __getitem__(self, language: str) -> str:
        """Sentences in one language, ``"en"`` or ``"zh"``."""
        if language not in {"en", "zh"}:
            raise KeyError(f"expected language 'en' or 'zh', got {language!r}")
        return str(getattr(self, language))

    def _repr_markdown_(self) -> str:
        """How a notebook shows it: both languages, one below the other."""
        return f"{self.en}\n\n{self.zh}"


def _nothing() -> pd.DataFrame:
    return pd.DataFrame()


@dataclass(frozen=True, eq=False, kw_only=True)
class Result:
    """A result of a ledger: a tidy frame, the same in words, and a figure.

    Attributes
    ----------
    table
        The frame that the figure draws; its columns stand in the docstring of the function that made it.
    text
        What it says.
    draw
        Draws the figure on axes, or on a new figure where it gets ``None``; ``None`` where there is none.

    Examples
    --------
    >>> from liaison_analysis import Analysis, load_liangjiang
    >>> overview = Analysis(load_liangjiang()).overview
    >>> overview.table["n"].tolist()[:3]
    [240, 3, 476]
    >>> overview.text["en"][:36]
    '240 enterprises in 3 towns raised 47'
    """

    table: pd.DataFrame
    text: Text
    draw: Callable[[Axes | None], Axes] | None = field(default=None, repr=False)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the figure.

        Parameters
        ----------
        ax
            Where to draw; a new figure by default.

        Returns
        -------
        matplotlib.axes.Axes
            Where it was drawn.

        Raises
        ------
        ValueError
            The result has no figure, or the ledger holds nothing to draw in it.

        Examples
        --------
        >>> from liaison_analysis import Analysis, load_liangjiang
        >>> ax = Analysis(load_liangjiang()).overview.plot()
        >>> ax.get_title(loc="left") != ""
        True
        """
        if self.draw is None or self.table.empty:
            raise ValueError("nothing to draw: the table of this result is empty or has no figure")
        return self.draw(ax)

    def __repr__(self) -> str:
        """Kind of result and size of its table; the table and the text hold the rest."""
        return f"{type(self).__name__}({len(self.table)} rows: {', '.join(map(str, self.table.columns))})"


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class OverviewResult(Result):
    """What stands in the ledger.

    ``table``: DataFrame[figure, n, of], the figures that are asked for first; ``of`` is the denominator.

    Attributes
    ----------
    rows
        DataFrame[table, rows, synthetic_rows].
    months
        DataFrame[month, raised, settled, open]; ``open`` at the month's end. Without the last two where the
        ledger has no day of settlement.
    towns
        DataFrame[town, enterprises, demands, in_remit, settled]; ``in_remit`` where the ledger knows of it.
    raisers
        DataFrame[enterprise_id, name, demands], who raised most first; empty where groups are protected.
    empty_cells
        DataFrame[table, column, empty, of].

    Examples
    --------
    >>> from liaison_analysis import Analysis, load_liangjiang
    >>> result = Analysis(load_liangjiang()).overview
    >>> result.rows.set_index("table").loc["demands", "rows"].item()
    476
    """

    rows: pd.DataFrame
    months: pd.DataFrame
    towns: pd.DataFrame
    raisers: pd.DataFrame
    empty_cells: pd.DataFrame


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class ThemesResult(Result):
    """What demands are about. ``table``: ``DemandThemes.themes_``.

    Attributes
    ----------
    model
        The fitted ``DemandThemes``; ``None`` where there are too few different texts to group.
    labels
        Name of the theme of each demand, indexed by demand_id.
    monthly
        DataFrame[month, theme, name, n].
    trends
        As ``rising_themes`` gives them.
    over
        DataFrame[by, group, name, n, expected, lift, q]: themes that a town or category raises more often
        than others.
    settled
        DataFrame[name, demands, in_remit, settled]: settled of those in remit; where the ledger knows of no
        remit, of all, without ``in_remit``.
    again
        Demands in nearly the same words, as ``near_duplicates`` gives them.
    levels
        DataFrame[group, name, origin, size, share, firms, trend, rate_ratio, confidence, phrase]: themes
        under their groups, the group with most demands first; ``origin`` is ``taxonomy``, ``new`` (found in
        the texts) or ``other`` (what fits none).
    weak
        As ``weak_signals`` gives them: matters that few demands of several firms are about, most of them
        recent; too few for a trend.
    agreement, differences
        The clerk's own categories compared with themes: as ``category_agreement``, and DataFrame[demand_id,
        enterprise_id, text, category, usual, theme, confidence]; empty where groups are protected.

    Examples
    --------
    >>> from dataclasses import replace
    >>> from liaison_analysis import Analysis, load_liangjiang
    >>> ledger = load_liangjiang()
    >>> few = replace(ledger, demands=ledger.demands.head(40))
    >>> len(Analysis(few).themes.labels)
    40
    """

    model: DemandThemes | None
    labels: pd.Series
    monthly: pd.DataFrame
    trends: pd.DataFrame
    over: pd.DataFrame
    settled: pd.DataFrame
    again: pd.DataFrame
    levels: pd.DataFrame = field(default_factory=_nothing)
    weak: pd.DataFrame = field(default_factory=_nothing)
    agreement: pd.DataFrame = field(default_factory=_nothing)
    differences: pd.DataFrame = field(default_factory=_nothing)


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class ChainResult(Result):
    """Where the chain is broken. ``table``: as ``chain_gaps`` gives it.

    Attributes
    ----------
    by_town
        DataFrame[town, gaps, asked_for, first, made_elsewhere].
    extensions, single, key, clusters, members
        As ``chain_extensions``, ``single_suppliers``, ``key_enterprises``, ``describe_clusters`` and
        ``find_clusters`` give them.

    Examples
    --------
    >>> from liaison_analysis import Analysis, load_liangjiang
    >>> result = Analysis(load_liangjiang()).chain
    >>> result.table["product"].iloc[0]
    '冲压机'
    """

    by_town: pd.DataFrame = field(default_factory=_nothing)
    extensions: pd.DataFrame = field(default_factory=_nothing)
    single: pd.DataFrame = field(default_factory=_nothing)
    key: pd.DataFrame = field(default_factory=_nothing)
    clusters: pd.DataFrame = field(default_factory=_nothing)
    members: pd.DataFrame = field(default_factory=_nothing)


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class IntroductionsResult(Result):
    """Whom to introduce to whom. ``table``: ``rank_introductions`` in every role, by seeker, role and rank.

    Attributes
    ----------
    seeker
        Enterprise that the figure and the text are about (``pick_seeker``); empty where there is none.
    calls
        Rows of ``table`` to telephone about first, best first, each pair once.

    Examples
    --------
    >>> pair = pd.DataFrame({"seeker_id": ["E1"], "counterpart_id": ["E2"]})
    >>> result = IntroductionsResult(table=pair, text=Text("", ""), seeker="E1", calls=pair)
    >>> result.calls["counterpart_id"].tolist()
    ['E2']
    """

    seeker: str
    calls: pd.DataFrame


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class SalonResult(Result):
    """One salon, planned around a seeker. ``table``: its meetings, as ``schedule_salon`` gives them.

    Attributes
    ----------
    seeker
        Enterprise that the salon is held for; empty where nobody can be introduced.
    around
        Introductions of its circle.
    plan
        Guests and their introductions; ``None`` where the circle is empty.
    slots, tables
        Of the timetable.
    focus
        Ids of those who meet the seeker's wish or one of its counterparts' (``wish_circle``).
    compared
        ``compare_guest_lists`` of those who were at the seeker's latest salon in the ledger (``held``) and of
        as many of the guests proposed (``proposed``); empty where the ledger has no salon of the seeker.

    Examples
    --------
    >>> met = pd.DataFrame({"slot": [0], "table": [0], "a": ["E1"], "b": ["E2"], "score": [0.9]})
    >>> around = pd.DataFrame({"seeker_id": ["E1"], "counterpart_id": ["E2"]})
    >>> text = Text("One meeting.", "一场对接。")
    >>> result = SalonResult(
    ...     table=met, text=text, seeker="E1", around=around, plan=None, slots=1, tables=1
    ... )
    >>> result.text["zh"], len(result.table)
    ('一场对接。', 1)
    """

    seeker: str
    around: pd.DataFrame
    plan: SalonPlan | None
    slots: int
    tables: int
    focus: tuple[str, ...] = ()
    compared: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class FollowUpResult(Result):
    """What became of demands. ``table``: as ``settlement`` gives it.

    Attributes
    ----------
    measure
        The main rate of ``settlement``: ``settled_in_remit``, or ``settled`` where the ledger knows
        of no remit.
    dated
        Whether durations and months can be counted: not if settled demands have no day of settlement.
    by_owner, by_town, by_theme
        That rate by department, town and theme.
    months
        As ``backlog``.
    times, times_by_owner, times_by_remit
        As ``time_to_settle``, of all demands, by department and by remit; the last is empty where the ledger
        knows of no remit.
    curves
        As ``settling_curves``; empty where groups are protected, since a curve has a step for each demand.
    ages, steps, follows
        As ``ageing``, ``loop_conformance`` and ``directly_follows``.
    late, again, tasks, dispatch
        As ``overdue``, ``repeats``, ``task_list`` and ``dispatch_sheet``; empty where groups are protected,
        since they list single demands.

    Examples
    --------
    >>> from dataclasses import fields
    >>> [part.name for part in fields(FollowUpResult)][5:9]
    ['by_owner', 'by_town', 'by_theme', 'months']
    """

    measure: str
    dated: bool
    by_owner: pd.DataFrame
    by_town: pd.DataFrame
    by_theme: pd.DataFrame
    months: pd.DataFrame
    times: pd.DataFrame
    times_by_owner: pd.DataFrame
    times_by_remit: pd.DataFrame
    curves: pd.DataFrame
    ages: pd.DataFrame
    steps: pd.DataFrame
    follows: pd.DataFrame
    late: pd.DataFrame
    again: pd.DataFrame
    tasks: pd.DataFrame
    dispatch: pd.DataFrame

    @property
    def durations(self) -> pd.DataFrame:
        """Durations that the ledger can show: by remit, of all, or none without days of settlement."""
        known = self.times_by_remit if len(self.times_by_remit) else self.times
        return known if self.dated else known.iloc[:0]


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class TodayResult(Result):
    """What to do today.

    ``table``: DataFrame[action, owner, officer_id, enterprise_id, demand_id, due_on, days, chance, suggested,
    probability, reason]. ``action`` is ``route`` (the demand names no department; ``suggested`` is the most
    probable one, ``reason`` its role in ``suggest_owner``), ``hand over`` (it names one and was not handed to
    it yet), ``breach`` (will probably run over its
    limit; ``chance`` to be in time), ``call back`` (``reason`` as in ``call_backs``) or ``visit`` (owed by
    the end of the quarter); ``days`` since it was raised, settled or last visited. In this order, the most
    urgent first. This table and all below but ``solved`` list single demands or enterprises and are empty
    where groups are protected.

    Attributes
    ----------
    suggestions
        DataFrame[demand_id, rank, owner, probability, role, precedents] of the demands to route, learnt from
        all others (``suggest_owner``).
    precedents
        DataFrame[demand_id, rank, precedent_id, likeness, done, owner, settled_on, days, satisfied, reopened]
        of every open demand (``precedents``).
    chances, limits, call_backs, solved
        As ``settlement_chances`` (empty where no demand was settled yet), ``check_limits``, ``call_backs``
        and ``solved``.
    cases, stories
        As ``common_cases``; DataFrame[case_id, day, step, demand_id, enterprise_id, officer_id, note] of the
        first of them (``case_story``).
    priorities
        As ``visit_priorities``; empty where no enterprise has a linked officer.

    Examples
    --------
    >>> from dataclasses import fields
    >>> [part.name for part in fields(TodayResult)][-4:]
    ['solved', 'cases', 'stories', 'priorities']
    """

    suggestions: pd.DataFrame
    precedents: pd.DataFrame
    chances: pd.DataFrame
    limits: pd.DataFrame
    call_backs: pd.DataFrame
    solved: pd.DataFrame
    cases: pd.DataFrame
    stories: pd.DataFrame
    priorities: pd.DataFrame


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class PoliciesResult(Result):
    """Which clauses answer demands.

    ``table``: DataFrame[demand_id, enterprise_id, text, clause_id, policy, article, clause, score,
    eligibility, missing]: demands about policy that a clause answers, with what is to be checked for the
    enterprise; empty where groups are protected.

    Attributes
    ----------
    index
        To search with.
    unanswered
        As ``PolicyIndex.unanswered``; empty where groups are protected.
    fits
        DataFrame[clause_id, policy, text, fits, to_check]: number of eligible enterprises, and of those to be
        checked.
    expiring
        As ``PolicyIndex.expiring``.
    grants, fields, windows
        As ``automatic_grants``, ``missing_fields`` and ``application_windows`` of clauses that hold on the
        day; the first two are empty where groups are protected.
    briefings
        As ``plan_briefings``; its invitations are empty where groups are protected.

    Examples
    --------
    >>> from dataclasses import fields
    >>> [part.name for part in fields(PoliciesResult)]
    ['table', 'text', 'draw', 'index', 'unanswered', 'fits', 'expiring',
     'grants', 'fields', 'windows', 'briefings']
    """

    index: PolicyIndex
    unanswered: pd.DataFrame
    fits: pd.DataFrame
    expiring: pd.DataFrame
    grants: pd.DataFrame
    fields: pd.DataFrame
    windows: pd.DataFrame
    briefings: BriefingPlan


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class VisitsResult(Result):
    """Which visits were owed and made, and who should visit whom next. ``table``: as ``visit_coverage``.

    Attributes
    ----------
    officers, quarters
        As ``officer_coverage`` and ``visits_by_quarter``.
    plan
        As ``plan_visits``, for the quarter that follows; empty where there is no plan.
    no_plan
        Why there is none.
    quarter
        Such as ``2022Q4``.

    Examples
    --------
    >>> from liaison_analysis import Analysis, load_liangjiang
    >>> result = Analysis(load_liangjiang()).visits
    >>> result.quarter
    '2022Q4'
    """

    officers: pd.DataFrame
    quarters: pd.DataFrame
    plan: pd.DataFrame
    no_plan: str
    quarter: str


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class ProjectsResult(Result):
    """How projects run. ``table``: as ``project_status``.

    Attributes
    ----------
    progress
        As ``project_progress``.

    Examples
    --------
    >>> from liaison_analysis import Analysis, load_liangjiang
    >>> result = Analysis(load_liangjiang()).projects
    >>> "project_id" in result.table
    True
    """

    progress: pd.DataFrame
