"""Texts of the overview, themes, follow-up and today, written from their frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pandas as pd

from liaison_analysis._stats import FEW
from liaison_analysis.analysis.sentences import Sentences, counted, listed_names, listed_themes
from liaison_analysis.analysis.theme_words import theme_name

if TYPE_CHECKING:
    from liaison_analysis.analysis.results import Text

# Demands from which on Wilson's interval of a rate is within ten points of it, whatever the rate.
MANY: Final = 100


def overview_text(figures: pd.DataFrame, raisers: pd.DataFrame, rates: pd.DataFrame) -> Text:
    """Say how many demands came in and were settled, with and without the enterprise that raised most.

    Parameters
    ----------
    figures
        DataFrame[figure, n, of], see ``OverviewResult``. Missing figures are left out.
    raisers
        DataFrame[enterprise_id, name, demands], most demands first.
    rates
        From ``settlement``: its second scope is without the first of ``raisers``.

    Examples
    --------
    >>> figures = pd.DataFrame({"figure": ["enterprises", "demands", "in_remit"], "n": [3, 4, 3]})
    >>> overview_text(figures.assign(of=[pd.NA, pd.NA, 4]), pd.DataFrame(), pd.DataFrame()).en
    "3 enterprises raised 4 demands. 3 of them (75.0%) lie in the group's own remit."
    """
    sentences = Sentences()
    n = dict(zip(figures["figure"], figures["n"].astype(int), strict=True))
    of = dict(zip(figures["figure"], figures["of"].fillna(0).astype(int), strict=True))
    places, places_zh = "", ""
    if n.get("towns"):
        places, places_zh = f" in {counted(n['towns'], 'town')}", f"{n['towns']}个片区"
    if {"enterprises", "demands"} <= n.keys():
        sentences.add(
            f"{counted(n['enterprises'], 'enterprise')}{places} raised {counted(n['demands'], 'demand')}.",
            f"{places_zh}{n['enterprises']}家企业共提出诉求{n['demands']}条。",
        )
    words = {
        "in_remit": ("of them ({}) lie in the group's own remit", "其中{}条属职责范围内（{}）"),
        "settled_in_remit": ("of these ({}) are settled", "已办结{}条（{}）"),
        "settled": ("of all ({}) are settled", "全部诉求中已办结{}条（{}）"),
    }
    skipped = "settled" if n.get("settled_in_remit") is not None else "settled_in_remit"
    for name, (english, chinese) in words.items():
        if name in n and name != skipped and of[name]:
            share = f"{n[name] / of[name]:.1%}"
            sentences.add(f"{n[name]:,} {english.format(share)}.", f"{chinese.format(n[name], share)}。")
    measure = "settled" if skipped == "settled_in_remit" else "settled_in_remit"
    rest = rates[rates["scope"].ne("all") & rates["measure"].eq(measure)] if len(rates) else rates
    if len(raisers) > 1 and len(rest) and rest["denominator"].iloc[0] > 0:
        english, chinese = listed_names(raisers["name"].head(1))
        share = f"{rest['rate'].iloc[0]:.1%}"
        sentences.add(
            f"{english} alone raised {raisers['demands'].iloc[0]:,}; without it {share} are settled.",
            f"{chinese}一家提出{raisers['demands'].iloc[0]}条，剔除后办结率为{share}。",
        )
    return sentences.text()


def few_text(n_demands: int) -> Text | None:
    """Say what so few demands cannot show; ``None`` where they are enough.

    Parameters
    ----------
    n_demands
        How many demands the ledger holds.

    Returns
    -------
    Text or None
        Sentences in both languages.

    Examples
    --------
    >>> few_text(1).zh
    '台账只有1条诉求，看不出办结率、趋势和主题，宜逐条查看。'
    >>> few_text(MANY) is None
    True
    """
    sentences = Sentences()
    if n_demands < FEW:
        sentences.add(
            f"{counted(n_demands, 'demand')} in the ledger: too few for rates, trends or themes; read them "
            "one by one.",
            f"台账只有{n_demands}条诉求，看不出办结率、趋势和主题，宜逐条查看。",
        )
    elif n_demands < MANY:
        sentences.add(
            f"{n_demands} demands in the ledger, fewer than {MANY}: rates are uncertain by ten points and "
            "more, those of single departments and towns by far more, and only large changes show.",
            f"台账有{n_demands}条诉求，不足{MANY}条：办结率的误差在十个百分点以上，分部门、分片区的更大，只有"
            "明显的变化才看得出来。",
        )
    return sentences.text() if n_demands < MANY else None


def themes_text(
    themes: pd.DataFrame,
    trends: pd.DataFrame,
    more: pd.DataFrame,
    again: pd.DataFrame,
    *,
    reliable: bool = True,
) -> Text:
    """Say what is asked for most, what grows or declines significantly, and who asks more than others.

    Parameters
    ----------
    themes, trends, more, again
        ``DemandThemes.themes_``; from ``rising_themes``; rows of ``over_represented`` worth naming; from
        ``near_duplicates``.
    reliable
        Whether the themes are reliable (``DemandThemes`` warns where not).

    Examples
    --------
    >>> themes = pd.DataFrame({"name": ["融资", "停车"], "size": [30, 10]})
    >>> trends = pd.DataFrame({"name": ["融资", "停车"], "trend": ["rising", "steady"]})
    >>> print(themes_text(themes, trends, pd.DataFrame(), pd.DataFrame()).en)
    2 themes; most is asked for “finance” (30), “停车” (10). Rising beyond chance: finance; fading: none.
    """
    sentences = Sentences()
    first = themes.sort_values(["size", "name"], ascending=[False, True]).head(5)
    # Names of themes may be lists themselves.
    sized = list(zip(first["name"], first["size"], strict=True))
    english, _ = listed_names([f"“{theme_name(name, 'en')}” ({size})" for name, size in sized], 5)
    _, chinese = listed_names([f"“{name}”（{size}）" for name, size in sized], 5)
    sentences.add(
        f"{counted(len(themes), 'theme')}; most is asked for {english}.",
        f"诉求归为{len(themes)}个主题，最多的是{chinese}。",
    )
    moving = [listed_themes(trends.loc[trends["trend"].eq(way), "name"]) for way in ("rising", "falling")]
    (up, up_zh), (down, down_zh) = moving
    sentences.add(
        f"Rising beyond chance: {up or 'none'}; fading: {down or 'none'}.",
        f"超出偶然的上升主题：{up_zh or '无'}；下降主题：{down_zh or '无'}。",
    )
    if len(more):
        pairs = list(zip(more["group"], more["name"], strict=True))
        english, _ = listed_names([f"{group}–{theme_name(name, 'en')}" for group, name in pairs], 5)
        _, chinese = listed_names([f"{group}–{name}" for group, name in pairs], 5)
        sentences.add(f"Asked more than elsewhere: {english}.", f"明显偏多的组合：{chinese}。")
    if len(again):
        n = again["group"].nunique()
        sentences.add(
            f"{counted(n, 'demand comes', 'demands come')} back in nearly the same words.",
            f"有{n}组诉求以近乎相同的文字重复提出。",
        )
    if not reliable:
        sentences.add(
            "The texts are too few or too alike to bear these themes out: read them as a first order.",
            "诉求文字较少或过于相近，主题归类仅供参考。",
        )
    return sentences.text()


def loop_text(
    rates: pd.DataFrame,
    times: pd.DataFrame,
    months: pd.DataFrame,
    n_late: int | None,
    *,
    within: int,
    dated: bool = True,
    n_undated: int = 0,
) -> Text:
    """Say which share is settled and fed back, how long it takes with the open ones counted, and the backlog.

    Parameters
    ----------
    rates, times, months
        From ``settlement``, ``time_to_settle`` (its first row counts) and ``backlog``.
    n_late
        Number of demands over the limit; ``None`` leaves the sentence out.
    within
        Days allowed to settle a demand.
    dated
        Whether settled demands have the days on which they were settled.
    n_undated
        Open demands without the day on which they were raised: they are open in no month.

    Examples
    --------
    >>> rate = {"scope": "all", "measure": "settled", "numerator": 2, "denominator": 4}
    >>> rates = pd.DataFrame([rate | {"rate": 0.5, "low": 0.15, "high": 0.85}])
    >>> print(loop_text(rates, pd.DataFrame(), pd.DataFrame(), None, within=30, dated=False).zh)
    全部诉求办结率50.0%（2/4，区间15.0%–85.0%）。台账没有办结日期，办结率按办理状态统计，办结时长和每月办结数无从计算。
    """
    sentences = Sentences()
    every = rates[rates["scope"].eq("all")].set_index("measure")
    if len(every) and not {"settled", "settled_in_remit"} & set(every.index):
        sentences.add(
            "The ledger has neither states nor days of settlement: how many demands are settled or open "
            "cannot be said.",
            "台账没有办理状态，也没有办结日期，看不出办结多少、还有多少未办结。",
        )
        return sentences.text()
    words = {
        "settled_in_remit": ("of the demands in remit are settled", "职责内办结率"),
        "settled": ("of all demands are settled", "全部诉求办结率"),
        "closed_unsolved": (
            "cannot be solved or were not accepted, and are closed",
            "无法解决或不予受理的占",
        ),
        "fed_back": ("of the settled ones were fed back", "办结后反馈率"),
    }
    for measure in ("closed_unsolved", "fed_back"):  # nothing of the kind is written down
        if measure in every.index and not every.loc[measure, "numerator"]:
            del words[measure]
    for measure, (english, chinese) in words.items():
        row = every.loc[measure] if measure in every.index else None
        if row is not None and row["denominator"] > 0:
            share = f"{row['rate']:.1%}"
            band = f"{row['low']:.1%}–{row['high']:.1%}"
            count = f"{row['numerator']:,}/{row['denominator']:,}"
            sentences.add(
                f"{share} ({count}; {band}) {english}.", f"{chinese}{share}（{count}，区间{band}）。"
            )
    if not dated:
        sentences.add(
            "The ledger has no day of settlement: the rate is by the state of demands; how long they take, "
            "or how many are settled each month, cannot be said.",
            "台账没有办结日期，办结率按办理状态统计，办结时长和每月办结数无从计算。",
        )
    elif len(times):
        _add_times(sentences, times.iloc[0])
    _add_open(sentences, months, n_undated, dated=dated)
    if n_late is not None:
        sentences.add(f"{n_late:,} are over {within} days.", f"超过{within}天的有{n_late}条。")
    return sentences.text()


def _add_open(sentences: Sentences, months: pd.DataFrame, n_undated: int, *, dated: bool) -> None:
    """Say how many demands are open, and of how many the day they were raised is unknown."""
    if len(months) and not dated:
        n = int(months.iloc[-1]["closing"]) + n_undated
        sentences.add(f"{counted(n, 'demand is', 'demands are')} open.", f"未办结{n}条。")
    elif len(months):
        last = months.iloc[-1]
        month = pd.Period(last["month"], "M")
        several = len(months) > 1
        sentences.add(
            f"{counted(int(last['closing']), 'demand is', 'demands are')} open at the end of {month:%B %Y}"
            + (f", {int(last['opening']):,} a month before." if several else "."),
            f"{month.year}年{month.month}月末未办结{int(last['closing'])}条"
            + (f"，上月末{int(last['opening'])}条。" if several else "。"),
        )
    if n_undated and (dated or not len(months)):
        sentences.add(
            f"{counted(n_undated, 'open demand has', 'open demands have')} no day on which they were raised.",
            f"没有提出日期的未办结诉求{n_undated}条。",
        )


def _add_times(sentences: Sentences, row: pd.Series) -> None:
    """Say how long demands take, and how many are left out of that."""
    own = bool(row.get("in_remit", default=False))
    who, who_zh = ("those in remit", "职责内诉求") if own else ("all", "全部诉求")
    if pd.isna(row["median_days"]):
        sentences.add(
            f"The median time to settle {who} is not reached yet.", f"{who_zh}办结时长中位数尚未达到。"
        )
    else:
        days, closed = f"{row['median_days']:g}", f"{row['closed_median']:g}"
        short = row["closed_median"] < row["median_days"]
        sentences.add(
            f"Half of {who} are settled within {days} days"
            + (f"; the settled ones alone say {closed}, which is too short." if short else "."),
            f"计入未办结的，{who_zh}办结时长中位数为{days}天"
            + (f"；只看已办结的为{closed}天，偏短。" if short else "。"),
        )
    unknown = int(row.get("n_undated", default=0))
    if unknown:
        sentences.add(
            f"{counted(unknown, 'demand lacks', 'demands lack')} a day of raising or settlement and "
            "cannot be counted there.",
            f"另有{unknown}条缺提出或办结日期，未计入时长。",
        )


def today_text(
    table: pd.DataFrame, chances: pd.DataFrame, *, on: pd.Timestamp, protected: bool = False
) -> Text:
    """Say how much there is to do today, of each kind.

    Parameters
    ----------
    table, chances
        As in ``TodayResult``.
    on
        Day of the count.
    protected
        Whether counts of single demands are left out.

    Examples
    --------
    >>> todo = pd.DataFrame({"action": ["route", "visit"], "reason": ["lead", "due this quarter"]})
    >>> today_text(todo, pd.DataFrame(), on=pd.Timestamp("2022-12-31")).zh
    '1条诉求未明确责任部门，其中1条已有建议。本季还应走访1家企业。'
    """
    sentences = Sentences()
    if protected:
        sentences.add(
            "Single demands are not listed, to protect enterprises.", "为保护企业信息，不列出单条诉求。"
        )
        return sentences.text()
    n = table["action"].value_counts()
    if n.get("route", 0):
        sure = int((table["action"].eq("route") & table["reason"].eq("lead")).sum())
        sentences.add(
            f"{counted(n['route'], 'demand waits', 'demands wait')} for a department; one is suggested for "
            f"{sure} of them.",
            f"{n['route']}条诉求未明确责任部门，其中{sure}条已有建议。",
        )
    if n.get("hand over", 0):
        named = counted(n["hand over"], "demand is", "demands are")
        sentences.add(
            f"{named} still to be handed over to the department named.",
            f"{n['hand over']}条诉求已明确责任部门、尚未交办。",
        )
    if n.get("breach", 0):
        days = (chances["due_on"] - chances["raised_on"]).dt.days.unique()
        same = len(days) == 1
        sentences.add(
            f"{counted(n['breach'], 'demand')} in time so far will probably run over "
            + (f"the limit of {days[0]} days." if same else "the limit."),
            f"尚未超期的诉求中，{n['breach']}条很可能超过" + (f"{days[0]}天时限。" if same else "时限。"),
        )
    late = int(chances["due_on"].lt(on).sum()) if len(chances) else 0
    if late:
        sentences.add(
            f"{counted(late, 'open demand is', 'open demands are')} over the limit already.",
            f"已超期未办结{late}条。",
        )
    if n.get("call back", 0):
        sentences.add(
            f"{counted(n['call back'], 'settled demand needs', 'settled demands need')} a call back.",
            f"需回访{n['call back']}条已办结诉求。",
        )
    if n.get("visit", 0):
        sentences.add(
            f"{counted(n['visit'], 'enterprise is', 'enterprises are')} owed a visit this quarter.",
            f"本季还应走访{n['visit']}家企业。",
        )
    if not sentences:
        sentences.add("Nothing has to be done today.", "今天没有需要办理的事项。")
    return sentences.text()
