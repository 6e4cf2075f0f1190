import json
from pathlib import Path

import pandas as pd
import pytest

from liaison_analysis import SupplyLinkModel
from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger import read_chain_knowledge_graph, read_links

ROOT = Path(__file__).parents[2]


CHAIN_KG = ROOT.parent / "shared" / "data" / "chain_kg"

GRAPH = {
    "company": [
        {"name": "甲机", "fullname": "甲机器人股份有限公司", "code": "300001"},
        {"name": "甲旧", "fullname": "甲旧名股份有限公司", "code": "300001.SZ"},
        {"name": "乙铜", "fullname": "乙铜业股份有限公司", "code": "600002.SH"},
    ],
    "company_product": [
        {"company_code": "300001.SZ", "product_name": "机器人", "rel": "主营产品", "rel_weight": 0.4},
        {"company_code": "300001.SZ", "product_name": "机器人", "rel": "主营产品", "rel_weight": 0.6},
        {"company_code": "300001.SZ", "product_name": "培训", "rel": "主营产品", "rel_weight": 0.001},
        {"company_code": "600002.SH", "product_name": "铜杆", "rel": "主营产品", "rel_weight": -59.0},
        {"company_code": "600002.SH", "product_name": "铜线", "rel": "主营产品", "rel_weight": 1.0},
        {"company_code": "999999.SH", "product_name": "铜线", "rel": "主营产品", "rel_weight": 1.0},
    ],
    "product_product": [
        {"from_entity": "铜线", "to_entity": "铜杆", "rel": "上游材料"},
        {"from_entity": "铜线", "to_entity": "机器人", "rel": "下游产品"},
        {"from_entity": "铜", "to_entity": "铜线", "rel": "产品小类"},
        {"from_entity": "铜线", "to_entity": "铜线", "rel": "上游材料"},
    ],
    "company_industry": [{"company_code": "600002.SH", "industry_name": "铜", "rel": "所属行业"}],
}


def plain(frame: pd.DataFrame) -> list[list]:
    return frame.astype(object).where(frame.notna(), None).to_numpy().tolist()


def put(folder, graph, ending):
    for name, rows in graph.items():
        if ending == "parquet":
            pd.DataFrame(rows).to_parquet(folder / f"{name}.parquet")
        else:
            lines = [json.dumps(row, ensure_ascii=False) for row in rows]
            (folder / f"{name}.{ending}").write_text("\n".join([*lines, ""]), encoding="utf-8")


@pytest.mark.parametrize("ending", ["json", "jsonl", "parquet"])
def test_chain_knowledge_graph(tmp_path, ending):
    put(tmp_path, GRAPH, ending)
    found = read_chain_knowledge_graph(tmp_path)
    assert plain(found.enterprises[["enterprise_id", "name", "town", "industry"]]) == [
        ["300001", "甲机器人股份有限公司", None, None],
        ["600002", "乙铜业股份有限公司", None, "铜"],
    ]
    assert sorted(plain(found.aliases[["enterprise_id", "alias"]])) == [
        ["300001", "甲旧"],
        ["300001", "甲旧名股份有限公司"],
        ["300001", "甲机"],
        ["600002", "乙铜"],
    ]
    # The greater share of two; neither what stands for none nor what cannot be one; no company unknown.
    assert plain(found.offers[["enterprise_id", "product", "weight"]]) == [
        ["300001", "机器人", 0.6],
        ["300001", "培训", None],
        ["600002", "铜杆", None],
        ["600002", "铜线", 1.0],
    ]
    # Rod is a material of wire, wire goes into robots; kinds of copper feed nothing, nor does wire itself.
    assert plain(found.product_chain[["upstream", "downstream", "relation"]]) == [
        ["铜杆", "铜线", "material"],
        ["铜线", "机器人", None],
    ]
    assert found.demands.empty


def test_one_error_names_every_problem_of_a_chain_knowledge_graph(tmp_path):
    put(tmp_path, {"company": [{"code": "1", "name": "甲"}]}, "parquet")
    (tmp_path / "company_product.json").write_text('{"a": 1}\n[1]\nxx\n', encoding="utf-8")
    with pytest.raises(LedgerError) as raised:
        read_chain_knowledge_graph(tmp_path)
    problems = raised.value.problems.astype(object)
    assert problems[["sheet", "row", "column", "value"]].fillna("").to_numpy().tolist() == [
        ["company.parquet", "", "fullname", ""],
        ["company_product.json", 2, "", "[1]"],
        ["company_product.json", 3, "", "xx"],
        ["product_product", "", "", ""],
    ]
    (tmp_path / "company.parquet").write_bytes(b"nothing")
    with pytest.raises(LedgerError, match="not a Parquet file, or damaged"):
        read_chain_knowledge_graph(tmp_path)


def test_chain_knowledge_graph_with_strange_cells(tmp_path):
    # Codes that lost their zeros, blanks, and nothing where a name should be.
    graph = {
        "company": [{"code": 63, "name": "中兴", "fullname": " 中兴通讯 "}, {"code": 64.0, "fullname": "乙"}],
        "company_product": [
            {"company_code": "000063.SZ", "product_name": " 基站 ", "rel_weight": "x"},
            {"company_code": "64", "product_name": "天线", "rel_weight": 1.7},
        ],
        "product_product": [
            {"from_entity": " 基站", "to_entity": "芯片 ", "rel": "上游材料"},
            {"from_entity": "基站", "to_entity": " ", "rel": "上游材料"},
            {"from_entity": "基站", "to_entity": None, "rel": "下游产品"},
        ],
    }
    put(tmp_path, graph, "json")
    found = read_chain_knowledge_graph(tmp_path)
    assert plain(found.enterprises[["enterprise_id", "name"]]) == [["000063", "中兴通讯"], ["000064", "乙"]]
    assert plain(found.offers[["enterprise_id", "product", "weight"]]) == [
        ["000063", "基站", None],
        ["000064", "天线", None],
    ]
    assert plain(found.product_chain[["upstream", "downstream"]]) == [["芯片", "基站"]]
    put(
        tmp_path, {"product_product": [{"from_entity": ["基站"], "to_entity": {}, "rel": "上游材料"}]}, "json"
    )
    with pytest.raises(LedgerError) as raised:
        read_chain_knowledge_graph(tmp_path)
    assert raised.value.problems["column"].tolist() == ["from_entity", "to_entity"]


@pytest.mark.skipif(not CHAIN_KG.exists(), reason="no folder ../shared/data/chain_kg to read")
def test_the_public_graph_is_read_whole():
    found = read_chain_knowledge_graph(CHAIN_KG)
    assert found.enterprises["enterprise_id"].is_unique
    assert found.enterprises["enterprise_id"].str.fullmatch(r"\d{6}").all()
    weights = found.offers["weight"].dropna()
    assert weights.between(0, 1, inclusive="right").all()
    assert 0.6 < len(weights) / len(found.offers) < 0.8
    assert not (weights == 0.001).any()
    assert not found.product_chain.duplicated(["upstream", "downstream"]).any()
    assert len(found.product_chain) > 50_000


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("供应商编号,备注,采购方,报告期", "utf-8-sig"),
        ("Vendor,note,BUYER,As of", "utf-8"),
        ("供方,备注,需方,日期", "gb18030"),
    ],
)
def test_links_are_read_by_their_headers(tmp_path, header, encoding):
    rows = ["007,a,B2,2024-06-30", "007,b,B1,2024年6月30日", "", "A3,c,B1,2023/12/31", "007,d,B1,2024-06-30"]
    file = tmp_path / "links.csv"
    file.write_text("\n".join([header, *rows]), encoding=encoding)
    links = read_links(file)
    assert links.columns.tolist() == ["supplier_id", "customer_id", "snapshot"]
    assert links.astype("str").to_numpy().tolist() == [
        ["A3", "B1", "2023-12-31"],
        ["007", "B1", "2024-06-30"],
        ["007", "B2", "2024-06-30"],
    ]
    assert SupplyLinkModel().fit(links).rank(["B2"], k=1, reasons=False)["supplier_id"].tolist() == ["A3"]


def test_links_with_problems_name_every_row(tmp_path):
    file = tmp_path / "links.csv"
    file.write_text("供应商,客户,日期\nA,,2024-06-30\n,B,昨天\nA,B,2024-06-30\n", encoding="utf-8")
    with pytest.raises(LedgerError) as caught:
        read_links(file)
    found = caught.value.problems[["row", "column", "value"]].astype("str").to_numpy().tolist()
    assert found == [["2", "customer_id", ""], ["3", "snapshot", "昨天"], ["3", "supplier_id", ""]]
    file.write_text("供应商,供方,日期\nA,A,2024-06-30\n", encoding="utf-8")
    with pytest.raises(LedgerError) as caught:
        read_links(file)
    reasons = caught.value.problems.set_index("column")["reason"]
    assert reasons["supplier_id"] == "is listed twice; keep one"
    assert reasons["customer_id"].startswith("no such column among 供应商, 供方, 日期")
