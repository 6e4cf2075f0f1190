"""The sample ledger: its stated margins, what it says of real organisations, and that it can be rebuilt."""

import filecmp
import importlib.util
from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from liaison_analysis import find_mentions, load_liangjiang, read_ledger
from liaison_analysis.introductions.ranking import rank_introductions
from liaison_analysis.ledger.datasets import shipped
from liaison_analysis.supply_chain.gaps import chain_gaps
from liaison_analysis.supply_chain.graph import build_supply_graph

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "data" / "liangjiang"
COMPANY_NAMES = ROOT.parent / "shared" / "data" / "company_names"

# Every row of a real organisation, and nothing else about it: name, town, category.
REAL = {
    "E001": ("重庆华数机器人有限公司", "水土", None),
    "E002": ("重庆两航金属材料有限公司", "龙兴", None),
    "E241": ("赛力斯汽车有限公司", "鱼复", None),
    "E242": ("睿蓝汽车科技有限公司", None, None),
    "E243": ("招商银行股份有限公司重庆分行", None, "金融机构"),
    "E244": ("国家机器人质量检验检测中心", None, "检测机构"),
    "E245": ("富士康", None, None),
    "E246": ("惠普", None, None),
    "E247": ("仁宝", None, None),
    "E248": ("京东方", None, None),
    "E249": ("西北工业大学重庆科创中心", None, "科研院所"),
    "E250": ("赣锋锂电科技产业园", None, None),
    "E251": ("三一重庆", None, None),
    "E252": ("锐石创芯", None, None),
    "E253": ("两江大地生命科技园", None, None),
    "E254": ("沪光汽车线束", None, None),
}
REAL_OFFERS = {
    "E001": {"工业机器人", "打磨机器人", "装配机器人", "焊接机器人"},
    "E002": {"钛合金精密铸件", "高温合金铸件"},
    "E241": {"新能源乘用车"},
    "E242": {"新能源乘用车"},
    "E243": {"银行授信"},
    "E244": {"机器人检测认证"},
    "E254": {"汽车线束"},
}


@pytest.fixture(scope="module")
def ledger():
    return load_liangjiang()


def plain(frame: pd.DataFrame) -> list[list]:
    return frame.astype(object).where(frame.notna(), None).to_numpy().tolist()


def test_margins_of_the_account(ledger):
    visited = ledger.enterprises.dropna(subset=["town"])
    assert len(visited) == 240
    assert set(visited["town"]) == {"鱼复", "水土", "龙兴"}
    assert visited["town"].value_counts().min() > 40
    assert set(ledger.visits["enterprise_id"]) == set(visited["enterprise_id"])
    demands = ledger.demands
    assert len(demands) == 476
    assert demands["in_remit"].sum() == 309
    closed = demands["status"].isin(["settled", "fed back"])
    assert closed.equals(demands["settled_on"].notna())
    assert closed.sum() == 198
    assert demands.loc[closed, "in_remit"].all()
    matching = demands["enterprise_id"].value_counts()
    assert (matching.iloc[0], matching.index[0]) == (36, "E002")
    assert matching.iloc[1] < 12
    assert set(demands["enterprise_id"]) <= set(visited["enterprise_id"])
    stages = ledger.projects.drop_duplicates("project_id")["stage"].value_counts()
    assert stages.to_dict() == {"加快推进": 18, "前期准备": 13}


def test_named_projects_carry_their_names_alone(ledger):
    named = ledger.projects[ledger.projects["enterprise_id"].isin(REAL)]
    assert named["name"].tolist() == [f"{REAL[f'E{i}'][0]}项目" for i in range(249, 255)]
    assert not named["is_synthetic"].any()
    assert named[["stage", "milestone", "planned_on", "done_on"]].isna().all(axis=None)
    assert ledger.projects.loc[~ledger.projects["enterprise_id"].isin(REAL), "is_synthetic"].all()


def test_what_no_table_can_hold_stands_in_the_readme():
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    table = readme.split("## What the 2022 account states")[1].split("Real organisations")[0]
    figures = {
        line.split("|")[1].strip(): line.split("|")[2].strip() for line in table.splitlines()[4:] if line
    }
    assert figures["policy briefings"] == "160"
    assert figures["policy handbook"].startswith("70,000 characters")
    assert figures["dispatch meeting"] == "every month"
    assert figures["lists"] == "three"
    assert figures["visits due"] == "at least one a quarter"
    assert figures["officers"] == "teams of 1+3, dual officers"
    assert figures["loop"] == "收集—解决—落实—反馈"
    assert "whoever is asked first sees to it | 首问负责制" in table


def test_dates_and_states_agree(ledger):
    demands = ledger.demands
    assert demands["raised_on"].between("2022-01-01", "2022-12-31").all()
    assert demands["settled_on"].max() <= pd.Timestamp("2022-12-31")
    assert demands["fed_back_on"].notna().equals(demands["status"].eq("fed back"))
    assert demands["satisfied"].notna().equals(demands["status"].eq("fed back"))
    assert demands.loc[demands["status"].eq("collected"), "assigned_on"].isna().all()
    # An officer was there on the day a demand was raised.
    keys = ["enterprise_id", "visited_on"]
    days = demands.rename(columns={"raised_on": "visited_on"})[keys].merge(
        ledger.visits[keys].drop_duplicates()
    )
    assert len(days) == len(demands)


def test_every_visited_enterprise_has_its_team(ledger):
    team = ledger.links.groupby("enterprise_id")["role"].agg(sorted)
    roles = sorted(["linked officer", "park officer", "service specialist", "party-building instructor"])
    assert len(team) == 240
    assert team.map(lambda found: found == roles).all()
    linked = ledger.links[ledger.links["role"].eq("linked officer")].set_index("enterprise_id")["officer_id"]
    assert ledger.visits["officer_id"].eq(ledger.visits["enterprise_id"].map(linked)).all()


def test_demand_texts_are_sentences_of_their_own(ledger):
    texts = ledger.demands["text"]
    assert texts.str.len().between(8, 120).all(), texts[~texts.str.len().between(8, 120)].tolist()
    grams = CountVectorizer(analyzer="char", ngram_range=(2, 2)).fit_transform(texts)
    alike = normalize(grams.astype(float))
    cosine = (alike @ alike.T).toarray()
    np.fill_diagonal(cosine, 0)
    i, j = np.unravel_index(cosine.argmax(), cosine.shape)
    assert cosine[i, j] < 0.8, f"{cosine[i, j]:.3f}: {texts[i]} | {texts[j]}"
    # No template: no six characters open more than three texts.
    assert texts.str[:6].value_counts().max() <= 3


def test_themes_are_there_for_evaluation_only(ledger):
    themes = ledger.demands["theme"]
    assert themes.notna().all()
    assert 12 <= themes.nunique() <= 18
    assert themes.value_counts().min() >= 8
    second = ledger.demands["second_theme"].dropna()
    assert len(second) >= 20
    assert set(second) <= set(themes)
    assert not (ledger.demands["theme"] == ledger.demands["second_theme"]).any()


def test_the_library_never_reads_the_themes(ledger):
    blind = replace(ledger, demands=ledger.demands.drop(columns=["theme", "second_theme"]))
    assert find_mentions(blind.demands["text"], blind).equals(find_mentions(ledger.demands["text"], ledger))
    assert chain_gaps(blind).equals(chain_gaps(ledger))
    assert rank_introductions(blind).equals(rank_introductions(ledger))
    one, two = build_supply_graph(blind), build_supply_graph(ledger)
    assert nx.utils.graphs_equal(one, two)


def test_every_table_says_what_is_synthetic(ledger):
    for name, table in ledger.tables.items():
        assert table["is_synthetic"].notna().all(), name
        # The sample calls its products what its own chain calls them, and has the packaged themes and limits.
        assert len(table) > 0 or name in {"synonyms", "themes", "limits", "pauses"}, name
    firms = ledger.enterprises
    assert set(firms.loc[~firms["is_synthetic"], "enterprise_id"]) == set(REAL)
    # Rows that are not synthetic concern real organisations only, or are general knowledge.
    for name, columns in {
        "aliases": ["enterprise_id"],
        "offers": ["enterprise_id"],
        "supplies": ["supplier_id", "customer_id"],
        "demands": ["enterprise_id"],
        "salons": ["seeker_id", "counterpart_id"],
        "projects": ["enterprise_id"],
    }.items():
        table = ledger.tables[name]
        for column in columns:
            assert table.loc[~table["is_synthetic"], column].isin(REAL).all(), (name, column)
    for name in ("links", "visits", "policies"):
        assert ledger.tables[name]["is_synthetic"].all()
    assert set(ledger.product_chain["source"]) == {"通用工程知识"}
    assert not ledger.product_chain["is_synthetic"].any()


def test_real_organisations_carry_only_what_is_stated(ledger):
    firms = ledger.enterprises[ledger.enterprises["enterprise_id"].isin(REAL)]
    columns = ["enterprise_id", "name", "town", "category"]
    assert plain(firms[columns]) == [[i, *values] for i, values in REAL.items()]
    assert firms[["uscc", "industry_code"]].isna().all(axis=None)
    assert firms.set_index("enterprise_id")["headcount"].dropna().to_dict() == {"E241": 2500}
    offers = ledger.offers[ledger.offers["enterprise_id"].isin(REAL)]
    assert offers.groupby("enterprise_id")["product"].agg(set).to_dict() == REAL_OFFERS
    assert offers["weight"].isna().all()
    assert set(offers["evidence"]) == {"2022年情况介绍"}
    trade = ledger.supplies
    trade = trade[trade["supplier_id"].isin(REAL) | trade["customer_id"].isin(REAL)]
    assert plain(trade[["supplier_id", "customer_id", "product", "since", "is_synthetic"]]) == [
        ["E001", f"E{i}", "工业机器人", None, False] for i in (245, 246, 247, 248)
    ]
    assert set(ledger.aliases["enterprise_id"]) <= set(REAL)


def test_demands_of_real_enterprises(ledger):
    mine = ledger.demands[ledger.demands["enterprise_id"].isin(REAL)]
    assert mine["enterprise_id"].value_counts().to_dict() == {"E002": 36, "E001": 2, "E241": 2}
    # The wording of the 36 is invented and says so; the other four are stated.
    assert mine["is_synthetic"].equals(mine["enterprise_id"].eq("E002").astype("boolean"))
    # What of a stated row is assumed all the same stands beside it.
    assert mine["assumed"].notna().equals(mine["enterprise_id"].ne("E002"))
    assert ledger.demands.loc[ledger.demands["is_synthetic"], ["assumed", "result"]].isna().all(axis=None)


def test_huashu_asked_for_policy_in_mid_june_and_for_vehicle_makers(ledger):
    policy, wish = (ledger.demands.set_index("demand_id").loc[i] for i in ("D182", "D181"))
    assert {policy["enterprise_id"], wish["enterprise_id"]} == {"E001"}
    assert policy["raised_on"] == pd.Timestamp("2022-06-15")
    assert (policy["theme"], wish["theme"]) == ("技改与产业政策", "市场开拓与上下游对接")
    assert "技改" in policy["text"]
    assert "政策" in policy["text"]
    for words in ("3C", "打磨", "装配", "焊接", "汽车", "对接"):
        assert words in wish["text"]
    # How they were handled is not stated.
    unknown = [
        "owner",
        "status",
        "assigned_on",
        "settled_on",
        "fed_back_on",
        "satisfied",
        "reopened",
        "result",
    ]
    assert policy[unknown].isna().all()
    assert wish[unknown].isna().all()


def test_parking_and_the_road_before_seres_plant(ledger):
    parking, road = (ledger.demands.set_index("demand_id").loc[i] for i in ("D168", "D089"))
    for demand in (parking, road):
        assert (demand["enterprise_id"], demand["owner"]) == ("E241", "两江鱼复公司")
        assert demand["status"] == "settled"
        assert demand["raised_on"] < demand["settled_on"]
        assert demand[["fed_back_on", "satisfied", "reopened"]].isna().all()
        assert "日期" in demand["assumed"]
    for words in ("两江工厂", "500人", "2500人", "停车"):
        assert words in parking["text"]
    assert "30余亩" in parking["result"]
    assert "两江鱼复公司" in parking["result"]
    assert "驾考路线" in road["text"]
    assert "驾考路线" in road["result"]


def test_lianghang_is_handled_by_the_company_of_its_park_and_has_no_invented_figure(ledger):
    mine = ledger.demands[ledger.demands["enterprise_id"].eq("E002")]
    assert set(mine["owner"]) == {"龙兴公司"}
    assert mine["theme"].eq("用电用水用气").sum() >= 3
    assert mine["text"].str.contains("安装").any()
    assert mine["text"].str.contains("改造").any()
    # A number of staff, of tons or of money would be taken for the firm's.
    figures = mine["text"].str.extractall(
        r"([\d一二两三四五六七八九十百千万]+ ?(?:名|人|万|吨|户|kVA|个月|平方米))"
    )
    assert figures.empty, figures[0].tolist()


@pytest.mark.parametrize(
    ("word", "trades"),
    [
        (
            "车床|CNC|加工中心|五轴",
            {"机器人与智能装备", "钛合金与航空部件", "电子与半导体", "汽车", "锂电池"},
        ),
        ("GMP|药品|临床", {"生物医药"}),
        ("压铸", {"汽车"}),
        ("电芯|隔膜", {"锂电池", "机器人与智能装备", "汽车"}),
        ("线束", {"汽车", "电子与半导体"}),
        ("授信额度|保理", {"锂电池", "机器人与智能装备", "电子与半导体", "汽车", "生产性服务"}),
        ("疫苗|培养基|动物房", {"生物医药"}),
    ],
)
def test_demands_fit_the_trade_of_their_enterprise(ledger, word, trades):
    written = pd.read_csv(ROOT / "data" / "sources" / "enterprises.csv", dtype="str")
    chains = dict(zip((f"E{i:03d}" for i in range(3, 241)), written["chain"], strict=True))
    matching = ledger.demands[ledger.demands["text"].str.contains(word)]
    found = set(matching["enterprise_id"].map(chains).dropna())
    assert len(matching) > 0
    assert found <= trades, matching.loc[~matching["enterprise_id"].map(chains).isin(trades), "text"].tolist()


def test_the_salon_and_those_present(ledger):
    salon = ledger.salons
    assert set(salon["salon_id"]) == {"S01"}
    assert set(salon["seeker_id"]) == {"E001"}
    stated = salon[~salon["is_synthetic"]]
    assert stated["counterpart_id"].tolist() == ["E241", "E242", "E243", "E244"]
    assert stated[["held_on", "met", "outcome"]].isna().all(axis=None)
    assert not salon.loc[salon["is_synthetic"], "counterpart_id"].isin(REAL).any()
    assert len(salon) + 1 == 19


def test_codes_of_synthetic_enterprises_are_no_codes(ledger):
    invented = ledger.enterprises[ledger.enterprises["is_synthetic"]]
    codes = invented["uscc"]
    assert codes.str.len().eq(18).all()
    assert codes.is_unique
    # GB 32100-2015 writes its codes without I, O, S, V and Z.
    assert codes.str.contains("[IOSVZ]").all()
    assert codes.str.startswith("SYNTHETIC-").all()
    assert invented["name"].is_unique
    assert invented["industry_code"].str.fullmatch(r"\d{4}").all()
    assert invented["headcount"].ge(1).all()


@pytest.mark.skipif(
    not COMPANY_NAMES.exists(), reason="no folder ../shared/data/company_names to compare with"
)
def test_invented_names_are_no_listed_firms(ledger):
    listed = pd.read_csv(COMPANY_NAMES / "a_share_pairs_dev.csv", dtype="str")
    shorts = pd.read_parquet(COMPANY_NAMES / "short_name_distractors.parquet").iloc[:, 0]
    known = {*listed["short_name"], *listed["full_name"], *shorts.astype("str")}
    assert len(known) > 200_000
    names = ledger.enterprises.loc[ledger.enterprises["is_synthetic"], "name"]
    core = names.str.replace(r"\(重庆\)|股份有限公司$|有限责任公司$|有限公司$|^重庆(?:市)?", "", regex=True)
    assert not set(names) & known
    assert not set(core) & known


def test_products_and_chain(ledger):
    chain = ledger.product_chain
    products = set(chain["upstream"]) | set(chain["downstream"])
    assert len(products) >= 320
    assert len(chain) >= 700
    assert not chain.duplicated(["upstream", "downstream"]).any()
    assert (chain["upstream"] != chain["downstream"]).all()
    written = pd.read_csv(ROOT / "data" / "sources" / "products.csv", dtype="str")["product"]
    assert written.is_unique
    assert products <= set(written)
    assert set(ledger.offers["product"]) <= products
    assert chain["relation"].notna().all()
    # Machines help to make machines, but nothing is made of itself.
    goods = chain[chain["relation"].isin(["material", "part"])]
    graph = nx.DiGraph(list(goods[["upstream", "downstream"]].itertuples(index=False, name=None)))
    assert nx.is_directed_acyclic_graph(graph)
    weights = ledger.offers.groupby("enterprise_id")["weight"].sum()
    assert weights.max() <= 1 + 1e-9


def test_from_a_robot_to_a_vehicle_by_true_steps(ledger):
    goods = ledger.product_chain[ledger.product_chain["relation"].ne("service")]
    graph = nx.DiGraph(list(goods[["upstream", "downstream"]].itertuples(index=False, name=None)))
    assert nx.shortest_path_length(graph, "工业机器人", "新能源乘用车") <= 3
    for robot in ("焊接机器人", "装配机器人", "打磨机器人"):
        assert nx.shortest_path_length(graph, robot, "新能源乘用车") <= 3
    # A vehicle engineer's path: robots stand in the body shop's welding line, which makes the car.
    assert nx.is_path(graph, ["焊接机器人", "焊装生产线", "新能源乘用车"])
    for material, product in (
        ("锂辉石精矿", "动力电池包"),
        ("海绵钛", "钛合金精密铸件"),
        ("钕铁硼磁钢", "新能源乘用车"),
    ):
        assert nx.has_path(graph, material, product)


def compared(folder, other, but):
    names = [path.name for path in folder.iterdir() if path.name != but]
    return [len(kind) for kind in filecmp.cmpfiles(folder, other, names, shallow=False)]


def test_the_script_rebuilds_the_same_bytes(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "data"))
    spec = importlib.util.spec_from_file_location("build_liangjiang", ROOT / "data" / "build_liangjiang.py")
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    (tmp_path / "again").mkdir()
    (tmp_path / "again" / "README.md").write_text("kept", encoding="utf-8")
    built = script.write(tmp_path / "again")
    names = sorted(path.name for path in FOLDER.iterdir())
    assert sorted(path.name for path in (tmp_path / "again").iterdir()) == names
    assert (tmp_path / "again" / "README.md").read_text(encoding="utf-8") == "kept"
    assert compared(FOLDER / "policies", tmp_path / "again" / "policies", "questions.csv") == [14, 0, 0]
    tables = [name for name in names if name not in {"README.md", "policies"}]
    same, different, unread = filecmp.cmpfiles(FOLDER, tmp_path / "again", tables, shallow=False)
    assert (same, different, unread) == (tables, [], [])
    assert built == read_ledger(FOLDER)


def test_shipped_folder_is_the_one_in_the_repository(ledger):
    assert shipped("data/liangjiang").resolve() == FOLDER
    assert load_liangjiang() is ledger  # read once
    assert ledger.notes == ()
