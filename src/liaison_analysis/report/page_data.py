"""Data of the page as plain values, computed from an ``Analysis`` view by view."""

from __future__ import annotations

import contextlib
import contextvars
import logging
import threading
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from liaison_analysis.errors import MissingTableError
from liaison_analysis.report.chain_data import chain_part, introductions_part, salons_part
from liaison_analysis.report.first_screen import first_screen
from liaison_analysis.report.followup_data import loop_part, policies_part, projects_part, visits_part
from liaison_analysis.report.ledger_data import about_ledger, demands_part, enterprises_table
from liaison_analysis.report.method_data import method_part
from liaison_analysis.report.tables import as_table, vocabulary
from liaison_analysis.report.today_data import themes_part, today_part

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import pandas as pd

    from liaison_analysis.analysis import Analysis

_LOG = logging.getLogger(__name__)

#: Views in the order of the menu, and the results each is made of.
VIEWS: Final = (
    "today", "demands", "themes", "chain", "introductions", "salons", "loop", "policies", "visits",
    "projects", "method",
)  # fmt: skip

_CHANGES: Final = ["changed_on", "change", "was", "demand_id", "enterprise_id", "owner", "next_step"]


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
    built: dict[str, dict[str, Any]] = {}
    builders: dict[str, Callable[[Analysis], dict[str, Any]]] = {
        "today": today_part,
        "demands": demands_part,
        "themes": themes_part,
        "chain": chain_part,
        "introductions": introductions_part,
        "salons": salons_part,
        "loop": loop_part,
        "policies": policies_part,
        "visits": visits_part,
        "projects": projects_part,
        "method": partial(method_part, messages=messages or {}, built=built),
    }
    # Most of a report's time: the retrieval model and HiGHS let Python's other threads run.
    policies = _beside(analysis, "policies")
    with contextlib.suppress(Exception):
        _ = analysis.introductions  # before a thread asks for them, so that they are not ranked twice
    salons = [_beside(analysis, name) for name in ("salon", "proposals")]
    for name in sorted(VIEWS, key="salons".__eq__):
        if name == "policies":
            policies.join()
        if name == "salons":
            for thread in salons:
                thread.join()
        if progress is not None:
            progress(name)
        built[name] = _part(builders[name], analysis)
    views = {name: built[name] for name in VIEWS}
    if progress is not None:
        progress("home")
    data = {
        "meta": about_ledger(analysis, compared=changes is not None, messages=messages or {}),
        "enterprises": enterprises_table(analysis),
        "home": first_screen(analysis, {name: part for name, part in views.items() if _is_whole(part)}),
        "views": views,
    }
    if changes is not None:
        data["changes"] = as_table(analysis.single(changes), _CHANGES, name="changes")
    return data


def _beside(analysis: Analysis, result: str) -> threading.Thread:
    """Compute a result of an analysis in a thread of its own.

    An error there occurs again where the view is built, and is reported there.
    """

    def compute() -> None:
        with contextlib.suppress(Exception):
            getattr(analysis, result)

    thread = threading.Thread(target=contextvars.copy_context().run, args=(compute,), daemon=True)
    thread.start()
    return thread


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
