"""Arguments for public functions that take frames, made of a ledger that is small enough to be quick."""

import datetime as dt
import functools
from pathlib import Path

import pandas as pd
from helpers.small_ledger import frame, ledger

from liaison_analysis import demands, followup, introductions, plots, products, salons, supply_chain
from liaison_analysis.report import SalonTimes

ON = "2022-06-30"
DAYS = pd.to_datetime(["2022-01-10", "2022-02-10", "2022-03-10"])


@functools.cache
def whole():
    """A small ledger with rows in every table that a public function reads."""
    base = ledger()
    asked = base.demands.assign(
        owner=["经发局", "经发局", "商务局", None, "经发局", "交通局"],
        status=["settled", "assigned", "fed back", "collected", "solving", "collected"],
        assigned_on=pd.to_datetime(["2022-01-06", "2022-02-06", "2022-03-06", None, "2022-04-07", None]),
        settled_on=pd.to_datetime(["2022-02-01", None, "2022-03-20", None, None, None]),
        fed_back_on=pd.to_datetime([None, None, "2022-03-22", None, None, None]),
        in_remit=[True, True, False, True, True, False],
        kind=["市场", "供应", "供应", "供应", "供应", "停车"],
    )
    return ledger(
        demands=frame("demands", list(asked), list(asked.itertuples(index=False))),
        links=frame(
            "links",
            ["officer_id", "enterprise_id", "role"],
            [("O1", firm, "linked officer") for firm in "RVGWM"],
        ),
        visits=frame(
            "visits",
            ["visit_id", "officer_id", "enterprise_id", "visited_on"],
            [("B1", "O1", "R", "2022-01-05"), ("B2", "O1", "V", "2022-04-05")],
        ),
        policies=frame(
            "policies",
            ["clause_id", "policy", "article", "text", "valid_from", "valid_to", "benefit"],
            [
                ("P1", "稳岗办法", "第一条", "职工30人以上的企业给予稳岗补贴5万元，6月30日前申报。",
                 "2022-01-01", "2022-12-31", "补贴5万元"),
                ("P2", "停车办法", "第二条", "新建停车位的企业给予补贴。", "2022-01-01", None, "补贴"),
            ],
        ),
        projects=frame(
            "projects",
            ["project_id", "enterprise_id", "name", "stage", "milestone", "planned_on", "done_on"],
            [
                ("J1", "R", "扩产", "建设", "开工", "2022-02-01", "2022-02-03"),
                ("J1", "R", "扩产", "建设", "投产", "2022-05-01", None),
            ],
        ),
        salons=frame(
            "salons",
            ["salon_id", "held_on", "seeker_id", "counterpart_id", "met", "outcome"],
            [("S1", "2022-03-01", "R", "V", True, "talks"), ("S1", "2022-03-01", "R", "W", True, "none")],
        ),
    )  # fmt: skip


@functools.cache
def ranked():
    roles = ("customer", "supplier")
    return pd.concat(
        [introductions.rank_introductions(whole(), role=role) for role in roles], ignore_index=True
    )


@functools.cache
def plan():
    return salons.plan_salon(ranked(), capacity=4)


@functools.cache
def meetings():
    return salons.schedule_salon(plan(), 3, 2)


@functools.cache
def pairs():
    return salons.meeting_pairs(ranked())


@functools.cache
def themes():
    texts = [f"{what}{i}" for what in ("停车难车位不够", "招工难缺普工", "用电不稳要增容") for i in range(8)]
    return demands.DemandThemes(n_themes=3).fit(texts)


def _salon_files():
    times = SalonTimes("沙龙", dt.datetime(2022, 7, 1, 14, 0))  # noqa: DTZ001 - Chinese time
    return {"plan": plan(), "meetings": meetings(), "times": times, "names": whole().names()}


def _due():
    due = followup.check_limits(whole(), ON)
    return due[due["stage"].eq("close")]


def _monthly():
    return demands.theme_counts([0, 1, 0, 1], [*DAYS, DAYS[0]], names=["停车", "用工"])


def _plan_of_visits():
    return followup.plan_visits(whole(), "2022Q3", on=ON)


def _decisions():
    row = ("D2", pd.Timestamp("2022-06-01"), "协调", "商务局", pd.Timestamp("2022-06-20"))
    return pd.DataFrame([row], columns=["demand_id", "decided_on", "decision", "owner", "due_on"])


def _case():
    made = {"case_id": "D2", "demand_ids": "D2、D3", "enterprise_ids": "V、G", "matter": "缺货"}
    made["first_on"] = DAYS[1]
    return pd.Series(made)


#: Arguments of public functions that take frames, by the function's name.
CALLS = {
    "demands.find_mentions": lambda: {"texts": whole().demands, "ledger": whole()},
    "demands.read_requests": lambda: {"demands": whole().demands},
    "demands.rising_themes": lambda: {"counts": _monthly()},
    "demands.theme_map": lambda: {"themes": themes(), "before": demands.theme_map(themes())},
    "followup.case_story": lambda: {
        "ledger": whole(), "case": _case(), "on": ON, "decisions": _decisions(),
    },
    "followup.chances_by_limit": lambda: {"ledger": whole(), "on": ON, "due": _due()},
    "followup.check_limits": lambda: {
        "ledger": whole(), "on": ON, "limits": followup.limit_table(), "pauses": _pauses(),
    },
    "followup.closed_by": lambda: {"demands": whole().demands, "day": pd.Timestamp(ON)},
    "followup.has_settling_days": lambda: {"demands": whole().demands},
    "followup.meeting_papers": lambda: {"ledger": whole(), "on": ON, "decisions": _decisions()},
    "followup.officer_coverage": lambda: {"coverage": followup.visit_coverage(whole(), "2022Q2", on=ON)},
    "followup.settled_by": lambda: {"demands": whole().demands, "day": pd.Timestamp(ON)},
    "followup.write_lists": lambda: {
        "ledger": whole(), "on": ON, "path": "lists.xlsx", "tasks": followup.task_list(whole(), ON),
        "changes": followup.dispatch_sheet(whole(), None, ON),
    },
    "followup.write_visit_form": lambda: {
        "ledger": whole(), "on": ON, "plan": _plan_of_visits(), "path": "form.xlsx",
    },
    "introductions.asked_servers": lambda: {"around": _around(), "seeker_id": "R"},
    "introductions.fit_outcomes": lambda: {"salons": whole().salons, "introductions": ranked()},
    "introductions.introductions_around": lambda: {"introductions": ranked(), "seeker_id": "R"},
    "introductions.likely_suppliers": lambda: {
        "fields": _fields(), "supplies": pd.DataFrame({"supplier": ["G"], "customer": ["R"]}),
    },
    "introductions.pick_seeker": lambda: {"ledger": whole(), "introductions": ranked()},
    "introductions.rivals_of": lambda: {"around": _around(), "seeker_id": "R"},
    "introductions.salon_core": lambda: {"around": _around(), "seeker_id": "R"},
    "introductions.salon_funnel": lambda: {"salons": whole().salons},
    "introductions.top_counterparts": lambda: {"around": _around(), "seeker_id": "R"},
    "introductions.unanswered_requests": lambda: {
        "ledger": whole(), "introductions": ranked(), "requests": demands.read_requests(whole()),
    },
    "introductions.wish_circle": lambda: {"introductions": ranked(), "seeker_id": "R"},
    "introductions.rank_introductions": lambda: {
        "ledger": whole(), "requests": demands.read_requests(whole()),
    },
    "ledger.typed": lambda: {"table": "offers", "frame": whole().offers},
    "ledger.with_aliases": lambda: {
        "ledger": whole(), "aliases": pd.DataFrame({"enterprise_id": ["R"], "alias": ["甲"]}),
    },
    "ledger.write_review": lambda: {
        "review": _review(), "path": "review.xlsx", "enterprises": whole().enterprises,
    },
    "link_prediction.find_suppliers": lambda: {
        "offers": whole().offers, "products": ["谐波减速器"], "chain": whole().product_chain,
    },
    "names.credit_code_notes": lambda: {"enterprises": whole().enterprises},
    "plots.plot_backlog": lambda: {"months": followup.backlog(whole(), on=ON)},
    "plots.plot_bars": lambda: {"frame": whole().offers, "label": "product", "value": "weight"},
    "plots.plot_demands_by_month": lambda: {
        "ledger": whole(), "counts": plots.demands_by_month(whole()),
    },
    "plots.plot_introductions": lambda: {
        "introductions": ranked(), "ledger": whole(), "seeker_id": "R",
    },
    "plots.plot_late_projects": lambda: {"status": followup.project_status(whole(), ON)},
    "plots.plot_loop": lambda: {"steps": followup.loop_conformance(whole(), on=ON)},
    "plots.plot_rates": lambda: {"rates": followup.settlement(whole(), "town", on=ON), "label": "town"},
    "plots.plot_settling": lambda: {"curves": followup.settling_curves(whole(), on=ON)},
    "plots.plot_theme_map": lambda: {"places": demands.theme_map(themes())},
    "plots.plot_theme_months": lambda: {"monthly": _monthly()},
    "plots.plot_timetable": lambda: {"timetable": meetings(), "ledger": whole()},
    "plots.plot_visit_plan": lambda: {"plan": _plan_of_visits()},
    "policies.application_windows": lambda: {"policies": whole().policies},
    "policies.handbook_entries": lambda: {"policies": whole().policies},
    "policies.policy_calendar": lambda: {"policies": whole().policies},
    "policies.write_handbook": lambda: {"policies": whole().policies, "folder": "handbook"},
    "products.business_offers": lambda: {"enterprises": _with_business()},
    "products.product_table_problems": lambda: {"tables": products.product_tables()},
    "report.salon_calendar": lambda: {
        **{name: value for name, value in _salon_files().items() if name != "plan"}, "guest": "R",
    },
    "report.write_salon_calendars": lambda: {**_salon_files(), "folder": Path("calendars")},
    "report.write_salon_page": lambda: {**_salon_files(), "path": Path("salon.html")},
    "report.write_salon_workbook": lambda: {**_salon_files(), "path": Path("salon.xlsx")},
    "salons.combine_wishes": lambda: {
        "preferences": pd.DataFrame({"who": ["R"], "whom": ["V"], "wish": ["must"]}),
    },
    "salons.compare_guest_lists": lambda: {
        "introductions": ranked(), "lists": {"held": ["R", "V"], "now": ["R", "G"]}, "slots": 2, "tables": 2,
    },
    "salons.describe_guests": lambda: {"guests": plan().guests, "ledger": whole()},
    "salons.guest_timetable": lambda: {"meetings": meetings(), "guest": "R"},
    "salons.meeting_pairs": lambda: {"introductions": ranked()},
    "salons.plan_salon": lambda: {
        "introductions": ranked(), "capacity": 3, "profiles": whole().enterprises.set_index("enterprise_id"),
    },
    "salons.propose_salons": lambda: {"ledger": whole(), "introductions": ranked(), "n": 1, "capacity": 4},
    "salons.replan_meetings": lambda: {
        "timetable": meetings(), "pairs": pairs(), "slots": 3, "tables": 2, "no_shows": ["V"],
    },
    "salons.safe_promises": lambda: {"meetings": meetings(), "no_show": 0.2},
    "salons.schedule_meetings": lambda: {
        "pairs": pairs(), "slots": 3, "tables": 2, "locked": meetings()[["slot", "a", "b"]].head(1),
    },
    "salons.seat_tables": lambda: {"pairs": pairs(), "tables": 2, "seats": 3},
    "salons.worth_of_guests": lambda: {"introductions": ranked(), "guests": ["R", "V", "G"], "slots": 2},
    "supply_chain.asked_products": lambda: {
        "ledger": whole(), "intent": "supplier", "mentions": demands.demand_mentions(whole()),
    },
    "supply_chain.describe_clusters": lambda: {
        "ledger": whole(), "members": supply_chain.find_clusters(whole()), "smallest": 1,
    },
    "supply_chain.network": lambda: {
        "links": whole().product_chain, "source": "upstream", "target": "downstream",
    },
}  # fmt: skip


def _around():
    return introductions.introductions_around(ranked(), "R")


def _pauses():
    days = pd.to_datetime(["2022-03-01"])
    return pd.DataFrame({"demand_id": ["D2"], "paused_on": days, "resumed_on": days + pd.Timedelta(days=5)})


def _fields():
    rows = [("R", "工业机器人制造"), ("G", "谐波减速器制造"), ("M", "伺服电机制造")]
    return pd.DataFrame(rows, columns=["firm", "field"])


def _with_business():
    return pd.DataFrame({"enterprise_id": ["G"], "main_business": ["谐波减速器"]})


def _review():
    row = {
        "written": "甲",
        "candidates": "R 甲机器人 (0.5)",
        "status": "ambiguous",
        "why": "",
        "sheet": "诉求",
    }
    return pd.DataFrame([row | {"row": 2}])
