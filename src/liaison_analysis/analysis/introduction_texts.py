"""Texts of the chain, introductions and a salon, written from their frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from liaison_analysis.analysis.sentences import Sentences, counted, listed_names
from liaison_analysis.introductions import UNCALIBRATED

if TYPE_CHECKING:
    from collections.abc import Collection

    from liaison_analysis.analysis.results import Text
    from liaison_analysis.ledger import Ledger
    from liaison_analysis.salons import SalonPlan


def chain_text(
    gaps: pd.DataFrame,
    longer: pd.DataFrame,
    key: pd.DataFrame,
    clusters: pd.DataFrame,
    *,
    routes: pd.DataFrame | None = None,
    ends: tuple[str, str] = ("", ""),
) -> Text:
    """Say which gaps to fill first, where the chain could be extended, and whose loss would affect most.

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
    sentences = Sentences()
    if gaps.empty:
        sentences.add("No product that is needed here lacks a maker.", "本地所需产品均有企业生产，未见断链。")
    else:
        named = gaps[gaps["asked_for"].gt(0)]
        english, chinese = listed_names(named["product"], 5)
        sentences.add(
            f"{counted(len(gaps), 'needed product is', 'needed products are')} made by nobody here"
            + (f"; demands name {len(named)} of them: {english}." if len(named) else "."),
            f"本地所需而无人生产的产品有{len(gaps)}种"
            + (f"，其中诉求点名{len(named)}种：{chinese}。" if len(named) else "。"),
        )
        best = gaps.sort_values(["n_beneficiaries", "product"], ascending=[False, True]).iloc[0]
        english, chinese = listed_names([best["product"]])
        sentences.add(
            f"Filling {english} would help most: {counted(best['n_beneficiaries'], 'enterprise')}, those "
            "counted that it reaches over other products.",
            f"补上{chinese}受益面最大，直接和间接惠及{best['n_beneficiaries']}家企业。",
        )
    if len(longer):
        english, chinese = listed_names(longer["product"])
        sentences.add(
            f"Much of what goes into {english} is made here: the chain could lengthen there.",
            f"{chinese}所需投入品本地大多已有，可作延链方向。",
        )
    if len(key) and key["enterprises_hit"].iloc[0] > 0:
        english, chinese = listed_names([key["name"].iloc[0]])
        hit = int(key["enterprises_hit"].iloc[0])
        sentences.add(
            f"{english} is the hardest to replace: {counted(hit, 'enterprise')} would lack an input "
            "without it, as far as the ledger knows.",
            f"{chinese}最难替代，一旦迁出，据台账所记将波及{hit}家企业。",
        )
    if routes is not None and len(routes):
        (start, _), (end, _), (way, _) = (listed_names([name]) for name in (*ends, routes["path"].iloc[0]))
        free = int(routes["depends_on"].eq("").sum())
        sentences.add(
            f"From {start} to {end} the chain has {counted(len(routes), 'way')} (five at most are counted), "
            f"{free} of which no single enterprise's leaving would break; the strongest is {way}.",
            f"从{start}到{end}的供应路径有{len(routes)}条（至多计五条），其中{free}条不依赖独家企业；最强的是{way}。",
        )
    if len(clusters):
        english, chinese = listed_names([clusters["name"].iloc[0]])
        n = int(clusters["n_enterprises"].iloc[0])
        sentences.add(
            f"The largest of {counted(len(clusters), 'candidate cluster')} is {english}, "
            f"{counted(n, 'enterprise')}.",
            f"候选集群{len(clusters)}个，最大的是{chinese}，{n}家企业。",
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
        From ``without_each``, of the seeker; ``None`` leaves out the main evidence.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> found = pd.DataFrame({"seeker_id": ["E001"], "counterpart_id": ["E241"], "role": ["customer"]})
    >>> found = found.assign(rank=1, asked_share=0.58, calibration="uncalibrated")
    >>> print(introductions_text(load_liangjiang(), "E001", found, pd.DataFrame()).en.split("; ")[1])
    重庆华数机器人有限公司 should meet 赛力斯汽车有限公司 first. Outcomes of meetings are too few to say how probable a deal is.
    """  # noqa: E501 - one sentence of output
    sentences = Sentences()
    names = ledger.names()
    asked = introductions["asked_share"].gt(0).sum()
    english, chinese = listed_names([names.get(seeker)])
    mine = introductions[introductions["seeker_id"].eq(seeker)]
    mine = mine[mine["role"].eq("customer")] if mine["role"].eq("customer").any() else mine
    count = f"{counted(len(introductions), 'introduction')}, {asked:,} of them on an own demand"
    count_zh = f"共推荐对接{len(introductions)}对，其中{asked}对以本方诉求为据"
    if mine.empty:
        sentences.add(f"{count}; none for {english}.", f"{count_zh}；{chinese}暂无可推荐对象。")
        return sentences.text()
    first, first_zh = listed_names(mine.sort_values("rank")["counterpart_id"].map(names), 2)
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
            would, would_zh = listed_names([names.get(left.index[0])])
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
        From ``propose_salons``; ``None`` leaves out other salons.
    slots
        Slots of the timetable.
    focus
        Ids of enterprises that meet the seeker's wish or one of its counterparts'; left out where empty.
    compared
        From ``compare_guest_lists`` with the lists ``held`` and ``proposed``; left out where empty.
    """
    sentences = Sentences()
    names = ledger.names()
    if proposed is not None and len(proposed):
        best = proposed.sort_values("rank").iloc[0]
        english, chinese = listed_names([best["title_en"]])[0], listed_names([best["title"]])[1]
        sentences.add(
            f"Worth most by the scores: {english}.",
            f"按分值最值得办的是“{chinese}”。",
        )
        if best["missing"]:
            english, chinese = listed_names([best["missing_en"]])[0], listed_names([best["missing"]])[1]
            sentences.add(f"It lacks {english}.", f"尚缺：{chinese}。")
    english, chinese = listed_names([names.get(seeker)])
    met = pd.concat([meetings["a"], meetings["b"]])
    idle = len(set(plan.guests["enterprise_id"]) - set(met))
    with_it = meetings[meetings["a"].eq(seeker) | meetings["b"].eq(seeker)]
    with_it = with_it.sort_values("slot")
    partners = with_it["a"].where(with_it["a"].ne(seeker), with_it["b"]).map(names)
    partners_en, partners_zh = listed_names(partners)
    sentences.add(
        f"The salon for {english} has {counted(len(plan.guests), 'guest')} and "
        f"{counted(len(meetings), 'meeting')} in {counted(slots, 'slot')}; "
        f"it first meets {partners_en or 'nobody'}.",
        f"{chinese}专场邀请{len(plan.guests)}家，{slots}个时段共{len(meetings)}场对接，"
        f"先会见{partners_zh or '（无）'}。",
    )
    sentences.add(
        f"{counted(idle, 'guest is', 'guests are') if idle else 'Nobody is'} without a meeting.",
        f"{idle}家没有对接。" if idle else "每家至少一场对接。",
    )
    if focus:
        _add_focus(sentences, plan, focus)
    if "idle" in meetings.attrs:
        waits = int(meetings.attrs["idle"])
        sentences.add(
            f"Between their meetings the guests wait {counted(waits, 'slot')} in all.",
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


def _add_focus(sentences: Sentences, plan: SalonPlan, focus: Collection[str]) -> None:
    """Say how many of the guests meet the seeker's wish or its counterparts', and if that is under half."""
    n, met = len(plan.guests), int(plan.guests["enterprise_id"].isin(list(focus)).sum())
    few = 2 * met < n
    sentences.add(
        f"{met} of the {n} meet its wish or one of its counterparts'"
        + (", under half: not more who do can come." if few else "."),
        f"{n}家中有{met}家能满足其需求或其对接对象的需求"
        + ("，不足一半：能来的再没有更多。" if few else "。"),
    )


def _add_comparison(sentences: Sentences, ledger: Ledger, seeker: str, lists: pd.DataFrame) -> None:
    """Compare with those who came to the seeker's latest salon: the same tables, wishes met counted."""
    columns = ["n_guests", "wishes_met", "seeker_wishes_met"]
    held, proposed = lists.loc[["held", "proposed"], columns].astype(int).to_dict("records")
    rows = ledger.salons[ledger.salons["seeker_id"].eq(seeker)]
    invented = int(rows["is_synthetic"].fillna(value=False).astype(bool).sum())
    sentences.add(
        f"At the same tables the {held['n_guests']:,} of its last salon could meet "
        f"{counted(held['wishes_met'], 'wish', 'wishes')}, {proposed['n_guests']:,} of these guests "
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
