"""Themes of a ledger's demands, their trends, who asks more than others, and repeated demands."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Literal

import pandas as pd

from liaison_analysis.analysis.demand_texts import themes_text
from liaison_analysis.analysis.results import Text, ThemesResult
from liaison_analysis.demands import (
    DemandThemes,
    UnreliableThemesWarning,
    category_agreement,
    category_differences,
    over_represented,
    rising_themes,
    theme_counts,
    weak_signals,
)
from liaison_analysis.followup import settled_by
from liaison_analysis.ledger import suppress_small_groups
from liaison_analysis.plots import plot_bars
from liaison_analysis.text import near_duplicates

if TYPE_CHECKING:
    from liaison_analysis.analysis.core import Analysis

#: Below this number of different texts no themes are sought: fewer than ten in each of two themes
#: (judgement).
FEWEST_TEXTS = 20

# Name of small themes combined; as in ``ledger.disclosure``.
_OTHERS = "其他 others"
# Name of the texts that fit no theme of a taxonomy, as in ``demands.fitting``.
_REST = "其他"
_TITLE = "诉求主题 Themes of demands"


def themes_of(analysis: Analysis) -> ThemesResult:
    """Group the demands of an analysis by theme, once for every chapter."""
    ledger = analysis.ledger
    demands = ledger.demands
    if demands["text"].nunique() < FEWEST_TEXTS:
        return _no_themes(demands)
    model, reliable = _fitted(analysis)
    names = model.themes_["name"]
    labels = pd.Series(model.labels_, index=demands["demand_id"]).map(names).rename("theme")
    labelled = demands.assign(theme=model.labels_)
    counts = theme_counts(
        model.labels_,
        demands["raised_on"],
        names=names,
        visits=ledger.visits["visited_on"] if len(ledger.visits) else None,
    )
    trends = _enough_in_both_halves(
        rising_themes(counts, per="visits" if len(ledger.visits) else "total"), labelled, analysis
    )
    over = _over(analysis, model)
    again = analysis.single(near_duplicates(demands["text"].tolist(), enterprises=demands["enterprise_id"]))
    monthly = analysis.count(lambda part: _monthly(part, names), ["month", "theme"], source=labelled)
    settled = analysis.count(lambda part: _settled(part, names, analysis.day), "name", source=labelled)
    # Themes of the taxonomy without a demand are left out.
    table = model.themes_[model.themes_["size"].gt(0)].reset_index(drop=True)
    trends = trends[trends["n"].gt(0)].reset_index(drop=True)
    monthly = monthly[monthly["theme"].isin(table["theme"])].reset_index(drop=True)
    return ThemesResult(
        table=table,
        text=themes_text(table, trends, over, again, reliable=reliable),
        draw=lambda ax: plot_bars(table, "name", "size", title=_TITLE, most=20, ledger=ledger, ax=ax),
        model=model,
        labels=labels,
        monthly=monthly,
        trends=trends,
        over=over,
        settled=settled.sort_values(["demands", "name"], ascending=[False, True], ignore_index=True),
        again=again,
        levels=_levels(model, labelled, trends, analysis),
        weak=analysis.single(weak_signals(model, demands["enterprise_id"], demands["raised_on"])),
        **_categories(model, labelled, analysis),
    )


_LEVELS = ["group", "name", "origin", "size", "share", "firms", "trend", "rate_ratio", "confidence", "phrase"]


def _levels(
    model: DemandThemes, labelled: pd.DataFrame, trends: pd.DataFrame, analysis: Analysis
) -> pd.DataFrame:
    """Themes under their groups, with the number of demands and the trend."""
    levels = model.levels_.merge(model.themes_[["theme", "share", "phrase"]], on="theme")
    levels = levels[levels["size"].gt(0)]
    moving = trends.set_index("name")
    rest = levels["name"].eq(_REST)
    levels = levels.assign(
        group=levels["group"].mask(rest, _REST),
        origin=levels["origin"].mask(rest, "other"),
        firms=levels["theme"].map(labelled.groupby("theme")["enterprise_id"].nunique()),
        trend=levels["name"].map(moving["trend"]),
        rate_ratio=levels["name"].map(moving["rate_ratio"]),
        phrase=levels["phrase"] if analysis.min_group is None else "",
        total=levels.groupby("group")["size"].transform("sum"),
    )
    levels = levels[levels["firms"].ge(analysis.min_group or 0)]
    order = ["total", "group", "size", "name"]
    return levels.sort_values(order, ascending=[False, True, False, True], ignore_index=True)[_LEVELS]


def _categories(model: DemandThemes, labelled: pd.DataFrame, analysis: Analysis) -> dict[str, pd.DataFrame]:
    """Compare the clerk's own categories with the themes."""
    names = labelled["theme"].map(model.themes_["name"])
    kinds = labelled["kind"]
    agreement = category_agreement(kinds, names)
    different = category_differences(kinds, names, model.confidence_)
    rows = labelled[["demand_id", "enterprise_id", "text"]].iloc[different["row"]].reset_index(drop=True)
    different = pd.concat([rows, different.drop(columns="row").reset_index(drop=True)], axis=1)
    return {"agreement": analysis.single(agreement), "differences": analysis.single(different)}


def _fitted(analysis: Analysis) -> tuple[DemandThemes, bool]:
    """Fit themes, and say whether they are reliable; those of too few enterprises are merged into one."""
    ledger = analysis.ledger
    places = [*ledger.enterprises["town"].dropna().unique(), *ledger.enterprises["name"]]
    texts = ledger.demands["text"]
    # The ledger's themes or the taxonomy by default; a number of themes is found in the texts alone.
    expected: pd.DataFrame | Literal["parks"] = ledger.themes if len(ledger.themes) else "parks"
    model = DemandThemes(
        analysis.n_themes, mask=places, taxonomy=expected if analysis.n_themes is None else None
    )
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        model.fit(texts.tolist())
    if analysis.min_group:
        named = pd.Series(model.labels_).map(model.themes_["name"])
        kept = suppress_small_groups(named, ledger.demands["enterprise_id"], least=analysis.min_group)
        few = named[kept.ne(named)].dropna().unique()
        if len(few) > 1:
            model.merge(sorted(few), name=_OTHERS)
    return model, not any(issubclass(one.category, UnreliableThemesWarning) for one in caught)


def _monthly(labelled: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    counts = theme_counts(labelled["theme"], labelled["raised_on"], names=names)
    return counts.assign(month=counts["month"].dt.strftime("%Y-%m"))[["month", "theme", "name", "n"]]


def _settled(labelled: pd.DataFrame, names: pd.Series, day: pd.Timestamp) -> pd.DataFrame:
    """DataFrame[name, demands, in_remit, settled]; without in_remit where the ledger does not record it."""
    in_remit = labelled["in_remit"].fillna(value=False).astype(bool)
    done = settled_by(labelled, day)
    sums = {"demands": ("demand_id", "size"), "in_remit": ("in_remit", "sum"), "settled": ("done", "sum")}
    if labelled["in_remit"].isna().all():
        del sums["in_remit"]
    else:
        done &= in_remit
    counts = labelled.assign(in_remit=in_remit, done=done).groupby(
        labelled["theme"].map(names).rename("name")
    )
    return counts.agg(**sums).reset_index()


def _enough_in_both_halves(trends: pd.DataFrame, labelled: pd.DataFrame, analysis: Analysis) -> pd.DataFrame:
    """Leave out trends that rest on too few enterprises in one half of the time."""
    if not analysis.min_group:
        return trends
    late = labelled["raised_on"].ge(labelled["raised_on"].quantile(0.5))
    raisers = labelled["enterprise_id"].groupby([labelled["theme"], late]).nunique()
    fewest = trends["theme"].map(raisers.groupby(level=0).min()).fillna(0)
    return trends[fewest.ge(analysis.min_group)].reset_index(drop=True)


def _over(analysis: Analysis, model: DemandThemes) -> pd.DataFrame:
    """Themes that a town or category raises more often than its share of all demands."""
    demands = analysis.ledger.demands
    firms = analysis.ledger.enterprises.set_index("enterprise_id")
    columns = ["by", "group", "name", "n", "expected", "lift", "q"]
    tables = []
    for by in ("town", "category"):
        groups = demands["enterprise_id"].map(firms[by])
        known = groups.notna().to_numpy()
        if groups.nunique() < 2:
            continue
        table = over_represented(model.labels_[known], groups[known], names=model.themes_["name"])
        raisers = demands["enterprise_id"].groupby([groups, pd.Series(model.labels_)]).nunique()
        cells = pd.Series(
            [raisers.get(cell, 0) for cell in zip(table["group"], table["theme"], strict=True)],
            index=table.index,
            dtype="int64",
        )
        others = table["theme"].map(raisers.groupby(level=1).sum()) - cells
        least = analysis.min_group or 0
        enough = cells.ge(least) & (others.ge(least) | others.eq(0))
        tables.append(table[table["over"] & enough].assign(by=by)[columns])
    filled = [table for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns)


def _no_themes(demands: pd.DataFrame) -> ThemesResult:
    nothing = pd.DataFrame(columns=["theme", "name", "terms", "size", "share", "phrase"])
    text = Text(
        f"Fewer than {FEWEST_TEXTS} different texts: demands are not grouped by theme.",
        f"不同的诉求文字不足{FEWEST_TEXTS}条，未作主题归类。",
    )
    return ThemesResult(
        table=nothing,
        text=text,
        model=None,
        labels=pd.Series(pd.NA, index=demands["demand_id"], dtype="str", name="theme"),
        monthly=pd.DataFrame(columns=["month", "theme", "name", "n"]),
        trends=pd.DataFrame(
            columns=["theme", "name", "n", "rate_ratio", "low", "high", "z", "p", "q", "trend"]
        ),
        over=pd.DataFrame(columns=["by", "group", "name", "n", "expected", "lift", "q"]),
        settled=pd.DataFrame(columns=["name", "demands", "in_remit", "settled"]),
        again=pd.DataFrame(),
    )
