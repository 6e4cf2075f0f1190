"""Data of the page as plain values, computed from an ``Analysis`` view by view."""

from __future__ import annotations

import contextlib
import contextvars
import logging
import re
import threading
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis import __version__
from liaison_analysis._options import options
from liaison_analysis.errors import MissingTableError
from liaison_analysis.followup import has_states, open_demands
from liaison_analysis.introductions import salon_funnel, unanswered_requests
from liaison_analysis.policies import policy_calendar
from liaison_analysis.report.first_screen import first_screen
from liaison_analysis.report.tables import as_table, plain_value, vocabulary
from liaison_analysis.report.today_data import CASES, chances_table, themes_part, today_part
from liaison_analysis.supply_chain import chain_gaps

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from liaison_analysis.analysis import Analysis, Text

_LOG = logging.getLogger(__name__)

#: Counterparts of a seeker in each role that the page lists; the workbook lists all.
LISTED: Final = 3

# Rows of tables that the page lists: enterprises hard to replace, and those that raised most demands
# (judgement: nobody reads further).
_HARD_TO_REPLACE: Final = 200
_RAISERS: Final = 50

# Enterprises above which the page lists only introductions that a demand supports, so that it opens fast.
_MANY: Final = 1_000

_DEMAND: Final = [
    "demand_id", "enterprise_id", "raised_on", "text", "theme", "owner", "in_remit", "status", "assigned_on",
    "responded_on", "settled_on", "fed_back_on", "satisfied", "reopened", "is_open",
]  # fmt: skip
_INTRODUCTION: Final = [
    "seeker_id", "counterpart_id", "role", "rank", "score", "path", "object", "product", "match", "demand_id",
    "counterpart_wanted_product", "counterpart_demand_id", "chain_share", "asked_share",
    "back_share", "both_sides", "competitor", "officer_id",
]  # fmt: skip

_WITHOUT: Final = [
    "demand_id", "enterprise_id", "role", "object", "cause", "nearest_id", "nearest_does",
]  # fmt: skip

#: Views in the order of the menu, and the results each is made of.
VIEWS: Final = (
    "today", "demands", "themes", "chain", "introductions", "salons", "loop", "policies", "visits",
    "projects", "method",
)  # fmt: skip


def page_data(
    analysis: Analysis,
    *,
    changes: pd.DataFrame | None = None,
    messages: Mapping[str, dict[str, str]] | None = None,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Collect the data of the page.

    Parameters
    ----------
    analysis
        Whose results are shown.
    changes
        As ``dispatch_sheet(..., before=)`` gives them, where an earlier ledger is compared with.
    messages
        Messages of the reading of the ledger, by text the same in ``"en"`` and ``"zh"``; other texts are
        shown unchanged.
    progress
        Called with the key of each part before it is computed.

    Returns
    -------
    dict
        Plain values: ``meta``, ``enterprises``, ``home`` and a part for each of ``VIEWS`` with its ``tables``
        (``as_table``), its ``text`` in both languages, and ``missing`` or ``failed`` where it could not be
        computed. It is what ``report.json`` holds.
    """
    builders: dict[str, Callable[[Analysis], dict[str, Any]]] = {
        "today": today_part,
        "demands": _demands,
        "themes": themes_part,
        "chain": _chain,
        "introductions": _introductions,
        "salons": _salons,
        "loop": _loop,
        "policies": _policies,
        "visits": _visits,
        "projects": _projects,
        "method": partial(_method, messages=messages or {}),
    }
    salons = _salons_in_background(analysis)
    built = {}
    for name in sorted(VIEWS, key="salons".__eq__):
        if name == "salons":
            salons.join()
        if progress is not None:
            progress(name)
        built[name] = _part(builders[name], analysis)
    views = {name: built[name] for name in VIEWS}
    if progress is not None:
        progress("home")
    data = {
        "meta": _meta(analysis, compared=changes is not None, messages=messages or {}),
        "enterprises": _enterprises(analysis),
        "home": first_screen(analysis, {name: part for name, part in views.items() if _is_whole(part)}),
        "views": views,
    }
    if changes is not None:
        data["changes"] = as_table(analysis.single(changes), _CHANGES, name="changes")
    return data


def _salons_in_background(analysis: Analysis) -> threading.Thread:
    """Plan salons beside the other views: half of a report's time, most of it in the solver.

    HiGHS lets Python's other threads run. An error here occurs again where the view is built, and is reported
    there.
    """
    context = contextvars.copy_context()

    def plan() -> None:
        with contextlib.suppress(Exception):
            _ = analysis.salon, analysis.proposals

    thread = threading.Thread(target=context.run, args=(plan,), daemon=True)
    with contextlib.suppress(Exception):
        _ = analysis.introductions  # before the thread asks for them, so that they are not ranked twice
    thread.start()
    return thread


_CHANGES: Final = ["changed_on", "change", "was", "demand_id", "enterprise_id", "owner", "next_step"]


def failures(data: dict[str, Any]) -> dict[str, str]:
    """Reasons of failed parts by view, except for missing tables."""
    return {name: part["failed"] for name, part in data["views"].items() if "failed" in part}


def _is_whole(part: dict[str, Any]) -> bool:
    return "missing" not in part and "failed" not in part


def _part(build: Callable[[Analysis], dict[str, Any]], analysis: Analysis) -> dict[str, Any]:
    """Build a part; a missing table or an error is noted in it, and the other parts are still built."""
    try:
        return build(analysis)
    except MissingTableError as error:
        missing = set(error.problems["sheet"])
        # Wherever there are products, the general chain replaces a missing one of the ledger.
        missing -= {"product_chain"} if "offers" in missing else set()
        return {"missing": sorted(missing), "tables": {}}
    except Exception as error:  # noqa: BLE001 - whatever fails, the other parts must come
        _LOG.exception("a part of the report failed")
        first = str(error).strip().partition("\n")[0]
        return {"failed": f"{type(error).__name__}: {first}"[:200], "tables": {}}


def _text(text: Text) -> dict[str, str]:
    return {"zh": text["zh"], "en": text["en"]}


def _tables(**tables: pd.DataFrame | dict[str, Any]) -> dict[str, Any]:
    return {
        name: as_table(table, name=name)
        if isinstance(table, pd.DataFrame)
        else {**table, "name": table["name"] or name}
        for name, table in tables.items()
    }


_OPTIONAL: Final = (
    "aliases", "offers", "product_chain", "supplies", "links", "visits", "policies", "projects", "salons",
)  # fmt: skip
# Notes on reading that the page replaces by its own text: missing tables, open questions.
_SHOWN_ELSEWHERE: Final = re.compile(rf"no (?:{'|'.join(_OPTIONAL)}) \(|\d+ questions? (?:is|are) open")
# Where notes name attributes of ``Ledger``, which a reader of the page does not have.
_FOR_PROGRAMS: Final = re.compile(r"（程序中见 \.\w+）|[;,] see \.\w+$")


def _meta(analysis: Analysis, *, compared: bool, messages: Mapping[str, dict[str, str]]) -> dict[str, Any]:
    ledger = analysis.ledger
    notes = [
        {language: _FOR_PROGRAMS.sub("", words) for language, words in messages.get(note, {"": note}).items()}
        for note in ledger.notes
    ]
    notes = [note for note in notes if not _SHOWN_ELSEWHERE.match(note.get("en", note.get("", "")))]
    synthetic = ledger.enterprises["is_synthetic"].fillna(value=False)
    return {
        "source": ledger.source,
        "day": plain_value(analysis.day),
        "language": analysis.language,
        "min_group": analysis.min_group,
        "within": analysis.within,
        "version": __version__,
        "compared": compared,
        "enterprises": len(ledger.enterprises),
        "synthetic": int(synthetic.sum()) if not analysis.min_group else int(synthetic.any()),
        "notes": [note.get("", note) for note in notes],
        "lacks": [name for name in _OPTIONAL if not len(ledger.tables[name])],
        "left_out": len(ledger.left_out),
        "review": len(ledger.review),
    }


def _enterprises(analysis: Analysis) -> dict[str, Any]:
    ledger = analysis.ledger
    firms = ledger.enterprises[["enterprise_id", "name", "town", "category", "is_synthetic"]].copy()
    linked = _officers(analysis)
    firms["officer_id"] = firms["enterprise_id"].map(linked)
    return as_table(firms)


def _officers(analysis: Analysis) -> pd.Series:
    """Linked officer of each enterprise; several stand beside each other."""
    links = analysis.ledger.links
    links = links[links["role"].fillna("linked officer").eq("linked officer")].dropna(subset="officer_id")
    links = links.sort_values(["enterprise_id", "officer_id"])
    officers: pd.Series = links.groupby("enterprise_id")["officer_id"].agg("、".join)
    return officers


def _demands(analysis: Analysis) -> dict[str, Any]:
    ledger = analysis.ledger
    themes = analysis.themes
    is_open = ledger.demands.index.isin(open_demands(ledger, analysis.day).index)
    demands = ledger.demands.assign(theme=themes.labels.to_numpy(), is_open=is_open)
    if demands["in_remit"].isna().all():
        demands = demands.drop(columns="in_remit")
    demands = analysis.single(demands)
    origin = ledger.origin
    mine = origin[origin["table"].eq("demands")]
    # Positions hold for the whole table: an analysis of one year has dropped rows of it.
    places = (
        {
            str(demands["demand_id"].iloc[int(row)]): [plain_value(v) for v in place]
            for row, *place in mine[["row", "file", "sheet", "source_row"]].itertuples(index=False)
            if int(row) < len(demands)
        }
        if len(demands) and analysis.year is None
        else {}
    )
    return {
        "text": _text(analysis.overview.text),
        "rows": as_table(demands, _DEMAND),
        "origin": places,
        "tables": _tables(
            by_month=analysis.overview.months,
            raisers=analysis.overview.raisers.drop(columns="name", errors="ignore").head(_RAISERS),
            towns=analysis.overview.towns,
        ),
    }


def _chain(analysis: Analysis) -> dict[str, Any]:
    chain = analysis.chain
    key = _hard_to_replace(analysis)
    return {
        "text": _text(chain.text),
        "graph": {
            "offers": _edges(analysis, "offers"),
            "feeds": _edges(analysis, "feeds"),
            "supplies": _edges(analysis, "supplies"),
            "sought": _edges(analysis, "seeks"),
        },
        "tables": _tables(
            gaps=_in_both_reasons(analysis, chain.table),
            gaps_by_town=chain.by_town,
            extensions=chain.extensions,
            single=chain.single.drop(columns="name", errors="ignore"),
            key=key.drop(columns=["name", "betweenness"], errors="ignore").head(_HARD_TO_REPLACE),
            clusters=chain.clusters.drop(columns="cluster", errors="ignore").rename(
                columns={"n_enterprises": "enterprises_n", "towns": "town_counts", "asks_for": "asked_counts"}
            ),
        ),
    }


def _hard_to_replace(analysis: Analysis) -> pd.DataFrame:
    """Enterprises whose loss affects others."""
    key = analysis.chain.key
    if {"n_sole", "enterprises_hit"} <= set(key.columns):
        key = key[key["n_sole"].gt(0) | key["enterprises_hit"].gt(0)]
    return key


def _in_both_reasons(analysis: Analysis, gaps: pd.DataFrame) -> pd.DataFrame:
    """Give what can be done about each gap in both languages."""
    if gaps.empty:
        return gaps
    reasons = {}
    for language in ("zh", "en"):
        with options(language=language):
            reasons[language] = chain_gaps(analysis.ledger).set_index("product")["evidence"]
    both = [{language: reasons[language][product] for language in reasons} for product in gaps["product"]]
    return gaps.assign(evidence=pd.Series(both, index=gaps.index, dtype=object))


def _edges(analysis: Analysis, key: str) -> list[list[str]]:
    """List the ends of the supply graph's edges of one kind."""
    edges = {(u[1], v[1]) for u, v, kind in analysis.graph.edges(keys=True) if kind == key}
    return [list(edge) for edge in sorted(edges)]


def _introductions(analysis: Analysis) -> dict[str, Any]:
    result = analysis.introductions
    officers = _officers(analysis)
    table = result.table[result.table["rank"].le(LISTED) | result.table["asked_share"].gt(0)]
    if len(analysis.ledger.enterprises) > _MANY:
        table = table[table["asked_share"].gt(0) | table["back_share"].gt(0)]
    table = table.assign(officer_id=table["seeker_id"].map(officers))
    calls = result.calls.assign(officer_id=result.calls["seeker_id"].map(officers))
    calibrated = len(result.table) > 0 and result.table["calibration"].ne("uncalibrated").any()
    return {
        "text": _text(result.text),
        "calibrated": bool(calibrated),
        "listed": LISTED,
        "rows": as_table(table, _INTRODUCTION),
        "calls": as_table(calls, _INTRODUCTION),
        "tables": _tables(without_introduction=as_table(_without_introduction(analysis), _WITHOUT)),
    }


def _without_introduction(analysis: Analysis) -> pd.DataFrame:
    """Demands that ask for a counterpart and got none, with the cause."""
    return analysis.single(unanswered_requests(analysis.ledger, analysis.introductions.table))


def _salons(analysis: Analysis) -> dict[str, Any]:
    salon = analysis.salon
    ledger = analysis.ledger
    offers, asks = (_first_products(analysis, key) for key in ("offers", "seeks"))
    part: dict[str, Any] = {
        "text": _text(salon.text),
        "seeker": salon.seeker,
        "slots": salon.slots,
        "tables_n": salon.tables,
        "tables": _tables(
            proposals=_proposals(analysis),
            **({"funnel": salon_funnel(ledger.salons)} if len(ledger.salons) else {}),
        ),
    }
    if salon.plan is not None:
        guests = salon.plan.guests
        guests = guests.assign(
            ask=guests["enterprise_id"].map(asks), offer=guests["enterprise_id"].map(offers)
        )
        part["guests"] = as_table(
            guests, ["enterprise_id", "role", "n_introductions", "value", "ask", "offer"], name="guests"
        )
        meetings = salon.table.assign(slot=salon.table["slot"] + 1, table=salon.table["table"] + 1)
        part["meetings"] = as_table(meetings, ["slot", "table", "a", "b", "score"], name="timetable")
        part["gaps"] = [plain_value(salon.plan.gap), plain_value(salon.table.attrs.get("gap", 0.0))]
    return part


def _proposals(analysis: Analysis) -> dict[str, Any]:
    """Proposals with title and what they lack in both languages."""
    proposals = analysis.proposals
    both = {
        name: pd.Series(
            [
                {"zh": zh, "en": en} if zh or en else None
                for zh, en in zip(proposals[name], proposals[f"{name}_en"], strict=True)
            ],
            index=proposals.index,
            dtype=object,
        )
        for name in ("title", "missing")
    }
    table = proposals.assign(title=both["title"], lacking=both["missing"])
    return as_table(
        table, ["rank", "title", "n_guests", "n_meetings", "value", "cost", "net", "gap", "lacking", "guests"]
    )


def _first_products(analysis: Analysis, key: str) -> dict[str, str]:
    """First three products that each enterprise offers or seeks."""
    products: dict[str, list[str]] = {}
    for enterprise_id, product in _edges(analysis, key):
        products.setdefault(enterprise_id, []).append(product)
    return {enterprise_id: "、".join(names[:3]) for enterprise_id, names in products.items()}


_RATES: Final = ["numerator", "denominator", "rate", "low", "high", "few"]
_TIMES: Final = [
    *("median_days", "low_days", "high_days", "closed_median"),
    *("n", "n_settled", "n_open", "n_closed", "n_undated"),
]
# Tables of days up to settlement, left out where the ledger has no such days.
_DATED: Final = ("backlog", "times", "times_by_owner", "curve")


def _loop(analysis: Analysis) -> dict[str, Any]:
    follow_up = analysis.follow_up
    days = {"low": "low_days", "high": "high_days"}
    of = "" if follow_up.measure == "settled_in_remit" else "_all"
    rates = follow_up.table[follow_up.table["scope"].eq("all")]
    # No answers, no feedback, nothing closed unsolved: the ledger does not record these, so they have no
    # rates.
    if "denominator" in rates:  # which does not add up over enterprises where groups are protected
        none = rates["measure"].isin(["fed_back", "closed_unsolved"]) & rates["numerator"].eq(0)
        rates = rates[~none & rates["denominator"].gt(0)]
    really = analysis.today.solved
    if "denominator" in really:
        really = really[really["denominator"].gt(0)]
    ages = follow_up.ages
    if "denominator" in ages:
        ages = ages[ages["denominator"].gt(0)]
    tables = _tables(
        rates=as_table(rates, ["measure", *_RATES]),
        by_owner=as_table(follow_up.by_owner, ["owner", *_RATES], name=f"by_owner{of}"),
        by_town=as_table(follow_up.by_town, ["town", *_RATES], name=f"by_town{of}"),
        by_theme=as_table(follow_up.by_theme, ["theme", *_RATES], name=f"by_theme{of}"),
        backlog=follow_up.months if has_states(analysis.ledger.demands) else follow_up.months.iloc[:0],
        solved=as_table(really, ["measure", *_RATES]),
        chances=chances_table(analysis),
        times=as_table(follow_up.times.rename(columns=days), ["unit", *_TIMES]),
        times_by_owner=as_table(follow_up.times_by_owner.rename(columns=days), ["owner", *_TIMES]),
        curve=as_table(follow_up.curves, ["days", "open_share", "low", "high"]),
        ages=as_table(ages, ["bracket", "numerator", "denominator", "rate"]),
        steps=follow_up.steps,
        late=as_table(
            follow_up.late,
            ["demand_id", "enterprise_id", "owner", "status", "raised_on", "due_on", "days", "days_over"],
        ),
        again=follow_up.again,
        tasks=as_table(
            follow_up.tasks,
            [
                "demand_id",
                "enterprise_id",
                "next_step",
                "owner",
                "linked officer",
                "due_on",
                "days_left",
                "status",
            ],
        ),
        dispatch=as_table(
            follow_up.dispatch,
            ["changed_on", "change", "demand_id", "enterprise_id", "owner", "next_step"],
        ),
    )
    if not follow_up.dated:
        tables = {name: table for name, table in tables.items() if name not in _DATED}
    return {"text": _text(follow_up.text), "tables": tables}


def _policies(analysis: Analysis) -> dict[str, Any]:
    policies = analysis.policies
    clauses = policies.index.policies
    plan = policies.briefings
    calendar = policy_calendar(analysis.ledger.policies).decode("utf-8")
    return {
        "text": _text(policies.text),
        "clauses": as_table(
            clauses, ["clause_id", "policy", "article", "text", "benefit", "valid_from", "valid_to"]
        ),
        "tables": _tables(
            answers=policies.table,
            unanswered=as_table(
                policies.unanswered.rename(columns={"nearest": "nearest_clause"}),
                ["demand_id", "enterprise_id", "raised_on", "text", "nearest_clause"],
            ),
            fits=as_table(policies.fits, ["clause_id", "policy", "fits", "to_check", "text"]),
            expiring=policies.expiring,
            grants=as_table(
                policies.grants, ["clause_id", "policy", "article", "benefit", "enterprise_id", "amount"]
            ),
            asked_fields=as_table(
                policies.fields, ["enterprise_id", "field", "n_clauses", "amount", "clauses"]
            ),
            windows=as_table(policies.windows, ["policy", "article", "opens", "closes", "words"]),
            briefings=as_table(
                plan.sessions, ["session", "policy", "town", "n_invited", "n_clauses", "worth"]
            ),
            invitations=as_table(plan.invitations, ["session", "enterprise_id", "n_sure", "n_unsure"]),
        ),
        "calendar": calendar if "BEGIN:VEVENT" in calendar else "",
    }


_PRIORITIES: Final = [
    "enterprise_id", "town", "officer_id", "risk", "open_demands", "overdue", "likely_breaches",
    "days_since_visit", "is_key", "window", "departments", "is_group",
]  # fmt: skip


def _visits(analysis: Analysis) -> dict[str, Any]:
    visits = analysis.visits
    coverage = visits.table.drop(columns=["name"], errors="ignore")
    return {
        "text": _text(visits.text),
        "quarter": visits.quarter,
        "tables": _tables(
            officers=visits.officers,
            quarters=visits.quarters,
            coverage=coverage,
            plan=as_table(
                visits.plan,
                [
                    "week",
                    "week_of",
                    "officer_id",
                    "enterprise_id",
                    "town",
                    "open_demands",
                    "days_since_visit",
                ],
            ),
            priorities=as_table(analysis.today.priorities, _PRIORITIES),
        ),
    }


def _projects(analysis: Analysis) -> dict[str, Any]:
    projects = analysis.projects
    return {
        "text": _text(projects.text),
        "tables": _tables(
            projects=projects.table.drop(columns="unit", errors="ignore"),
            progress=as_table(projects.progress, ["stage", "milestone", "n", *_RATES, "slip_days", "n_late"]),
        ),
    }


_REVIEW: Final = [
    "sheet", "row", "column", "written", "review_status", "enterprise_id", "score", "candidates",
    "review_why",
]  # fmt: skip


# Ids before the names of candidates, which distinguish equal names.
_ID: Final = re.compile(r"(?:^|(?<=; ))\S+ (?=\S)")


def _in_both(frame: pd.DataFrame, messages: Mapping[str, dict[str, str]]) -> pd.DataFrame:
    """Give reasons in both languages where the messages of reading hold them."""
    why = [messages.get(str(one), one) for one in frame["review_why"]]
    if "candidates" in frame:
        named = [_ID.sub("", str(one)) for one in frame["candidates"].fillna("")]
        frame = frame.assign(candidates=named)
    return frame.assign(review_why=pd.Series(why, index=frame.index, dtype=object))


def _method(analysis: Analysis, messages: Mapping[str, dict[str, str]]) -> dict[str, Any]:
    overview = analysis.overview
    ledger = analysis.ledger
    # "visits" names the view of visits and projects.
    rows, empty = (
        frame.assign(table_name=frame["table"].replace({"visits": "table_visits"})).drop(columns="table")
        for frame in (overview.rows, overview.empty_cells)
    )
    tables = _tables(
        table_rows=rows[["table_name", *rows.columns.drop("table_name")]],
        empty_cells=empty[["table_name", *empty.columns.drop("table_name")]],
    )
    if len(ledger.left_out):
        left_out = _in_both(
            ledger.left_out.rename(columns={"value": "written", "why": "review_why"}), messages
        )
        tables |= _tables(left_out=analysis.single(left_out))
    if len(ledger.review):
        review = ledger.review.rename(columns={"status": "review_status", "why": "review_why"})
        review = analysis.single(_in_both(review, messages))
        tables |= _tables(review=as_table(review, _REVIEW))
    return {"text": _text(overview.text), "limits": _limits(analysis), "tables": tables}


def _limits(analysis: Analysis) -> list[list[Any]]:
    """List what was taken in part only: the key of a sentence, how many were taken, of how many.

    A part that cannot be built limits nothing; its own view says what it lacks.
    """

    def compared(table: pd.DataFrame) -> tuple[int, int]:
        taken = int(table.attrs.get("compared", 0))
        return taken, taken + int(table.attrs.get("left_out", 0))

    counts: dict[str, Callable[[], tuple[int, int]]] = {
        "limit_weak": lambda: compared(analysis.themes.weak),
        "limit_precedents": lambda: compared(analysis.today.precedents),
        "limit_cases": lambda: (CASES, len(analysis.today.cases)),
        "limit_raisers": lambda: (_RAISERS, len(analysis.overview.raisers)),
        "limit_key": lambda: (_HARD_TO_REPLACE, len(_hard_to_replace(analysis))),
        "limit_introductions": lambda: (_MANY, len(analysis.ledger.enterprises)),
    }
    limits: list[list[Any]] = []
    for key, count in counts.items():
        with contextlib.suppress(Exception):
            taken, every = count()
            if taken < every:
                limits.append([key, taken, every])
    return limits


def schema() -> dict[str, dict[str, str]]:
    """Header, kind and meaning of every column that tables of the page may have, for ``report.json``.

    Examples
    --------
    >>> schema()["rank"]["en"]
    'Rank'
    """
    described = {}
    for name, (zh, en, kind, *meaning) in vocabulary()["columns"].items():
        described[name] = {"zh": zh, "en": en, "kind": kind}
        if meaning:
            described[name] |= {"meaning_zh": meaning[0], "meaning_en": meaning[1]}
    return described
