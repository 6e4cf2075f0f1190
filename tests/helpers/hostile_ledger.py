"""A ledger with every table, whose names and texts attack whatever displays them."""

import pandas as pd
from helpers.small_ledger import frame, ledger

NAME = "甲公司https://evil.example\n- 乙\u202e厂</script><script>window.hit=1</script>"
TEXT = "想认识主机厂，把工业机器人卖进去<img src=x onerror='window.hit=2'>=1+1"


def hostile_ledger():
    """Five enterprises; demands over three months, visits, projects, policies."""
    source = ledger()
    enterprises = source.enterprises.copy()
    enterprises.loc[0, "name"] = NAME
    many = pd.concat([source.demands] * 5, ignore_index=True)
    many = many.assign(
        demand_id=[f"D{i:02}" for i in range(len(many))],
        text=[f"{text}，第{i}次" for i, text in enumerate(many["text"])],
        owner=["=产业部", "@服务部"] * (len(many) // 2),
        status=["collected", "settled", "solving"] * (len(many) // 3),
        in_remit=[True, False] * (len(many) // 2),
    )
    many.loc[0, "text"] = TEXT
    many.loc[[24, 27], "owner"] = None  # collected, and nobody knows for whom
    settled = many["status"].eq("settled")
    many.loc[settled, "settled_on"] = many.loc[settled, "raised_on"] + pd.Timedelta(days=9)
    links = frame(
        "links",
        ["officer_id", "enterprise_id", "role"],
        [("G1", firm, "linked officer") for firm in enterprises["enterprise_id"]],
    )
    visits = frame(
        "visits", ["visit_id", "officer_id", "enterprise_id", "visited_on"], [("V1", "G1", "R", "2022-04-06")]
    )
    projects = frame(
        "projects",
        ["project_id", "enterprise_id", "name", "stage", "milestone", "planned_on", "done_on"],
        [("P1", "R", NAME, "建设", "开工", "2022-03-01", None)],
    )
    policies = frame(
        "policies",
        ["clause_id", "policy", "article", "text", "town"],
        [("c1", f"办法{NAME}", "第一条", "购置设备的，按设备投资的百分之十给予补助。", "水土")],
    )
    return ledger(
        enterprises=enterprises,
        demands=many,
        links=links,
        visits=visits,
        projects=projects,
        policies=policies,
    )
