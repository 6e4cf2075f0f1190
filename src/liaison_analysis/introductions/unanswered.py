"""Requests that no enterprise answers: what is missing, the nearest enterprise, and what would change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import pandas as pd

from liaison_analysis._checks import check_frame
from liaison_analysis._options import language_for
from liaison_analysis.introductions.direct_matches import REQUEST_COLUMNS, requests_in_role
from liaison_analysis.introductions.match_probability import FLOOR, probability
from liaison_analysis.introductions.request_matches import RequestMatcher
from liaison_analysis.introductions.roles import ROLES, SERVICE_ROLES, serving_roles
from liaison_analysis.ledger import as_ledger, ledger_catalogue
from liaison_analysis.products import uses_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    import networkx as nx

    from liaison_analysis.ledger import Ledger
    from liaison_analysis.text import Encoder

COLUMNS: Final = [
    "demand_id", "enterprise_id", "role", "object", "cause", "nearest_id", "nearest_does", "finding",
    "change",
]  # fmt: skip

#: Why nobody is proposed: no counterpart is known for what is asked, or what is asked was not understood.
CAUSES: Final = ("no counterpart known", "object not understood")

# Text about a request that no enterprise answers, by language and role; {thing} is what is asked for.
_FINDINGS: Final[dict[str, dict[str, str]]] = {
    "zh": {
        "customer": "没有查到明显用得着{thing}的企业",
        "supplier": "本地没有查到能供应{thing}的企业",
        "financier": "没有查到合适的金融机构",
        "tester": "本地没有查到能做{thing}的检测机构",
        "research partner": "本地没有查到研究{thing}的院所",
    },
    "en": {
        "customer": "nobody here plainly uses {thing}",
        "supplier": "nobody here is known to supply {thing}",
        "financier": "no fitting lender is known",
        "tester": "no laboratory here is known to do {thing}",
        "research partner": "no institute here is known to work on {thing}",
    },
}
_UNCLEAR: Final[dict[str, tuple[str, str]]] = {
    "zh": ("没有读准诉求要的是什么（读作「{thing}」），请核对原话", "没有读出诉求要的是什么，请核对原话"),
    "en": (
        "what is asked for was not understood (read as {thing}); see the demand's own words",
        "what is asked for was not understood; see the demand's own words",
    ),
}
_UNNAMED: Final = {"zh": "所求之物", "en": "what is asked for"}
_NEAREST: Final = {
    "zh": "最接近的是{firm}（「{does}」），但不足以引荐",
    "en": "nearest is {firm} ({does}), too far to introduce",
}
_CHANGES: Final[dict[str, str]] = {
    "zh": "补记哪家企业做或用{thing}（主营业务或供给表），或把所求写具体，即可重新匹配；否则是缺口，到外地找",
    "en": "note who makes or uses {thing} (business, offers), or what exactly is asked; else it is a gap",
}


def unanswered_requests(
    ledger: Ledger | nx.Graph[Any],
    introductions: pd.DataFrame,
    *,
    roles: Iterable[str] = tuple(ROLES),
    requests: pd.DataFrame | None = None,
    encoder: Encoder = None,
    language: Literal["zh", "en"] | None = None,
) -> pd.DataFrame:
    """List requests of demands that no introduction answers, with what would change that.

    "Nobody here can do a salt-spray test" is an answer too: a gap of the supply chain.

    Parameters
    ----------
    ledger
        Whose demands ask.
    introductions
        From ``rank_introductions``, all roles concatenated.
    roles
        Which requests to look at; by default those of every role.
    requests, encoder
        As for ``rank_introductions``.
    language
        Of the texts; by default that of ``options``, else Chinese.

    Returns
    -------
    DataFrame
        Columns demand_id, enterprise_id, role, object (empty where the demand names none), cause (of
        ``CAUSES``: where goods are bought or sold, a product that neither the catalogue nor the table of
        users knows is not understood), nearest_id and nearest_does (the nearest enterprise and the phrase of
        its business; empty where there is none), finding and change (sentences). In the order of
        roles and demands.

    Raises
    ------
    ValueError
        Another language or role, or introductions without the columns role and demand_id.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang, rank_introductions
    >>> ledger = load_liangjiang()
    >>> missing = unanswered_requests(ledger, rank_introductions(ledger, role="tester"), roles=["tester"])
    >>> set(missing["role"]) <= {"tester"}
    True
    """
    ledger = as_ledger(ledger)
    check_frame(introductions, "introductions", ["role", "demand_id"], source="rank_introductions")
    if requests is not None:
        check_frame(requests, "requests", REQUEST_COLUMNS, source="read_requests")
    spoken = language_for(language)
    asked_for = [role for role in ROLES if role in set(roles)]
    if unknown := sorted(set(roles) - set(ROLES)):
        raise ValueError(f"roles must be of {', '.join(map(repr, ROLES))}; got {unknown!r}")
    if spoken not in _CHANGES:
        raise ValueError(f"expected language 'zh' or 'en', got {spoken!r}")
    everyone = ledger.enterprises["enterprise_id"]
    serving = serving_roles(ledger.enterprises)
    silent = set(everyone[~everyone.isin(ledger.offers["enterprise_id"])])
    names, catalogue = ledger.names(), ledger_catalogue(ledger)
    rows: list[dict[str, Any]] = []
    for role in asked_for:
        answered = set(introductions.loc[introductions["role"].eq(role), "demand_id"]) - {""}
        asked = [
            r for r in requests_in_role(ledger, role, set(everyone), requests) if r.demand_id not in answered
        ]
        servers = serving.index[serving.eq(role)] if role in SERVICE_ROLES else everyone
        matcher = RequestMatcher(ledger, silent & set(servers), encoder=encoder) if asked else None
        for request in asked:
            thing = "、".join(request.things)
            nearest, does = "", ""
            if matcher is not None and matcher.phrases:
                features, answers = matcher.features(request, role)
                probabilities = probability(features, role).drop(request.enterprise_id, errors="ignore")
                if len(probabilities) and probabilities.max() >= FLOOR[role] / 4:
                    nearest = str(probabilities.idxmax())
                    does = dict(zip(features.index, answers, strict=True))[nearest].phrase
            named = thing or _UNNAMED[spoken]
            is_clear = role in SERVICE_ROLES or any(
                catalogue.recognise(one) or uses_of(one) for one in request.things
            )
            finding = _FINDINGS[spoken][role] if is_clear else _UNCLEAR[spoken][0 if thing else 1]
            finding = finding.format(thing=named)
            if nearest:
                mark = "；" if spoken == "zh" else "; "
                finding += mark + _NEAREST[spoken].format(firm=names[nearest], does=does)
            rows.append(
                {
                    "demand_id": request.demand_id, "enterprise_id": request.enterprise_id, "role": role,
                    "object": thing, "cause": CAUSES[not is_clear], "nearest_id": nearest,
                    "nearest_does": does, "finding": finding, "change": _CHANGES[spoken].format(thing=named),
                }
            )  # fmt: skip
    return pd.DataFrame(rows, columns=COLUMNS).astype("str")
