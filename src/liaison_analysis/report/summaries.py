"""What a chapter found, in words, English and Chinese: made of its own frames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from liaison_analysis.introductions import UNCALIBRATED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from liaison_analysis.ledger import Ledger
    from liaison_analysis.salons import SalonPlan

# What Markdown or HTML could read as markup; names of enterprises and products keep their look without it.
_PLAIN = str.maketrans("\\`*_[]<>$|~#&", "＼｀＊＿［］＜＞＄｜～＃＆")


@dataclass(frozen=True)
class Brief:
    """What was found, in both languages.

    Attributes
    ----------
    english, chinese
        Sentences. Names that come from the ledger hold no markup.

    Examples
    --------
    >>> Brief("One gap.", "一处断链。")
    Brief(english='One gap.', chinese='一处断链。')
    """

    english: str
    chinese: str

    def _repr_markdown_(self) -> str:
        """How a notebook shows it."""
        return f"{self.english}\n\n{self.chinese}"


class _Sentences:
    """Sentences in two languages, one beside the other."""

    def __init__(self) -> None:
        self._told: list[tuple[str, str]] = []

    def say(self, english: str, chinese: str) -> None:
        self._told.append((english, chinese))

    def brief(self) -> Brief:
        english, chinese = zip(*self._told, strict=True)
        return Brief(" ".join(english), "".join(chinese))


def _names(names: Iterable[Any], most: int = 3) -> tuple[str, str]:
    """List the first few names in English and in Chinese."""
    plain = [str(name).translate(_PLAIN) for name in names if pd.notna(name)][:most]
    return ", ".join(plain), "、".join(plain)


def _counted(n: int, one: str, many: str | None = None) -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def ledger_brief(ledger: Ledger) -> Brief:
    """Say how many demands came in and were settled, with and without the enterprise that raised most.

    Parameters
    ----------
    ledger
        A ledger; only enterprises and demands are read.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> print(ledger_brief(load_liangjiang()).english.split(". ")[0])
    240 enterprises in 3 towns raised 476 demands
    """
    told = _Sentences()
    demands = ledger.demands
    towns = ledger.enterprises["town"].dropna()
    # Banks and test centres stand among the enterprises without a town; nobody visits them.
    n_firms, n_towns = len(towns) or len(ledger.enterprises), towns.nunique()
    places, places_zh = (f" in {_counted(n_towns, 'town')}", f"{n_towns}个片区") if n_towns else ("", "")
    told.say(
        f"{_counted(n_firms, 'enterprise')}{places} raised {_counted(len(demands), 'demand')}.",
        f"{places_zh}{n_firms}家企业共提出诉求{len(demands)}条。",
    )
    own = demands["in_remit"].fillna(value=False).astype(bool)
    settled = demands["settled_on"].notna()
    base = own if own.any() else pd.Series(data=True, index=demands.index)
    if own.any():
        told.say(
            f"{own.sum():,} of them ({own.mean():.1%}) lie in the group's own remit.",
            f"其中{own.sum()}条属职责范围内（{own.mean():.1%}）。",
        )
    if base.any():
        done = (base & settled).sum()
        told.say(
            f"{done:,} of these ({done / base.sum():.1%}) are settled.",
            f"已办结{done}条（{done / base.sum():.1%}）。",
        )
    most = demands["enterprise_id"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    if len(most) > 1:
        first = most.index[0]
        rest = base & demands["enterprise_id"].ne(first)
        share = (rest & settled).sum() / max(rest.sum(), 1)
        english, chinese = _names(ledger.names().reindex([first]))
        told.say(
            f"{english} alone raised {most.iloc[0]:,}; without it {share:.1%} are settled.",
            f"{chinese}一家提出{most.iloc[0]}条，剔除后办结率为{share:.1%}。",
        )
    return told.brief()


def chain_brief(
    gaps: pd.DataFrame,
    longer: pd.DataFrame,
    key: pd.DataFrame,
    clusters: pd.DataFrame,
    *,
    routes: pd.DataFrame | None = None,
    ends: tuple[str, str] = ("", ""),
) -> Brief:
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
    >>> print(chain_brief(gaps, pd.DataFrame(), pd.DataFrame(), pd.DataFrame()).english)
    1 needed product is made by nobody here; demands name 1 of them: 冲压机. Filling 冲压机 would help most: 92 enterprises, those counted that it reaches over other products.
    """  # noqa: E501 - one sentence of output
    told = _Sentences()
    if gaps.empty:
        told.say("No product that is needed here lacks a maker.", "本地所需产品均有企业生产，未见断链。")
    else:
        named = gaps[gaps["asked_for"].gt(0)]
        english, chinese = _names(named["product"], 5)
        told.say(
            f"{_counted(len(gaps), 'needed product is', 'needed products are')} made by nobody here"
            + (f"; demands name {len(named)} of them: {english}." if len(named) else "."),
            f"本地所需而无人生产的产品有{len(gaps)}种"
            + (f"，其中诉求点名{len(named)}种：{chinese}。" if len(named) else "。"),
        )
        best = gaps.sort_values(["n_beneficiaries", "product"], ascending=[False, True]).iloc[0]
        english, chinese = _names([best["product"]])
        told.say(
            f"Filling {english} would help most: {_counted(best['n_beneficiaries'], 'enterprise')}, those "
            "counted that it reaches over other products.",
            f"补上{chinese}受益面最大，直接和间接惠及{best['n_beneficiaries']}家企业。",
        )
    if len(longer):
        english, chinese = _names(longer["product"])
        told.say(
            f"Much of what goes into {english} is made here: the chain could lengthen there.",
            f"{chinese}所需投入品本地大多已有，可作延链方向。",
        )
    if len(key) and key["enterprises_hit"].iloc[0] > 0:
        english, chinese = _names([key["name"].iloc[0]])
        hit = int(key["enterprises_hit"].iloc[0])
        told.say(
            f"{english} is the hardest to replace: {_counted(hit, 'enterprise')} would lack an input "
            "without it, as far as the ledger knows.",
            f"{chinese}最难替代，一旦迁出，据台账所记将波及{hit}家企业。",
        )
    if routes is not None and len(routes):
        (start, _), (end, _), (way, _) = (_names([name]) for name in (*ends, routes["path"].iloc[0]))
        free = int(routes["depends_on"].eq("").sum())
        told.say(
            f"From {start} to {end} the chain has {_counted(len(routes), 'way')} (five at most are counted), "
            f"{free} of which no single enterprise's leaving would break; the strongest is {way}.",
            f"从{start}到{end}的供应路径有{len(routes)}条（至多计五条），其中{free}条不依赖独家企业；最强的是{way}。",
        )
    if len(clusters):
        english, chinese = _names([clusters["name"].iloc[0]])
        n = int(clusters["n_enterprises"].iloc[0])
        told.say(
            f"The largest of {_counted(len(clusters), 'candidate cluster')} is {english}, "
            f"{_counted(n, 'enterprise')}.",
            f"候选集群{len(clusters)}个，最大的是{chinese}，{n}家企业。",
        )
    return told.brief()


def themes_brief(
    themes: pd.DataFrame, trends: pd.DataFrame, more: pd.DataFrame, again: pd.DataFrame
) -> Brief:
    """Say what is asked for most, what grows or fades beyond chance, and who asks for what more than others.

    Parameters
    ----------
    themes, trends, more, again
        ``DemandThemes.themes_``; from ``rising_themes``; rows of ``over_represented`` to be told; from
        ``near_duplicates``.

    Examples
    --------
    >>> themes = pd.DataFrame({"name": ["融资", "停车"], "size": [30, 10]})
    >>> trends = pd.DataFrame({"name": ["融资", "停车"], "trend": ["rising", "steady"]})
    >>> print(themes_brief(themes, trends, pd.DataFrame(), pd.DataFrame()).english)
    2 themes; most is asked for “融资” (30), “停车” (10). Rising beyond chance: 融资; fading: none.
    """
    told = _Sentences()
    first = themes.sort_values(["size", "name"], ascending=[False, True]).head(5)
    # Names of themes are lists themselves.
    sized = [f"“{name}” ({size})" for name, size in zip(first["name"], first["size"], strict=True)]
    english, chinese = _names(sized, 5)
    told.say(
        f"{_counted(len(themes), 'theme')}; most is asked for {english}.",
        f"诉求归为{len(themes)}个主题，最多的是{chinese.replace(' (', '（').replace(')', '）')}。",
    )
    moving = [_names(trends.loc[trends["trend"].eq(way), "name"], 5) for way in ("rising", "falling")]
    (up, up_zh), (down, down_zh) = moving
    told.say(
        f"Rising beyond chance: {up or 'none'}; fading: {down or 'none'}.",
        f"超出偶然的上升主题：{up_zh or '无'}；下降主题：{down_zh or '无'}。",
    )
    if len(more):
        pairs = [f"{group}–{name}" for group, name in zip(more["group"], more["name"], strict=True)]
        english, chinese = _names(pairs, 5)
        told.say(f"Asked more than elsewhere: {english}.", f"明显偏多的组合：{chinese}。")
    if len(again):
        n = again["group"].nunique()
        told.say(
            f"{_counted(n, 'demand comes', 'demands come')} back in nearly the same words.",
            f"有{n}组诉求以近乎相同的文字重复提出。",
        )
    return told.brief()


def introductions_brief(
    ledger: Ledger, seeker: str, introductions: pd.DataFrame, ablation: pd.DataFrame
) -> Brief:
    """Say whom one enterprise should meet first, and what that rests on.

    Parameters
    ----------
    ledger, seeker
        The ledger, and the enterprise's id.
    introductions
        From ``rank_introductions``, of one role or several.
    ablation
        From ``without_each``, of the seeker.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> found = pd.DataFrame({"seeker_id": ["E001"], "counterpart_id": ["E241"], "role": ["customer"]})
    >>> found = found.assign(rank=1, asked_share=0.58, calibration="uncalibrated")
    >>> print(introductions_brief(load_liangjiang(), "E001", found, pd.DataFrame()).english.split("; ")[1])
    重庆华数机器人有限公司 should meet 赛力斯汽车有限公司 first. How sure that makes a deal: uncalibrated.
    """
    told = _Sentences()
    names = ledger.names()
    asked = introductions["asked_share"].gt(0).sum()
    english, chinese = _names([names.get(seeker)])
    mine = introductions[introductions["seeker_id"].eq(seeker)]
    mine = mine[mine["role"].eq("customer")] if mine["role"].eq("customer").any() else mine
    count = f"{_counted(len(introductions), 'introduction')}, {asked:,} of them on an own demand"
    count_zh = f"共推荐对接{len(introductions)}对，其中{asked}对以本方诉求为据"
    if mine.empty:
        told.say(f"{count}; none for {english}.", f"{count_zh}；{chinese}暂无可推荐对象。")
        return told.brief()
    first, first_zh = _names(mine.sort_values("rank")["counterpart_id"].map(names), 2)
    told.say(f"{count}; {english} should meet {first} first.", f"{count_zh}；{chinese}宜先对接{first_zh}。")
    kinds = {"chain": ("the product chain", "产业链路径"), "asked": ("its own demands", "本方诉求")}
    for kind, (what, what_zh) in kinds.items():
        column = f"rank_without_{kind}"
        ranks = ablation.set_index("counterpart_id")[column] if column in ablation else pd.Series(dtype=float)
        left = ranks.dropna().sort_values(kind="stable")
        if len(left):
            would, would_zh = _names([names.get(left.index[0])])
            told.say(
                f"Without {what}, of the ten best {would} would come first.",
                f"若不计{what_zh}，前十名中居首的是{would_zh}。",
            )
    sure = mine["calibration"].iloc[0]
    told.say(
        f"How sure that makes a deal: {sure}.",
        "因缺少对接结果，置信度未校准。" if sure == UNCALIBRATED else "置信度已按既往结果校准。",
    )
    return told.brief()


def salon_brief(ledger: Ledger, seeker: str, plan: SalonPlan, proposed: pd.DataFrame, *, slots: int) -> Brief:
    """Say which salon is worth most, who comes to the seeker's, and how near the plan is to the best.

    Parameters
    ----------
    ledger, seeker
        The ledger, and the id of the enterprise that the salon is held for.
    plan
        With its meetings (``SalonPlan.scheduled``).
    proposed
        From ``propose_salons``.
    slots
        Slots of the timetable.

    Raises
    ------
    ValueError
        The plan has no meetings yet.
    """
    meetings = plan.meetings
    if meetings is None:
        raise ValueError("plan must hold its meetings, got one without: take plan.scheduled(slots, tables)")
    told = _Sentences()
    names = ledger.names()
    if len(proposed):
        best = proposed.sort_values("rank").iloc[0]
        english, chinese = _names([best["title"]])
        told.say(
            f"Worth most by the scores: {english}.",
            f"按分值最值得办的是“{chinese}”。",
        )
        if best["missing"]:
            english, chinese = _names([best["missing"]])
            told.say(f"It lacks {english}.", f"尚缺：{chinese}。")
    english, chinese = _names([names.get(seeker)])
    met = pd.concat([meetings["a"], meetings["b"]])
    idle = len(set(plan.guests["enterprise_id"]) - set(met))
    with_it = meetings[meetings["a"].eq(seeker) | meetings["b"].eq(seeker)]
    with_it = with_it.sort_values("slot")
    partners = with_it["a"].where(with_it["a"].ne(seeker), with_it["b"]).map(names)
    partners_en, partners_zh = _names(partners, slots)
    told.say(
        f"The salon for {english} has {_counted(len(plan.guests), 'guest')} and "
        f"{_counted(len(meetings), 'meeting')} in {_counted(slots, 'slot')}; "
        f"it meets {partners_en or 'nobody'}.",
        f"{chinese}专场邀请{len(plan.guests)}家，{slots}个时段共{len(meetings)}场对接，"
        f"依次会见{partners_zh or '（无）'}。",
    )
    told.say(
        f"{_counted(idle, 'guest is', 'guests are') if idle else 'Nobody is'} without a meeting.",
        f"{idle}家没有对接。" if idle else "每家至少一场对接。",
    )
    gap = meetings.attrs["gap"]
    told.say(
        f"Guest list and timetable are proven within {plan.gap:.1%} and {gap:.2%} of the best.",
        f"名单与日程距最优值分别不超过{plan.gap:.1%}和{gap:.2%}。",
    )
    return told.brief()


def loop_brief(
    rates: pd.DataFrame, times: pd.DataFrame, months: pd.DataFrame, late: pd.DataFrame, *, within: int
) -> Brief:
    """Say which share is settled and fed back, how long it takes with the open ones counted, and the backlog.

    Parameters
    ----------
    rates, times, months, late
        From ``settlement``, ``time_to_settle`` (one row is told: the first), ``backlog`` and ``overdue``.
    within
        Days allowed to settle a demand.
    """
    told = _Sentences()
    every = rates[rates["scope"].eq("all")].set_index("measure")
    words = {
        "settled_in_remit": ("of the demands in remit are settled", "职责内办结率"),
        "settled": ("of all demands are settled", "全部诉求办结率"),
        "fed_back": ("of the settled ones were fed back", "办结后反馈率"),
    }
    for measure, (english, chinese) in words.items():
        row = every.loc[measure] if measure in every.index else None
        if row is not None and row["denominator"] > 0:
            share = f"{row['rate']:.1%}"
            band = f"{row['low']:.1%}–{row['high']:.1%}"
            count = f"{row['numerator']:,}/{row['denominator']:,}"
            told.say(f"{share} ({count}; {band}) {english}.", f"{chinese}{share}（{count}，区间{band}）。")
    if len(times):
        row = times.iloc[0]
        own = bool(row.get("in_remit", default=False))
        who, who_zh = ("those in remit", "职责内诉求") if own else ("all", "全部诉求")
        if pd.isna(row["median_days"]):
            told.say(
                f"The median time to settle {who} is not reached yet.", f"{who_zh}办结时长中位数尚未达到。"
            )
        else:
            days, closed = f"{row['median_days']:g}", f"{row['closed_median']:g}"
            short = row["closed_median"] < row["median_days"]
            told.say(
                f"Half of {who} are settled within {days} days"
                + (f"; the settled ones alone say {closed}, which is too short." if short else "."),
                f"计入未办结的，{who_zh}办结时长中位数为{days}天"
                + (f"；只看已办结的为{closed}天，偏短。" if short else "。"),
            )
    if len(months):
        last = months.iloc[-1]
        told.say(
            f"{_counted(int(last['closing']), 'demand is', 'demands are')} open at the end of "
            f"{last['month']}, {int(last['opening']):,} a month before.",
            f"{last['month']}末未办结{int(last['closing'])}条，上月末{int(last['opening'])}条。",
        )
    told.say(
        f"{len(late):,} are over {within} days.",
        f"超过{within}天的有{len(late)}条。",
    )
    return told.brief()


def policies_brief(found: pd.DataFrame, unanswered: pd.DataFrame, expiring: pd.DataFrame) -> Brief:
    """Say how many questions found a clause, what nobody's clause answers, and what ends soon.

    Parameters
    ----------
    found, unanswered, expiring
        From ``PolicyIndex.search``, ``PolicyIndex.unanswered`` and ``PolicyIndex.expiring``.
    """
    told = _Sentences()
    n = found["asked"].nunique()
    k = found.loc[found["answered"], "asked"].nunique()
    told.say(f"{k} of {_counted(n, 'question')} found a clause.", f"{n}个问题中{k}个找到条款。")
    told.say(
        f"{_counted(len(unanswered), 'demand')} about policy found none: "
        "these are to be asked of the authorities.",
        f"涉及政策而没有条款可答的诉求{len(unanswered)}条，宜报上级研究。",
    )
    if len(expiring):
        english, chinese = _names(expiring["policy"].drop_duplicates())
        told.say(
            f"{_counted(len(expiring), 'clause ends', 'clauses end')} within sixty days, of {english}.",
            f"六十天内到期{len(expiring)}条，涉及{chinese}。",
        )
    return told.brief()


def visits_brief(
    coverage: pd.DataFrame | None, plan: pd.DataFrame | None, projects: pd.DataFrame | None
) -> Brief:
    """Say how many of the visits due were made, what the next quarter's plan does, and what runs late.

    Parameters
    ----------
    coverage, plan, projects
        From ``visit_coverage``, ``plan_visits`` and ``projects.project_status``; ``None`` where the ledger
        does not tell.
    """
    told = _Sentences()
    if coverage is not None:
        due, done = int(coverage["due"].sum()), int(coverage["covered"].sum())
        whole = int(coverage["team_complete"].sum())
        told.say(
            f"{done} of {_counted(due, 'visit')} due in the quarter were made; {whole} of "
            f"{_counted(len(coverage), 'team')} are complete.",
            f"本季应访{due}家，已访{done}家；{len(coverage)}个服务团队中{whole}个配齐。",
        )
    if plan is not None and len(plan):
        gap = plan.attrs["gap"]
        told.say(
            f"The next quarter's plan makes {_counted(len(plan), 'visit')} in "
            f"{_counted(plan.attrs['trips'], 'trip')}, at most {plan.attrs['most']} an officer, "
            f"within {gap:.2%} of the best.",
            f"下季度计划走访{len(plan)}次、出行{plan.attrs['trips']}趟，每人至多{plan.attrs['most']}次，"
            f"距最优值不超过{gap:.2%}。",
        )
    if projects is not None:
        late = projects[projects["days_late"].gt(0)]
        blocked = int(late["open_demands"].gt(0).sum())
        told.say(
            f"{len(late)} of {_counted(len(projects), 'project')} have a milestone that is due and not done; "
            f"{blocked} of these enterprises have open demands.",
            f"{len(projects)}个项目中{len(late)}个有节点逾期，其中{blocked}家企业仍有未办结诉求，宜先过问。",
        )
    if coverage is None and plan is None and projects is None:
        told.say("The ledger holds no links, visits or projects.", "台账没有挂点联系、走访和项目记录。")
    return told.brief()
