"""Build the sample ledger ``data/liangjiang/`` from the hand-written ``data/sources/``.

Run ``python data/build_liangjiang.py``; the same sources give the same bytes. What the 2022 account states
is fixed here as a constant or a row of ``STATED``; everything else is drawn with one seed and marked
``is_synthetic``. ``data/liangjiang/README.md`` lists which is which.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from build_policies import write_documents

from liaison_analysis.ledger import Ledger, typed, write_ledger
from liaison_analysis.policies import read_policies

HERE: Final = Path(__file__).parent
OUT: Final = HERE / "liangjiang"
SEED: Final = 2022
# Written by hand in the folder itself.
KEPT: Final = ["README.md", "policies/questions.csv"]

N_VISITED, N_DEMANDS, N_IN_REMIT, N_SETTLED, N_LARGEST = 240, 476, 309, 198, 36
SERES_WORKERS: Final = 2500  # "from about 500 to about 2,500"
N_SPEED_UP, N_PREPARATION, N_PRESENT = 18, 13, 19
YEAR_END: Final = pd.Timestamp("2022-12-31")

ACCOUNT: Final = "2022年情况介绍"
# Real organisations: id, name, short name, town, category, products. Only what the account says of them;
# the towns of E001 and E002 are those under which public reports place them, Seres' is that of its plant.
STATED: Final = [
    ("E001", "重庆华数机器人有限公司", "华数机器人", "水土", None,
     "工业机器人 打磨机器人 装配机器人 焊接机器人"),
    ("E002", "重庆两航金属材料有限公司", "两航金属", "龙兴", None, "钛合金精密铸件 高温合金铸件"),
    ("E241", "赛力斯汽车有限公司", "赛力斯", "鱼复", None, "新能源乘用车"),
    ("E242", "睿蓝汽车科技有限公司", "睿蓝汽车", None, None, "新能源乘用车"),
    ("E243", "招商银行股份有限公司重庆分行", "招商银行重庆分行", None, "金融机构", "银行授信"),
    ("E244", "国家机器人质量检验检测中心", "国家机器人质检中心", None, "检测机构", "机器人检测认证"),
    ("E245", "富士康", None, None, None, ""),
    ("E246", "惠普", None, None, None, ""),
    ("E247", "仁宝", None, None, None, ""),
    ("E248", "京东方", None, None, None, ""),
    ("E249", "西北工业大学重庆科创中心", "西工大重庆科创中心", None, "科研院所", ""),
    ("E250", "赣锋锂电科技产业园", None, None, None, ""),
    ("E251", "三一重庆", None, None, None, ""),
    ("E252", "锐石创芯", None, None, None, ""),
    ("E253", "两江大地生命科技园", None, None, None, ""),
    ("E254", "沪光汽车线束", None, None, None, "汽车线束"),
]  # fmt: skip
HUASHU, LIANGHANG, SERES = "E001", "E002", "E241"
# Written as an enterprise, but not visited: known as an organisation that can help, as E243 and E244 are.
NOT_VISITED: Final = "E176"
# Stated owners; all other demands have a department by their theme.
HANDLED_BY: Final = {LIANGHANG: "龙兴公司", SERES: "两江鱼复公司"}
# Drawn from before the demands were written for their enterprises; what is drawn later stays what it was.
DRAWS_BEFORE_DEMANDS: Final = 946
HUASHU_CUSTOMERS: Final = ["E245", "E246", "E247", "E248"]
NAMED_PROJECTS: Final = ["E249", "E250", "E251", "E252", "E253", "E254"]
PRESENT_STATED: Final = ["E241", "E242", "E243", "E244"]
HUASHU_DEMAND: Final = (
    "我们在3C电子行业的打磨、装配、焊接应用已经成熟，想往汽车行业走，请帮忙对接本地整车企业，"
    "看产线上能不能用我们的机器人。"
)
# Themes that the group of a park itself can act on, and how often a demand of the theme is in its remit.
REMIT_ODDS: Final = {
    "停车与充电": 6, "道路与物流": 3, "用电用水用气": 3, "厂房改造与设备安装": 8, "技改与产业政策": 1.5,
    "融资": 1, "招工与培训": 2, "子女入学": 0.4, "住房与生活配套": 4, "市场开拓与上下游对接": 8,
    "检测与技术合作": 4, "手续办理": 2, "环保与安全": 1, "通信与数字化": 2,
}  # fmt: skip
OWNERS: Final = {
    "停车与充电": "园区运营部", "道路与物流": "建设管理部", "用电用水用气": "园区运营部",
    "厂房改造与设备安装": "建设管理部", "技改与产业政策": "产业促进部", "融资": "财务金融部",
    "招工与培训": "企业服务部", "子女入学": "企业服务部", "住房与生活配套": "园区运营部",
    "市场开拓与上下游对接": "产业促进部", "检测与技术合作": "产业促进部", "手续办理": "企业服务部",
    "环保与安全": "安全环保部", "通信与数字化": "园区运营部",
}  # fmt: skip
TEAM: Final = {
    "linked officer": ("G", 24),
    "park officer": ("Y", 12),
    "service specialist": ("F", 16),
    "party-building instructor": ("D", 8),
}


def read(name: str) -> pd.DataFrame:
    """One hand-written source, all text."""
    return pd.read_csv(HERE / "sources" / name, dtype="str", keep_default_na=False, encoding="utf-8")


def build_enterprises() -> pd.DataFrame:
    """List the visited, then those who are known besides; ``chain`` and ``products`` serve later steps."""
    written = read("enterprises.csv")
    assert len(written) == N_VISITED - 2, len(written)  # noqa: S101 - a build script stops on a wrong source
    written["enterprise_id"] = [f"E{i:03d}" for i in range(3, N_VISITED + 1)]
    written["uscc"] = [f"SYNTHETIC-{i:08d}" for i in range(3, N_VISITED + 1)]
    written["is_synthetic"] = True
    stated = pd.DataFrame(STATED, columns=["enterprise_id", "name", "short", "town", "category", "products"])
    stated["is_synthetic"] = False
    both = pd.concat([stated[:2], written, stated[2:]], ignore_index=True)
    both["headcount"] = pd.to_numeric(both["headcount"]).astype("Int64")
    both.loc[both["enterprise_id"].eq(SERES), "headcount"] = SERES_WORKERS
    both.loc[both["enterprise_id"].eq(NOT_VISITED), "town"] = None
    return both


def build_offers(enterprises: pd.DataFrame) -> pd.DataFrame:
    """One row a product that an enterprise makes."""
    rows: list[tuple[object, ...]] = []
    for firm in enterprises.to_dict("records"):
        if firm["is_synthetic"]:
            for item in firm["offers"].split(";"):
                product, weight = item.rsplit(":", 1)
                rows.append((firm["enterprise_id"], product.strip(), float(weight), None, True))
        else:
            rows += [(firm["enterprise_id"], p, None, ACCOUNT, False) for p in firm["products"].split()]
    return pd.DataFrame(rows, columns=["enterprise_id", "product", "weight", "evidence", "is_synthetic"])


def build_supplies(offers: pd.DataFrame, chain: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Huashu's stated customers, and synthetic trade along the chain between synthetic enterprises."""
    made = offers[offers["is_synthetic"]]
    goods = chain[chain["relation"].isin(["material", "part"])]
    could = (
        made.merge(goods, left_on="product", right_on="upstream")
        .merge(made, left_on="downstream", right_on="product", suffixes=("", "_of_customer"))
        .query("enterprise_id != enterprise_id_of_customer")
        .drop_duplicates(["enterprise_id", "enterprise_id_of_customer", "product"])
        .sort_values(["enterprise_id", "enterprise_id_of_customer", "product"])
    )
    drawn = could.iloc[np.sort(rng.choice(len(could), size=min(150, len(could) // 4), replace=False))]
    days = pd.Timestamp("2017-01-01") + pd.to_timedelta(rng.integers(0, 1800, len(drawn)), unit="D")
    synthetic = pd.DataFrame(
        {
            "supplier_id": drawn["enterprise_id"].to_numpy(),
            "customer_id": drawn["enterprise_id_of_customer"].to_numpy(),
            "product": drawn["product"].to_numpy(),
            "since": days,
            "source": "合成",
            "is_synthetic": True,
        }
    )
    stated = pd.DataFrame(
        {
            "supplier_id": HUASHU,
            "customer_id": HUASHU_CUSTOMERS,
            "product": "工业机器人",
            "since": pd.NaT,
            "source": ACCOUNT,
            "is_synthetic": False,
        }
    )
    return pd.concat([stated, synthetic.astype({"since": "datetime64[s]"})], ignore_index=True)


def read_texts(enterprises: pd.DataFrame) -> pd.DataFrame:
    """Give the written demands, each beside the enterprise it was written for, and Huashu's."""
    texts = pd.concat([read(f"demands_{i}.csv") for i in range(1, 5)], ignore_index=True)
    assert len(texts) == N_DEMANDS - 1, len(texts)  # noqa: S101 - a build script stops on a wrong source
    huashu = {
        "theme": "市场开拓与上下游对接", "text": HUASHU_DEMAND, "enterprise_id": HUASHU, "stated": "1",
        "assumed": "提出日期、是否职责范围内",
    }  # fmt: skip
    texts = pd.concat([texts, pd.DataFrame([huashu])], ignore_index=True).fillna("")
    real = enterprises.loc[~enterprises["is_synthetic"].astype(bool), "enterprise_id"]
    # A real enterprise has no invented demand, but for the 36 whose number alone is stated.
    meant = texts["stated"].eq("1") | texts["enterprise_id"].eq(LIANGHANG)
    assert texts["enterprise_id"].isin(real).equals(meant)  # noqa: S101 - as above
    return texts


def build_demands(texts: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Dates, remit and status around the texts; the margins are exact."""
    n = len(texts)
    # More demands follow the visits of spring and autumn.
    months = rng.choice(np.arange(1, 13), size=n, p=np.array([3, 3, 8, 10, 9, 8, 8, 8, 12, 11, 11, 9]) / 100)
    raised = pd.to_datetime({"year": 2022, "month": months, "day": rng.integers(1, 28, n)})
    # Gumbel noise on log odds draws an exact number without replacement.
    odds = np.log(texts["theme"].map(REMIT_ODDS).to_numpy(float)) + rng.gumbel(size=n)
    # A salon by the group answered Huashu, so its demand was in the remit; nothing says it was settled.
    huashu = texts["text"].eq(HUASHU_DEMAND).to_numpy()
    odds[huashu] = np.inf
    in_remit = np.zeros(n, dtype=bool)
    in_remit[np.argsort(-odds)[:N_IN_REMIT]] = True
    assigned = raised + pd.to_timedelta(rng.geometric(0.35, n) - 1, unit="D")
    taken = np.ceil(rng.lognormal(np.log(55), 0.75, n)).astype(int)
    settled = assigned + pd.to_timedelta(taken, unit="D")
    # 198 of those whose time runs out within the year; the rest are open at its end.
    in_time = np.flatnonzero(in_remit & ~huashu & (settled <= YEAR_END).to_numpy())
    closed = np.zeros(n, dtype=bool)
    closed[rng.choice(in_time, N_SETTLED, replace=False)] = True
    fed_back = settled + pd.to_timedelta(rng.integers(1, 15, n), unit="D")
    outcome = closed & (fed_back <= YEAR_END).to_numpy() & (rng.random(n) < 0.85)
    waiting = rng.choice(["collected", "assigned", "solving"], size=n, p=[0.1, 0.3, 0.6])
    status = np.where(outcome, "fed back", np.where(closed, "settled", waiting))
    frame = pd.DataFrame(
        {
            "enterprise_id": texts["enterprise_id"],
            "raised_on": raised,
            "text": texts["text"],
            "in_remit": in_remit,
            "owner": texts["theme"].map(OWNERS),
            "status": status,
            "assigned_on": assigned.where(status != "collected"),
            "settled_on": settled.where(closed),
            "fed_back_on": fed_back.where(outcome),
            "satisfied": pd.Series(rng.random(n) < 0.94, dtype="boolean").where(outcome),
            "reopened": pd.Series(rng.random(n) < 0.04, dtype="boolean").where(closed),
            "is_synthetic": texts["stated"].ne("1"),
            "theme": texts["theme"],
            "second_theme": texts["second_theme"].replace("", None),
            "result": texts["result"].replace("", None),
            "assumed": texts["assumed"].replace("", None),
        }
    )
    frame["owner"] = texts["enterprise_id"].map(HANDLED_BY).fillna(frame["owner"])
    # Mid-June is stated of Huashu's question about policy; how either of its demands was handled is not.
    of_huashu = texts["enterprise_id"].eq(HUASHU).to_numpy()
    frame.loc[of_huashu, ["owner", "status", "assigned_on", "reopened", "satisfied"]] = None
    frame.loc[of_huashu, "raised_on"] = pd.Timestamp("2022-06-15")
    # Seres' parking and road were seen to: settled. Whether it was asked afterwards is not stated.
    of_seres = texts["enterprise_id"].eq(SERES).to_numpy()
    frame.loc[of_seres, ["reopened", "satisfied"]] = None
    frame = frame.sort_values(["raised_on", "text"], kind="stable", ignore_index=True)
    assert huashu.sum() == 1  # noqa: S101 - a build script stops on a wrong source
    frame.insert(0, "demand_id", [f"D{i:03d}" for i in range(1, n + 1)])
    return frame


def build_links(visited: pd.Series, rng: np.random.Generator) -> pd.DataFrame:
    """One linked officer and a team of three for every visited enterprise."""
    rows = []
    for role, (letter, size) in TEAM.items():
        for i, firm in enumerate(rng.permutation(visited.to_numpy())):
            rows.append((f"{letter}{i % size + 1:02d}", firm, role, True))
    frame = pd.DataFrame(rows, columns=["officer_id", "enterprise_id", "role", "is_synthetic"])
    return frame.sort_values(["enterprise_id", "role", "officer_id"], ignore_index=True)


def build_visits(
    links: pd.DataFrame, visited: pd.Series, demands: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """One visit a quarter is due; some are missed, but nobody is left out for the whole year."""
    rows = []
    linked = links.loc[links["role"].eq("linked officer")].set_index("enterprise_id")["officer_id"]
    for firm, officer in linked[visited].items():
        kept = rng.random(4) < (0.72, 0.80, 0.84, 0.78)
        if not kept.any():
            kept[int(rng.integers(0, 4))] = True
        for quarter in np.flatnonzero(kept):
            day = pd.Timestamp(2022, 3 * int(quarter) + 1, 1) + pd.Timedelta(days=int(rng.integers(0, 88)))
            rows.append((officer, firm, day))
    # Every demand was collected on a visit.
    officer_of: dict[Any, Any] = linked.to_dict()
    raised = zip(demands["enterprise_id"], demands["raised_on"], strict=True)
    rows += [(officer_of[firm], firm, day) for firm, day in raised]
    frame = pd.DataFrame(rows, columns=["officer_id", "enterprise_id", "visited_on"]).drop_duplicates()
    frame = frame.sort_values(["visited_on", "enterprise_id"], ignore_index=True)
    frame.insert(0, "visit_id", [f"V{i:04d}" for i in range(1, len(frame) + 1)])
    frame["is_synthetic"] = True
    return frame


def build_projects(enterprises: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """18 projects to speed up and 13 in preparation, of synthetic enterprises, with their milestones.

    Beside them the six that are named, of which the account tells neither list nor milestones.
    """
    firms = enterprises.query("is_synthetic & headcount > 60")
    firms = firms.iloc[np.sort(rng.choice(len(firms), N_SPEED_UP + N_PREPARATION, replace=False))]
    stages = rng.permutation(["加快推进"] * N_SPEED_UP + ["前期准备"] * N_PREPARATION)
    rows = []
    for i, (firm, stage) in enumerate(zip(firms.to_dict("records"), stages, strict=True), start=1):
        product = firm["offers"].split(";")[0].rsplit(":", 1)[0]
        start = pd.Timestamp("2021-10-01" if stage == "加快推进" else "2022-07-01")
        planned = start + pd.Timedelta(days=int(rng.integers(0, 120)))
        for milestone in ("签约", "开工", "主体完工", "设备进场", "投产"):
            slip = int(max(0, rng.normal(25, 40)))
            done = planned + pd.Timedelta(days=slip)
            happened = done <= YEAR_END and not (stage == "前期准备" and milestone != "签约")
            name = f"{product}{'扩产' if i % 2 else '生产基地'}项目"
            dates = planned, done if happened else pd.NaT
            rows.append((f"P{i:02d}", firm["enterprise_id"], name, stage, milestone, *dates))
            planned += pd.Timedelta(days=int(rng.integers(60, 180)))
    columns = ["project_id", "enterprise_id", "name", "stage", "milestone", "planned_on", "done_on"]
    drawn = pd.DataFrame(rows, columns=columns).assign(is_synthetic=True)
    named = enterprises.loc[enterprises["enterprise_id"].isin(NAMED_PROJECTS), ["enterprise_id", "name"]]
    ids = [f"P{i:02d}" for i in range(N_SPEED_UP + N_PREPARATION + 1, len(rows))][: len(named)]
    stated = named.assign(project_id=ids, name=named["name"] + "项目", is_synthetic=False)
    return pd.concat([drawn, stated], ignore_index=True)


def build_salons(enterprises: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Draw up the stated salon: Huashu, those present by name, and synthetic others up to nearly twenty.

    What came of it is not in the account, and inventing it would be a claim about Huashu.
    """
    invented = enterprises[enterprises["is_synthetic"].astype(bool)]
    trades = invented.loc[invented["chain"].isin(["机器人与智能装备", "汽车"]), "enterprise_id"]
    others = np.sort(rng.choice(trades.to_numpy(), N_PRESENT - 5, replace=False))
    stated = pd.DataFrame({"counterpart_id": PRESENT_STATED, "is_synthetic": False})
    drawn = pd.DataFrame({"counterpart_id": others, "is_synthetic": True})
    both = pd.concat([stated, drawn], ignore_index=True)
    return both.assign(salon_id="S01", seeker_id=HUASHU)


def build(policies: Path) -> Ledger:
    """Whole sample ledger, its margins checked; clauses are read out of a folder of documents."""
    rng = np.random.default_rng(SEED)
    enterprises = build_enterprises()
    offers = build_offers(enterprises)
    chain = read("product_chain.csv").assign(source="通用工程知识", is_synthetic=False)
    products = set(chain["upstream"]) | set(chain["downstream"])
    assert set(offers["product"]) <= products, set(offers["product"]) - products  # noqa: S101 - as above
    rng.bit_generator.advance(DRAWS_BEFORE_DEMANDS)  # type: ignore[attr-defined]
    demands = build_demands(read_texts(enterprises), rng)
    # Seres stands in the place of the one that was not visited, so that the others' draws stay theirs.
    visited = enterprises["enterprise_id"][:N_VISITED].replace(NOT_VISITED, SERES)
    links = build_links(visited, rng)
    stated = enterprises[enterprises["short"].notna()]
    aliases = stated[["enterprise_id"]].assign(alias=stated["short"], is_synthetic=False)
    tables = {
        "enterprises": enterprises.drop(columns=["chain", "offers", "products", "short"]),
        "aliases": aliases,
        "offers": offers,
        "product_chain": chain,
        "supplies": build_supplies(offers, chain, rng),
        "demands": demands,
        "links": links,
        "visits": build_visits(links, visited, demands, rng),
        "policies": build_policies(policies),
        "projects": build_projects(enterprises, rng),
        "salons": build_salons(enterprises, rng),
    }
    frames: dict[str, Any] = {name: typed(name, frame) for name, frame in tables.items()}
    ledger = Ledger(**frames, source="liangjiang")
    check_margins(ledger)
    return ledger


def build_policies(folder: Path) -> pd.DataFrame:
    """Read the clauses the way a user would; where a clause stands in its file is left to the reader."""
    clauses = read_policies(folder, towns=["鱼复", "水土", "龙兴"])
    return clauses.drop(columns=["chapter", "file", "place"]).assign(is_synthetic=True)


def check_margins(ledger: Ledger) -> None:
    """Stop if a stated figure is not met exactly."""
    demands = ledger.demands
    settled = demands["settled_on"].notna()
    found = {
        "visited": ledger.enterprises["town"].notna().sum(),
        "visited at least once": ledger.visits["enterprise_id"].nunique(),
        "towns": ledger.enterprises["town"].nunique(),
        "demands": len(demands),
        "in remit": demands["in_remit"].sum(),
        "settled in remit": (settled & demands["in_remit"]).sum(),
        "settled": settled.sum(),
        "largest": demands["enterprise_id"].value_counts().max(),
        "speed up": ledger.projects.query("stage == '加快推进'")["project_id"].nunique(),
        "in preparation": ledger.projects.query("stage == '前期准备'")["project_id"].nunique(),
        "present": len(ledger.salons) + 1,
    }
    stated = [240, 240, 3, 476, 309, 198, 198, 36, 18, 13, 19]
    wrong = {k: (int(v), s) for (k, v), s in zip(found.items(), stated, strict=True) if int(v) != s}
    if wrong:
        raise SystemExit(f"margins differ (found, stated): {wrong}")


def write(out: Path = OUT) -> Ledger:
    """Build the ledger into a folder, replacing what was there but what is written by hand."""
    kept = {name: (out / name).read_bytes() for name in KEPT if (out / name).exists()}
    with tempfile.TemporaryDirectory() as folder:
        documents = Path(folder) / "policies"
        write_documents(documents)
        built = build(documents)
        shutil.rmtree(out, ignore_errors=True)
        write_ledger(built, out)
        shutil.copytree(documents, out / "policies")
    for name, content in kept.items():
        (out / name).write_bytes(content)
    return built


if __name__ == "__main__":
    print(write())
