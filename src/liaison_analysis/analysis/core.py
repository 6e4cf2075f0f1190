"""``Analysis``: a ledger, and everything that is worked out from it, each result once."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from liaison_analysis._checks import is_whole
from liaison_analysis._options import Language, language_for
from liaison_analysis._progress import long_step
from liaison_analysis.analysis.calls import projects_of, visits_of
from liaison_analysis.analysis.chain import chain_of
from liaison_analysis.analysis.clauses import policies_of
from liaison_analysis.analysis.demands import themes_of
from liaison_analysis.analysis.loop import follow_up_of
from liaison_analysis.analysis.meetings import GUESTS, SLOTS, TABLES, introductions_of, salon_of
from liaison_analysis.analysis.overview import overview_of
from liaison_analysis.analysis.today import chain_cases, today_of
from liaison_analysis.demands import demand_mentions
from liaison_analysis.followup import (
    count_day,
    days_to_close,
    dispatch_sheet,
    task_list,
    write_lists,
    write_meeting,
)
from liaison_analysis.ledger import as_ledger, read_ledger, without_small_figures
from liaison_analysis.policies import application_windows
from liaison_analysis.salons import propose_salons
from liaison_analysis.supply_chain import build_supply_graph

if TYPE_CHECKING:
    from collections.abc import Callable

    import ibis
    import networkx as nx
    import pandas as pd

    from liaison_analysis._calendar import Unit
    from liaison_analysis.analysis.results import (
        ChainResult,
        FollowUpResult,
        IntroductionsResult,
        OverviewResult,
        PoliciesResult,
        ProjectsResult,
        SalonResult,
        ThemesResult,
        TodayResult,
        VisitsResult,
    )
    from liaison_analysis.ledger import Ledger

_LOG = logging.getLogger(__name__)

_T = TypeVar("_T")

# Number of proposed salons (judgement: a month's programme).
_PROPOSALS = 3

# Dates by which a row belongs to a year.
_DATED = {"demands": "raised_on", "visits": "visited_on", "salons": "held_on"}


class Analysis:
    """Every result of a ledger, worked out on first use and kept.

    Notebooks, the page, workbooks and the command line all read the same results. A result that needs a table
    without rows raises ``MissingTableError`` on use.

    Parameters
    ----------
    ledger
        A ``Ledger``, or what ``read_ledger`` reads.
    min_group
        Smallest number of enterprises that a figure may describe, at least 2. The ledger is protected with it
        (``Ledger.protected``), tables of counts leave out rows of fewer (``count``), and tables that list
        single enterprises or demands are empty. The chain, introductions, salons and the plan of visits name
        enterprises on purpose, and still do.
    language
        Language of reasons, ``"zh"`` or ``"en"``; by default that of ``options``, else that of most demands.
    year
        Count only what was raised, visited or held in this year; a ledger that is read from a path takes days
        written without a year as of this one (``read_ledger(year=)``).
    n_themes
        Number of themes to find in the texts alone; by default demands are assigned to the themes of the
        ledger's sheet ``themes``, or else to the packaged taxonomy of parks, with new themes for those that
        fit none.
    within
        Days allowed to settle a demand; by default what the ledger's own table ``limits`` says for every
        kind, else 30.
    on
        Day of every count; by default the last date of anything that happened according to the ledger.
    engine
        As in ``rank_introductions``.

    Attributes
    ----------
    ledger
        Protected where ``min_group`` is given.
    day
        Day of every count.

    Raises
    ------
    ValueError
        ``min_group`` is not a whole number from 2, another language, or a year without demands.
    LedgerError
        The ledger cannot be read.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> analysis = Analysis(load_liangjiang())
    >>> analysis.chain.table["product"].iloc[0]
    '冲压机'
    >>> analysis.chain is analysis.chain
    True
    """

    def __init__(
        self,
        ledger: Ledger | str | Path,
        *,
        min_group: int | None = None,
        language: Language | None = None,
        year: int | None = None,
        n_themes: int | None = None,
        within: int | None = None,
        on: Any = None,
        engine: ibis.BaseBackend | None = None,
    ) -> None:
        if min_group is not None and not is_whole(min_group, 2):
            raise ValueError(f"expected min_group of 2 or more, or None, got {min_group!r}")
        given = read_ledger(ledger, year=year) if isinstance(ledger, str | Path) else as_ledger(ledger)
        given = given if year is None else _in_year(given, year)
        self.ledger = given.protected(min_group)
        self.min_group = min_group
        self.year = year
        self.n_themes = n_themes
        self.within = days_to_close(self.ledger) if within is None else within
        self.on = on
        self.engine = engine
        self.language: Language = language_for(language, otherwise=main_language(given))
        if self.language not in {"zh", "en"}:
            raise ValueError(f"expected language 'zh' or 'en', got {self.language!r}")

    def __repr__(self) -> str:
        """Name the ledger, and the results that are there already."""
        done = [name for name in _RESULTS if name in self.__dict__]
        return f"Analysis({self.ledger.source!r}; computed: {', '.join(done) or 'nothing yet'})"

    def count(
        self,
        measure: Callable[[pd.DataFrame], pd.DataFrame] | Callable[[Ledger], pd.DataFrame],
        by: str | list[str],
        *,
        source: pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Take a measure, without figures of fewer enterprises than ``min_group``.

        Parameters
        ----------
        measure
            Makes a tidy table of counts out of a ledger, or of ``source``.
        by
            Columns that name a row of it.
        source
            A frame with a column ``enterprise_id``; by default the ledger.

        Returns
        -------
        DataFrame
            The table, or its rows that may be shown (``ledger.without_small_figures``).

        Examples
        --------
        >>> from liaison_analysis import load_liangjiang
        >>> analysis = Analysis(load_liangjiang(), min_group=3)
        >>> def by_town(part):
        ...     return part.enterprises.groupby("town").size().reset_index(name="n")
        >>> analysis.count(by_town, "town")["n"].tolist()
        [79, 92, 69]
        """
        data = self.ledger if source is None else source
        return without_small_figures(measure, data, by, least=self.min_group or 0)

    def single(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Give a frame that lists single enterprises or demands; without rows where groups are protected.

        Parameters
        ----------
        frame
            Lists single enterprises or demands.

        Returns
        -------
        DataFrame
            The frame; without rows where ``min_group`` is given.

        Examples
        --------
        >>> from liaison_analysis import Analysis, load_liangjiang
        >>> analysis = Analysis(load_liangjiang(), min_group=3)
        >>> len(analysis.single(analysis.ledger.enterprises))
        0
        """
        return frame if self.min_group is None else frame.iloc[:0]

    @cached_property
    def day(self) -> pd.Timestamp:
        """Day of every count; today where the ledger holds no date of anything that happened."""
        from pandas import Timestamp

        return count_day(self.ledger, self.on, otherwise=Timestamp.now().normalize())

    @cached_property
    def overview(self) -> OverviewResult:
        """What stands in the ledger."""
        return self._computed("overview", overview_of)

    @cached_property
    def mentions(self) -> pd.DataFrame:
        """Products, enterprises, towns and intents of every demand (``demand_mentions``)."""
        with long_step(_LOG, "mentions"):
            return demand_mentions(self.ledger)

    @cached_property
    def themes(self) -> ThemesResult:
        """What demands are about; every chapter counts by these themes."""
        return self._computed("themes", themes_of)

    @cached_property
    def graph(self) -> nx.MultiDiGraph[tuple[str, str]]:
        """The supply-chain graph (``build_supply_graph``)."""
        return build_supply_graph(self.ledger)

    @cached_property
    def chain(self) -> ChainResult:
        """Gaps of the chain, single points of failure, and possible extensions."""
        return self._computed("chain", chain_of)

    @cached_property
    def chain_cases(self) -> pd.DataFrame:
        """Demands common to one chain: ``common_cases`` of the clusters of the supply chain, by theme."""
        _LOG.info("cases of chains")
        return self.single(chain_cases(self))

    @property
    def gaps(self) -> pd.DataFrame:
        """Table of ``chain``: what is needed here and made by nobody here."""
        return self.chain.table

    @cached_property
    def introductions(self) -> IntroductionsResult:
        """Whom to introduce to whom, in every role."""
        return self._computed("introductions", introductions_of)

    @cached_property
    def proposals(self) -> pd.DataFrame:
        """Salons worth holding (``propose_salons``)."""
        table = self.introductions.table
        with long_step(_LOG, "proposals of salons"):
            return propose_salons(self.ledger, table, n=_PROPOSALS, capacity=GUESTS, meetings=SLOTS)

    @cached_property
    def salon(self) -> SalonResult:
        """The salon of the seeker that ``introductions`` is about."""
        return self.salon_for(self.introductions.seeker)

    def salon_for(
        self, seeker: str, *, guests: int = GUESTS, slots: int = SLOTS, tables: int = TABLES
    ) -> SalonResult:
        """Plan a salon around any seeker.

        Parameters
        ----------
        seeker
            An ``enterprise_id``.
        guests, slots, tables
            Largest number of guests; meetings per guest; meetings at the same time.

        Returns
        -------
        SalonResult
            With guests, meetings and text; without a plan where nobody can be introduced.

        Raises
        ------
        MissingTableError
            The ledger holds no offers.

        Examples
        --------
        >>> from liaison_analysis import Analysis, load_liangjiang
        >>> salon = Analysis(load_liangjiang()).salon_for("E001", guests=6, slots=2, tables=3)
        >>> len(salon.plan.guests), "E001" in set(salon.plan.guests["enterprise_id"])
        (6, True)
        """
        with long_step(_LOG, "salon"):
            return salon_of(self, seeker, guests=guests, slots=slots, tables=tables)

    @cached_property
    def follow_up(self) -> FollowUpResult:
        """What became of demands."""
        return self._computed("follow_up", follow_up_of)

    @cached_property
    def tasks(self) -> pd.DataFrame:
        """Who has to do what next about each demand that is not closed (``task_list``)."""
        return self.single(task_list(self.ledger, self.day, within=self.within))

    @cached_property
    def dispatch(self) -> pd.DataFrame:
        """What has changed in the month of ``day`` (``dispatch_sheet``)."""
        return self.single(dispatch_sheet(self.ledger, on=self.day, within=self.within))

    def write_lists(
        self, path: str | Path, *, since: Any = None, before: Ledger | None = None, unit: Unit = "calendar"
    ) -> Path:
        """Write the lists of problems, tasks and responsibilities, and the dispatch sheet.

        Parameters
        ----------
        path
            The ``.xlsx`` file.
        since, before, unit
            As in ``followup.dispatch_sheet``.

        Returns
        -------
        Path
            ``path``; its sheets as in ``followup.write_lists``, empty where ``min_group`` is given.

        Raises
        ------
        ValueError
            ``since`` is not before ``day``.

        Examples
        --------
        >>> import tempfile
        >>> from pathlib import Path
        >>> from liaison_analysis import Analysis, load_liangjiang
        >>> analysis = Analysis(load_liangjiang(), on="2022-12-31")
        >>> analysis.write_lists(Path(tempfile.mkdtemp()) / "lists.xlsx").name
        'lists.xlsx'
        """
        usual = unit == "calendar"
        limits: dict[str, Any] = {"within": self.within, "unit": unit}
        tasks = self.tasks if usual else self.single(task_list(self.ledger, self.day, **limits))
        if usual and since is None and before is None:
            changes = self.dispatch
        else:
            changes = self.single(dispatch_sheet(self.ledger, since, self.day, before=before, **limits))
        return write_lists(self.ledger, path, unit=unit, tasks=tasks, changes=changes)

    def write_meeting(
        self,
        path: str | Path,
        *,
        since: Any = None,
        before: Ledger | None = None,
        limits: str | pd.DataFrame | None = None,
        pauses: pd.DataFrame | None = None,
        decisions: pd.DataFrame | None = None,
    ) -> list[Path]:
        """Write the papers of a monthly meeting on ``day``: a workbook, and a Word document of the same name.

        Parameters
        ----------
        path
            The ``.xlsx`` file; the document ends with ``.docx``.
        since, before, limits, pauses, decisions
            As in ``followup.meeting_papers``.

        Returns
        -------
        list of Path
            The workbook and the document, as ``followup.write_meeting`` writes them.

        Raises
        ------
        ValueError
            ``min_group`` is given: the papers name single enterprises; or as ``followup.meeting_papers``.

        Examples
        --------
        >>> from liaison_analysis import Analysis, load_liangjiang
        >>> Analysis(load_liangjiang(), min_group=3).write_meeting("meeting.xlsx")
        Traceback (most recent call last):
        ...
        ValueError: a meeting's papers name single enterprises; expected min_group=None, got 3
        """
        if self.min_group is not None:
            raise ValueError(
                f"a meeting's papers name single enterprises; expected min_group=None, got {self.min_group}"
            )
        labels = self.themes.labels.dropna()
        return write_meeting(
            self.ledger,
            path,
            since=since,
            on=self.day,
            before=before,
            limits=limits,
            pauses=pauses,
            # Demands of different themes are not one case, however alike their words are.
            themes={str(one): str(theme) for one, theme in labels.items()} if len(labels) else None,
            decisions=decisions,
        )

    @cached_property
    def today(self) -> TodayResult:
        """What each department and officer has to do on ``day``."""
        return self._computed("today", today_of)

    @cached_property
    def application_windows(self) -> pd.DataFrame:
        """When one may apply for what each clause grants (``policies.application_windows``)."""
        return application_windows(self.ledger.policies)

    @cached_property
    def policies(self) -> PoliciesResult:
        """Which clauses answer demands, and whom clauses fit."""
        return self._computed("policies", policies_of)

    @cached_property
    def visits(self) -> VisitsResult:
        """Which visits were owed and made, and who should visit whom next."""
        return self._computed("visits", visits_of)

    @cached_property
    def projects(self) -> ProjectsResult:
        """How projects run."""
        return self._computed("projects", projects_of)

    def _computed(self, name: str, compute: Callable[[Analysis], _T]) -> _T:
        with long_step(_LOG, name):
            return compute(self)


_RESULTS = (
    "overview", "mentions", "themes", "graph", "chain", "introductions", "proposals", "salon", "follow_up",
    "tasks", "dispatch", "today", "application_windows", "policies", "visits", "projects",
)  # fmt: skip


def main_language(ledger: Ledger) -> Literal["zh", "en"]:
    """Language of most demands: Chinese where half of them hold a Chinese character.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> main_language(load_liangjiang())
    'zh'
    """
    texts = ledger.demands["text"].dropna()
    return "zh" if texts.empty or texts.str.contains("[一-鿿]").mean() >= 0.5 else "en"


def _in_year(ledger: Ledger, year: int) -> Ledger:
    """Ledger with what happened in one year; what was settled later counts as open."""
    frames = {}
    for table, column in _DATED.items():
        frame = ledger.tables[table]
        frames[table] = frame[frame[column].dt.year.eq(year)].reset_index(drop=True)
    if frames["demands"].empty:
        years = sorted(ledger.demands["raised_on"].dt.year.dropna().astype(int).unique().tolist())
        raise ValueError(f"expected a year in which demands were raised ({years}), got {year!r}")
    return replace(ledger, **frames)
