"""What results say in words, English and Chinese, made of their own frames."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis._stats import FEW
from liaison_analysis.analysis.results import Text
from liaison_analysis.analysis.theme_words import theme_name
from liaison_analysis.introductions import UNCALIBRATED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from liaison_analysis.ledger import Ledger
    from liaison_analysis.salons import SalonPlan

# Demands from which on Wilson's interval of a rate is within ten points of it, whatever the rate.
MANY: Final = 100

# What Markdown could read as markup or as an address; names keep their look without it.
_PLAIN = str.maketrans("\\`*_[]<>$|~#&@", "＼｀＊＿［］＜＞＄｜～＃＆＠")


def plain_name(name: object) -> str:
    r"""Write a name so that nothing in it acts in prose: no markup, address, line break or direction.

    Examples
    --------
    >>> plain_name("甲公司https://a.b\n*乙*\u202e")
    '甲公司https：//a.b ＊乙＊'
    """
    spaced = " ".join(str(name).split())
    visible = "".join(c for c in spaced if unicodedata.category(c) not in {"Cc", "Cf", "Co", "Cs"})
    return visible.translate(_PLAIN).replace("://", "：//").replace("www.", "www．")


class _Sentences:
    """Sentences in two languages, one beside the other."""

    def __init__(self) -> None:
        self._pairs: list[tuple[str, str]] = []

    def __len__(self) -> int:
        return len(self._pairs)

    def add(self, english: str, chinese: str) -> None:
        self._pairs.append((english, chinese))

    def text(self) -> Text:
        return Text(" ".join(en for en, _ in self._pairs), "".join(zh for _, zh in self._pairs))


def _names(names: Iterable[Any], most: int = 3) -> tuple[str, str]:
    """List the first few names in English and in Chinese."""
    plain = [plain_name(name) for name in names if pd.notna(name)][:most]
    return ", ".join(plain), "、".join(plain)


def _theme_names(names: Iterable[Any]) -> tuple[str, str]:
    """List the first few names of themes in English and in Chinese."""
    plain = list(names)
    return _names([theme_name(name, "en") for name in plain], 5)[0], _names(plain, 5)[1]


def _counted(n: int, one: str, many: str | None = None) -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def overview_text(figures: pd.DataFrame, raisers: pd.DataFrame, rates: pd.DataFrame) -> Text:
    """Say how many demands came in and were settled, with and without the enterprise that raised most.

    Parameters
    ----------
    figures
        DataFrame[figure, n, of], see ``OverviewResult``. What is not in it is not said.
    raisers
        DataFrame[enterprise_id, name, demands], who raised most first.
    rates
        From ``settlement``: its second scope is without the first of ``raisers``.

    Examples
    --------
    >>> figures = pd.DataFrame({"figure": ["enterprises", "demands", "in_remit"], "n": [3, 4, 3]})
    >>> overview_text(figures.assign(of=[pd.NA, pd.NA, 4]), pd.DataFrame(), pd.DataFrame()).en
    "3 enterprises raised 4 demands. 3 of them (75.0%) lie in the group's own remit."
    """
    sentences = _Sentences()
    n = dict(zip(figures["figure"], figures["n"].astype(int), strict=True))
    of = dict(zip(figures["figure"], figures["of"].fillna(0).astype(int), strict=True))
    places, places_zh = "", ""
    if n.get("towns"):
        places, places_zh = f" in {_counted(n['towns'], 'town')}", f"{n['towns']}个片区"
    if {"enterprises", "demands"} <= n.keys():
        sentences.add(
            f"{_counted(n['enterprises'], 'enterprise')}{places} raised {_counted(n['demands'], 'demand')}.",
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
        english, chinese = _names(raisers["name"].head(1))
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
    sentences = _Sentences()
    if n_demands < FEW:
        sentences.add(
            f"{_counted(n_demands, 'demand')} in the ledger: too few for rates, trends or themes; read them "
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


def chain_text(
    gaps: pd.DataFrame,
    longer: pd.DataFrame,
    key: pd.DataFrame,
    clusters: pd.DataFrame,
    *,
    routes: pd.DataFrame | None = None,
    ends: tuple[str, str] = ("", ""),
) -> Text:
    """Say which gaps to fill first, where the chain could lengthen, and whose leaving would hurt most.

    Parameters
    ----------
    gaps, longer, key, clusters
        From ``chain_gaps``, ``chain_extensions``, ``key_enterprises`` and ``describe_clusters``.
    routes, ends
        From ``supply_routes``, and the names of its two ends.

    Examples
    --------
    >>> gaps = pd.DataFrame({"product": ["冲压机"], "asked_for": [3], "n_beneficiaries": [92]})
    >>> print(chain_text(gaps, pd.DataFrame(), pd.DataFrame(), pd.DataFrame()).en)
    1 needed product is made by nobody here; demands name 1 of them: 冲压机. Filling 冲压机 would help most: 92 enterprises, those counted that it reaches over other products.
    """  # noqa: E501 - one sentence of output
    sentences = _Sentences()
    if gaps.empty:
        sentences.add("No product that is needed here lacks a maker.", "本地所需产品均有企业生产，未见断链。")
    else:
        named = gaps[gaps["asked_for"].gt(0)]
        english, chinese = _names(named["product"], 5)
        sentences.add(
            f"{_counted(len(gaps), 'needed product is', 'needed products are')} made by nobody here"
            + (f"; demands name {len(named)} of them: {english}." if len(named) else "."),
            f"本地所需而无人生产的产品有{len(gaps)}种"
            + (f"，其中诉求点名{len(named)}种：{chinese}。" if len(named) else "。"),
        )
        best = gaps.sort_values(["n_beneficiaries", "product"], ascending=[False, True]).iloc[0]
        english, chinese = _names([best["product"]])
        sentences.add(
            f"Filling {english} would help most: {_counted(best['n_beneficiaries'], 'enterprise')}, those "
            "counted that it reaches over other products.",
            f"补上{chinese}受益面最大，直接和间接惠及{best['n_beneficiaries']}家企业。",
        )
    if len(longer):
        english, chinese = _names(longer["product"])
        sentences.add(
            f"Much of what goes into {english} is made here: the chain could lengthen there.",
            f"{chinese}所需投入品本地大多已有，可作延链方向。",
        )
    if len(key) and key["enterprises_hit"].iloc[0] > 0:
        english, chinese = _names([key["name"].iloc[0]])
        hit = int(key["enterprises_hit"].iloc[0])
        sentences.add(
            f"{english} is the hardest to replace: {_counted(hit, 'enterprise')} would lack an input "
            "without it, as far as the ledger knows.",
            f"{chinese}最难替代，一旦迁出，据台账所记将波及{hit}家企业。",
        )
    if routes is not None and len(routes):
        (start, _), (end, _), (way, _) = (_names([name]) for name in (*ends, routes["path"].iloc[0]))
        free = int(routes["depends_on"].eq("").sum())
        sentences.add(
            f"From {start} to {end} the chain has {_counted(len(routes), 'way')} (five at most are counted), "
            f"{free} of which no single enterprise's leaving would break; the strongest is {way}.",
            f"从{start}到{end}的供应路径有{len(routes)}条（至多计五条），其中{free}条不依赖独家企业；最强的是{way}。",
        )
    if len(clusters):
        english, chinese = _names([clusters["name"].iloc[0]])
        n = int(clusters["n_enterprises"].iloc[0])
        sentences.add(
            f"The largest of {_counted(len(clusters), 'candidate cluster')} is {english}, "
            f"{_counted(n, 'enterprise')}.",
            f"候选集群{len(clusters)}个，最大的是{chinese}，{n}家企业。",
        )
    return sentences.text()


def themes_text(
    themes: pd.DataFrame,
    trends: pd.DataFrame,
    more: pd.DataFrame,
    again: pd.DataFrame,
    *,
    reliable: bool = True,
) -> Text:
    """Say what is asked for most, what grows or fades beyond chance, and who asks for what more than others.

    Parameters
    ----------
    themes, trends, more, again
        ``DemandThemes.themes_``; from ``rising_themes``; rows of ``over_represented`` worth naming; from
        ``near_duplicates``.
    reliable
        Whether the texts bear the themes out (``DemandThemes`` warns where not).

    Examples
    --------
    >>> themes = pd.DataFrame({"name": ["融资", "停车"], "size": [30, 10]})
    >>> trends = pd.DataFrame({"name": ["融资", "停车"], "trend": ["rising", "steady"]})
    >>> print(themes_text(themes, trends, pd.DataFrame(), pd.DataFrame()).en)
    2 themes; most is asked for “finance” (30), “停车” (10). Rising beyond chance: finance; fading: none.
    """
    sentences = _Sentences()
    first = themes.sort_values(["size", "name"], ascending=[False, True]).head(5)
    # Names of themes may be lists themselves.
    sized = list(zip(first["name"], first["size"], strict=True))
    english, _ = _names([f"“{theme_name(name, 'en')}” ({size})" for name, size in sized], 5)
    _, chinese = _names([f"“{name}”（{size}）" for name, size in sized], 5)
    sentences.add(
        f"{_counted(len(themes), 'theme')}; most is asked for {english}.",
        f"诉求归为{len(themes)}个主题，最多的是{chinese}。",
    )
    moving = [_theme_names(trends.loc[trends["trend"].eq(way), "name"]) for way in ("rising", "falling")]
    (up, up_zh), (down, down_zh) = moving
    sentences.add(
        f"Rising beyond chance: {up or 'none'}; fading: {down or 'none'}.",
        f"超出偶然的上升主题：{up_zh or '无'}；下降主题：{down_zh or '无'}。",
    )
    if len(more):
        pairs = list(zip(more["group"], more["name"], strict=True))
        english, _ = _names([f"{group}–{theme_name(name, 'en')}" for group, name in pairs], 5)
        _, chinese = _names([f"{group}–{name}" for group, name in pairs], 5)
        sentences.add(f"Asked more than elsewhere: {english}.", f"明显偏多的组合：{chinese}。")
    if len(again):
        n = again["group"].nunique()
        sentences.add(
            f"{_counted(n, 'demand comes', 'demands come')} back in nearly the same words.",
            f"有{n}组诉求以近乎相同的文字重复提出。",
        )
    if not reliable:
        sentences.add(
            "The texts are too few or too alike to bear these themes out: read them as a first order.",
            "诉求文字较少或过于相近，主题归类仅供参考。",
        )
    return sentences.text()


def introductions_text(
    ledger: Ledger, seeker: str, introductions: pd.DataFrame, ablation: pd.DataFrame | None = None
) -> Text:
    """Say whom one enterprise should meet first, and what that rests on.

    Parameters
    ----------
    ledger, seeker
        The ledger, and the enterprise's id.
    introductions
        From ``rank_introductions``, of one role or several.
    ablation
        From ``without_each``, of the seeker; ``None``: it is not said what the place rests on.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> found = pd.DataFrame({"seeker_id": ["E001"], "counterpart_id": ["E241"], "role": ["customer"]})
    >>> found = found.assign(rank=1, asked_share=0.58, calibration="uncalibrated")
    >>> print(introductions_text(load_liangjiang(), "E001", found, pd.DataFrame()).en.split("; ")[1])
    重庆华数机器人有限公司 should meet 赛力斯汽车有限公司 first. Outcomes of meetings are too few to say how probable a deal is.
    """  # noqa: E501 - one sentence of output
    sentences = _Sentences()
    names = ledger.names()
    asked = introductions["asked_share"].gt(0).sum()
    english, chinese = _names([names.get(seeker)])
    mine = introductions[introductions["seeker_id"].eq(seeker)]
    mine = mine[mine["role"].eq("customer")] if mine["role"].eq("customer").any() else mine
    count = f"{_counted(len(introductions), 'introduction')}, {asked:,} of them on an own demand"
    count_zh = f"共推荐对接{len(introductions)}对，其中{asked}对以本方诉求为据"
    if mine.empty:
        sentences.add(f"{count}; none for {english}.", f"{count_zh}；{chinese}暂无可推荐对象。")
        return sentences.text()
    first, first_zh = _names(mine.sort_values("rank")["counterpart_id"].map(names), 2)
    sentences.add(
        f"{count}; {english} should meet {first} first.", f"{count_zh}；{chinese}宜先对接{first_zh}。"
    )
    kinds = {"chain": ("the product chain", "产业链路径"), "asked": ("its own demands", "本方诉求")}
    ablation = pd.DataFrame() if ablation is None else ablation
    for kind, (what, what_zh) in kinds.items():
        column = f"rank_without_{kind}"
        ranks = ablation.set_index("counterpart_id")[column] if column in ablation else pd.Series(dtype=float)
        left = ranks.dropna().sort_values(kind="stable")
        if len(left):
            would, would_zh = _names([names.get(left.index[0])])
            sentences.add(
                f"Without {what}, of the ten best {would} would come first.",
                f"若不计{what_zh}，前十名中居首的是{would_zh}。",
            )
    uncalibrated = mine["calibration"].iloc[0] == UNCALIBRATED
    sentences.add(
        "Outcomes of meetings are too few to say how probable a deal is."
        if uncalibrated
        else f"Confidence is {mine['calibration'].iloc[0]}.",
        "对接结果太少，还说不出成交的概率。" if uncalibrated else "成交概率已按既往对接结果校准。",
    )
    return sentences.text()


def salon_text(
    ledger: Ledger,
    seeker: str,
    plan: SalonPlan,
    meetings: pd.DataFrame,
    proposed: pd.DataFrame | None = None,
    *,
    slots: int,
    focus: Collection[str] = (),
    compared: pd.DataFrame | None = None,
) -> Text:
    """Say which salon is worth most, who comes to the seeker's, and how near the plan is to the best.

    Parameters
    ----------
    ledger, seeker
        The ledger, and the id of the enterprise that the salon is held for.
    plan, meetings
        From ``plan_salon`` and ``schedule_salon``.
    proposed
        From ``propose_salons``; ``None``: nothing is said of other salons.
    slots
        Slots of the timetable.
    focus
        Ids of those who meet the seeker's wish or one of its counterparts'; empty: nothing is said of them.
    compared
        From ``compare_guest_lists`` with the lists ``held`` and ``proposed``; nothing is said where it is
        empty.
    """
    sentences = _Sentences()
    names = ledger.names()
    if proposed is not None and len(proposed):
        best = proposed.sort_values("rank").iloc[0]
        english, chinese = _names([best["title_en"]])[0], _names([best["title"]])[1]
        sentences.add(
            f"Worth most by the scores: {english}.",
            f"按分值最值得办的是“{chinese}”。",
        )
        if best["missing"]:
            english, chinese = _names([best["missing_en"]])[0], _names([best["missing"]])[1]
            sentences.add(f"It lacks {english}.", f"尚缺：{chinese}。")
    english, chinese = _names([names.get(seeker)])
    met = pd.concat([meetings["a"], meetings["b"]])
    idle = len(set(plan.guests["enterprise_id"]) - set(met))
    with_it = meetings[meetings["a"].eq(seeker) | meetings["b"].eq(seeker)]
    with_it = with_it.sort_values("slot")
    partners = with_it["a"].where(with_it["a"].ne(seeker), with_it["b"]).map(names)
    partners_en, partners_zh = _names(partners)
    sentences.add(
        f"The salon for {english} has {_counted(len(plan.guests), 'guest')} and "
        f"{_counted(len(meetings), 'meeting')} in {_counted(slots, 'slot')}; "
        f"it first meets {partners_en or 'nobody'}.",
        f"{chinese}专场邀请{len(plan.guests)}家，{slots}个时段共{len(meetings)}场对接，"
        f"先会见{partners_zh or '（无）'}。",
    )
    sentences.add(
        f"{_counted(idle, 'guest is', 'guests are') if idle else 'Nobody is'} without a meeting.",
        f"{idle}家没有对接。" if idle else "每家至少一场对接。",
    )
    if focus:
        _add_focus(sentences, plan, focus)
    if "idle" in meetings.attrs:
        waits = int(meetings.attrs["idle"])
        sentences.add(
            f"Between their meetings the guests wait {_counted(waits, 'slot')} in all.",
            f"各家在首末两场之间共空等{waits}个时段。",
        )
    if compared is not None and len(compared):
        _add_comparison(sentences, ledger, seeker, compared.set_index("list"))
    gap = meetings.attrs["gap"]
    sentences.add(
        f"Guest list and timetable are proven within {plan.gap:.1%} and {gap:.2%} of the best.",
        f"名单与日程距最优值分别不超过{plan.gap:.1%}和{gap:.2%}。",
    )
    return sentences.text()


def _add_focus(sentences: _Sentences, plan: SalonPlan, focus: Collection[str]) -> None:
    """Say how many of the guests meet the seeker's wish or its counterparts', and if that is under half."""
    n, met = len(plan.guests), int(plan.guests["enterprise_id"].isin(list(focus)).sum())
    few = 2 * met < n
    sentences.add(
        f"{met} of the {n} meet its wish or one of its counterparts'"
        + (", under half: not more who do can come." if few else "."),
        f"{n}家中有{met}家能满足其需求或其对接对象的需求"
        + ("，不足一半：能来的再没有更多。" if few else "。"),
    )


def _add_comparison(sentences: _Sentences, ledger: Ledger, seeker: str, lists: pd.DataFrame) -> None:
    """Compare with those who came to the seeker's latest salon: the same tables, wishes met counted."""
    columns = ["n_guests", "wishes_met", "seeker_wishes_met"]
    held, proposed = lists.loc[["held", "proposed"], columns].astype(int).to_dict("records")
    rows = ledger.salons[ledger.salons["seeker_id"].eq(seeker)]
    invented = int(rows["is_synthetic"].fillna(value=False).astype(bool).sum())
    sentences.add(
        f"At the same tables the {held['n_guests']:,} of its last salon could meet "
        f"{_counted(held['wishes_met'], 'wish', 'wishes')}, {proposed['n_guests']:,} of these guests "
        f"{proposed['wishes_met']:,} (of the seeker's own {held['seeker_wishes_met']:,} and "
        f"{proposed['seeker_wishes_met']:,})"
        + (
            f"; {invented:,} of those present then are invented, so this says little of that salon."
            if invented
            else "; who then met whom is not in the ledger, so this compares lists, not events."
        ),
        f"同样的桌数下，上次沙龙的{held['n_guests']}家可满足{held['wishes_met']}条需求，"
        f"本名单的{proposed['n_guests']}家可满足{proposed['wishes_met']}条"
        f"（其中提出方自己的分别为{held['seeker_wishes_met']}条、{proposed['seeker_wishes_met']}条）"
        + (
            f"；当时到场的有{invented}家为合成，不足以评价那次沙龙。"
            if invented
            else "；台账没有当时谁见了谁，因此只比名单，不比活动。"
        ),
    )


def loop_text(
    rates: pd.DataFrame,
    times: pd.DataFrame,
    months: pd.DataFrame,
    n_late: int | None,
    *,
    within: int,
    dated: bool = True,
) -> Text:
    """Say which share is settled and fed back, how long it takes with the open ones counted, and the backlog.

    Parameters
    ----------
    rates, times, months
        From ``settlement``, ``time_to_settle`` (its first row counts) and ``backlog``.
    n_late
        How many demands are over the limit; ``None`` where that is not to be said.
    within
        Days allowed to settle a demand.
    dated
        Whether settled demands have the days on which they were settled.

    Examples
    --------
    >>> rate = {"scope": "all", "measure": "settled", "numerator": 2, "denominator": 4}
    >>> rates = pd.DataFrame([rate | {"rate": 0.5, "low": 0.15, "high": 0.85}])
    >>> print(loop_text(rates, pd.DataFrame(), pd.DataFrame(), None, within=30, dated=False).zh)
    全部诉求办结率50.0%（2/4，区间15.0%–85.0%）。台账没有办结日期，办结率按办理状态统计，办结时长和每月办结数无从计算。
    """
    sentences = _Sentences()
    every = rates[rates["scope"].eq("all")].set_index("measure")
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
    if len(months) and not dated:
        n = int(months.iloc[-1]["closing"])
        sentences.add(f"{_counted(n, 'demand is', 'demands are')} open.", f"未办结{n}条。")
    elif len(months):
        last = months.iloc[-1]
        several = len(months) > 1
        sentences.add(
            f"{_counted(int(last['closing']), 'demand is', 'demands are')} open at the end of {last['month']}"
            + (f", {int(last['opening']):,} a month before." if several else "."),
            f"{last['month']}末未办结{int(last['closing'])}条"
            + (f"，上月末{int(last['opening'])}条。" if several else "。"),
        )
    if n_late is not None:
        sentences.add(f"{n_late:,} are over {within} days.", f"超过{within}天的有{n_late}条。")
    return sentences.text()


def _add_times(sentences: _Sentences, row: pd.Series) -> None:
    """Say how long demands take, and how many are not in that."""
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
            f"{_counted(unknown, 'demand lacks', 'demands lack')} a day of raising or settlement and "
            "cannot be counted there.",
            f"另有{unknown}条缺提出或办结日期，未计入时长。",
        )


def policies_text(
    n_asked: int,
    n_answered: int,
    n_unanswered: int,
    expiring: pd.DataFrame,
    *,
    grants: pd.DataFrame | None = None,
    fields: pd.DataFrame | None = None,
    sessions: int = 0,
) -> Text:
    """Say how many demands about policy found a clause, what ends soon, and whom clauses could reach.

    Parameters
    ----------
    n_asked, n_answered, n_unanswered
        Demands that ask about policy; those that a clause answers; those that none answers.
    expiring
        From ``PolicyIndex.expiring``.
    grants, fields
        From ``automatic_grants`` and ``missing_fields``; nothing is said of them where they are empty.
    sessions
        Briefings that ``plan_briefings`` plans; nothing is said of none.

    Examples
    --------
    >>> policies_text(3, 1, 2, pd.DataFrame()).en
    '3 demands ask about policy: a clause answers 1, none answers 2; these are to be asked of the
    authorities.'
    """
    sentences = _Sentences()
    asked = _counted(n_asked, "demand asks", "demands ask")
    sentences.add(
        f"{asked} about policy: a clause answers {n_answered}, none answers {n_unanswered}"
        + ("; these are to be asked of the authorities." if n_unanswered else "."),
        f"涉及政策的诉求{n_asked}条，{n_answered}条找到条款，{n_unanswered}条没有条款可答"
        + ("，宜报上级研究。" if n_unanswered else "。"),
    )
    if len(expiring):
        english, chinese = _names(expiring["policy"].drop_duplicates())
        sentences.add(
            f"{_counted(len(expiring), 'clause ends', 'clauses end')} within sixty days, of {english}.",
            f"六十天内到期{len(expiring)}条，涉及{chinese}。",
        )
    if grants is not None and len(grants):
        firms, clauses = grants["enterprise_id"].nunique(), grants["clause_id"].nunique()
        sentences.add(
            f"{_counted(firms, 'enterprise')} could get {_counted(clauses, 'grant')} without applying.",
            f"{clauses}条可免申即享，涉及{firms}家企业。",
        )
    if fields is not None and len(fields):
        firms = fields["enterprise_id"].nunique()
        sentences.add(
            f"For {_counted(firms, 'enterprise')} one field of the ledger would decide further clauses.",
            f"{firms}家企业只差一项资料即可判定更多条款。",
        )
    if sessions:
        sentences.add(
            f"{_counted(sessions, 'briefing')} would reach those who may claim most.",
            f"安排{sessions}场政策宣讲可覆盖最可能受益的企业。",
        )
    return sentences.text()


def today_text(table: pd.DataFrame, chances: pd.DataFrame, *, within: int, protected: bool = False) -> Text:
    """Say how much there is to do today, of each kind.

    Parameters
    ----------
    table, chances
        As in ``TodayResult``.
    within
        Days allowed to settle a demand.
    protected
        Whether single demands are not to be counted.

    Examples
    --------
    >>> todo = pd.DataFrame({"action": ["route", "visit"], "reason": ["lead", "due this quarter"]})
    >>> today_text(todo, pd.DataFrame(columns=["days"]), within=30).zh
    '1条诉求待交办，其中1条已有建议的责任部门。本季还应走访1家企业。'
    """
    sentences = _Sentences()
    if protected:
        sentences.add(
            "Single demands are not listed, to protect enterprises.", "为保护企业信息，不列出单条诉求。"
        )
        return sentences.text()
    n = table["action"].value_counts()
    if n.get("route", 0):
        sure = int((table["action"].eq("route") & table["reason"].eq("lead")).sum())
        sentences.add(
            f"{_counted(n['route'], 'demand waits', 'demands wait')} for a department; one is suggested for "
            f"{sure} of them.",
            f"{n['route']}条诉求待交办，其中{sure}条已有建议的责任部门。",
        )
    if n.get("breach", 0):
        sentences.add(
            f"{_counted(n['breach'], 'demand')} in time so far will probably run over the limit of {within} "
            "days.",
            f"尚未超期的诉求中，{n['breach']}条很可能超过{within}天时限。",
        )
    late = int(chances["days"].gt(within).sum())
    if late:
        sentences.add(
            f"{_counted(late, 'open demand is', 'open demands are')} over the limit already.",
            f"已超期未办结{late}条。",
        )
    if n.get("call back", 0):
        sentences.add(
            f"{_counted(n['call back'], 'settled demand needs', 'settled demands need')} a call back.",
            f"需回访{n['call back']}条已办结诉求。",
        )
    if n.get("visit", 0):
        sentences.add(
            f"{_counted(n['visit'], 'enterprise is', 'enterprises are')} owed a visit this quarter.",
            f"本季还应走访{n['visit']}家企业。",
        )
    if not sentences:
        sentences.add("Nothing has to be done today.", "今天没有需要办理的事项。")
    return sentences.text()


def visits_text(coverage: pd.DataFrame, plan: pd.DataFrame) -> Text:
    """Say how many of the visits due were made, and what the next quarter's plan does.

    Parameters
    ----------
    coverage, plan
        From ``visit_coverage`` and ``plan_visits``; an empty plan is not spoken of.

    Examples
    --------
    >>> coverage = pd.DataFrame({"due": [1, 1], "covered": [True, False], "team_complete": [True, True]})
    >>> visits_text(coverage, pd.DataFrame()).en
    '1 of 2 visits due in the quarter were made; 2 of 2 teams are complete.'
    """
    sentences = _Sentences()
    due, done = int(coverage["due"].sum()), int(coverage["covered"].sum())
    whole = int(coverage["team_complete"].sum())
    sentences.add(
        f"{done} of {_counted(due, 'visit')} due in the quarter were made; {whole} of "
        f"{_counted(len(coverage), 'team')} are complete.",
        f"本季应访{due}家，已访{done}家；{len(coverage)}个服务团队中{whole}个配齐。",
    )
    if len(plan):
        gap = plan.attrs["gap"]
        sentences.add(
            f"The next quarter's plan makes {_counted(len(plan), 'visit')} in "
            f"{_counted(plan.attrs['trips'], 'trip')}, at most {plan.attrs['most']} an officer, "
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
    >>> projects_text(pd.DataFrame({"days_late": [5, 0, 3], "open_demands": [1, 4, 0]})).zh
    '3个项目中2个有节点逾期，其中1家企业仍有未办结诉求，宜先过问。'
    """
    sentences = _Sentences()
    late = projects[projects["days_late"].gt(0)]
    blocked = int(late["open_demands"].gt(0).sum())
    sentences.add(
        f"{len(late)} of {_counted(len(projects), 'project')} have a milestone that is due and not done; "
        f"{blocked} of these enterprises have open demands.",
        f"{len(projects)}个项目中{len(late)}个有节点逾期，其中{blocked}家企业仍有未办结诉求，宜先过问。",
    )
    return sentences.text()
