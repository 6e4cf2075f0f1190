"""Scores, shares and reasons of introductions, worked out by hand, and what the sample ledger gives."""

import re
from dataclasses import replace
from itertools import pairwise

import ibis
import numpy as np
import pandas as pd
import pytest

from liaison_analysis import load_liangjiang
from liaison_analysis.errors import LedgerError
from liaison_analysis.introductions.evidence import CONTEXT
from liaison_analysis.introductions.ranking import COLUMNS, EVIDENCE, ROLES, WEIGHTS, rank_introductions
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger

FIRMS = [
    ("B", "己银行", None, "金融机构"),
    ("G", "丙减速器", "水土", None),
    ("M", "戊电机", None, None),
    ("Q", "庚检测", None, None),
    ("R", "甲机器人", "水土", "四上"),
    ("S", "辛机器人", "鱼复", None),
    ("U", "壬研究院", None, "科研院所"),
    ("V", "乙整车", "鱼复", None),
    ("W", "丁焊装", None, None),
]
OFFERS = [
    ("B", "银行授信", None),
    ("G", "谐波减速器", 0.5),
    ("M", "伺服电机", 0.3),
    ("Q", "机器人检测认证", 0.49),
    ("R", "工业机器人", 0.8),
    ("S", "工业机器人", None),
    ("S", "焊装生产线", 0.36),
    ("V", "新能源乘用车", None),
    ("W", "焊装生产线", 1.0),
]
CHAIN = [
    ("谐波减速器", "工业机器人", "part"),
    ("伺服电机", "工业机器人", "part"),
    ("力矩传感器", "工业机器人", "part"),
    ("机器人检测认证", "工业机器人", "service"),
    ("工业机器人", "焊装生产线", "part"),
    ("焊装生产线", "新能源乘用车", "equipment"),
    ("电池包", "新能源乘用车", "part"),
    ("银行授信", "新能源乘用车", "service"),
]
DEMANDS = [
    ("D1", "R", "2022-01-05", "想认识主机厂，把工业机器人卖进去"),
    ("D2", "V", "2022-02-05", "电池包断货，找新的供应商"),
    ("D3", "G", "2022-03-05", "伺服电机缺货，哪里有现货"),
    ("D4", "R", "2022-04-05", "备货要贷款四百万"),
    ("D5", "S", "2022-04-06", "想上市融资，找人讲讲"),
    ("D6", "R", "2022-04-07", "想和高校联合研发"),
]


def frame(table: str, columns: list[str], rows: list[tuple]) -> pd.DataFrame:
    return typed(table, pd.DataFrame(rows, columns=columns))


def ledger(*, demands=DEMANDS, chain=CHAIN, offers=OFFERS, supplies=(("G", "R", "谐波减速器"),)) -> Ledger:
    return Ledger(
        enterprises=frame("enterprises", ["enterprise_id", "name", "town", "category"], FIRMS),
        offers=frame("offers", ["enterprise_id", "product", "weight"], offers),
        product_chain=frame("product_chain", ["upstream", "downstream", "relation"], list(chain)),
        supplies=frame("supplies", ["supplier_id", "customer_id", "product"], list(supplies)),
        demands=frame("demands", ["demand_id", "enterprise_id", "raised_on", "text"], list(demands)),
    )


def chain_of(*strengths: float) -> float:
    missed = 1.0
    for strength in strengths:
        missed *= 1 - strength
    return (1 - missed) / (1 - missed + 0.1)


# Links without services: 4 things feed the robot, of which one is a test; 3 feed the vehicle, of which one is
# credit. Both services have roles of their own and do not count among goods.
INTO_ROBOT = (1 / 3) ** 0.25
INTO_VEHICLE = (1 / 2) ** 0.25


def plain(*args, **options) -> pd.DataFrame:
    """Evidence without context, which is nine tenths of the score."""
    found = rank_introductions(*args, without=tuple(CONTEXT), **options)
    return found.assign(score=found["score"] / 0.9, confidence=0.0)


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    return plain(ledger())


@pytest.fixture(scope="module")
def sample() -> Ledger:
    return load_liangjiang()


@pytest.fixture(scope="module")
def by_role(sample) -> dict[str, pd.DataFrame]:
    return {role: rank_introductions(sample, role=role) for role in ROLES}


def row(found: pd.DataFrame, seeker: str, counterpart: str) -> pd.Series:
    return found.set_index(["seeker_id", "counterpart_id"]).loc[(seeker, counterpart)]


def test_scores_shares_paths_and_ranks_by_hand(customers):
    mine = customers[customers["seeker_id"].eq("R")]
    assert mine["counterpart_id"].tolist() == ["V", "W", "S"]
    assert mine["rank"].tolist() == [1, 2, 3]
    vehicle, line, rival = mine.to_dict("records")
    # Two links, each share a square root: √(0.8 · 1); 主机厂 in D1 is a trade word, 0.8 of √1.
    chain = 0.45 * chain_of(0.7 * INTO_VEHICLE * 0.8**0.5)
    assert vehicle["score"] == pytest.approx(chain + 0.40 * 0.8, abs=1e-8)
    assert vehicle["path"] == "工业机器人→焊装生产线→新能源乘用车"
    assert (vehicle["product"], vehicle["demand_id"]) == ("新能源乘用车", "D1")
    assert vehicle["chain_share"] == pytest.approx(chain / (chain + 0.32), abs=1e-6)
    assert vehicle["asked_share"] == pytest.approx(0.32 / (chain + 0.32), abs=1e-6)
    assert vehicle["back_share"] == 0
    # One link of strength 1.
    assert line["score"] == pytest.approx(0.45 * chain_of(0.8**0.5), abs=1e-8)
    assert (line["path"], line["product"], line["chain_share"]) == ("工业机器人→焊装生产线", "", 1)
    assert not line["competitor"]
    assert rival["score"] == pytest.approx(0.45 * chain_of((0.8 * 0.36) ** 0.5), abs=1e-8)
    assert rival["competitor"]
    assert rival["reason"] == (
        "甲机器人的工业机器人用于辛机器人的焊装生产线；没有诉求直接提到这一对接；注意：双方都做工业机器人（依据：主要是产业链）"
    )


def test_several_paths_count_as_independent_and_the_best_is_shown(customers):
    # S makes robots (half of its revenue where no weight is given) and welding lines (0.36).
    found = row(customers, "S", "V")
    long, short = 0.7 * INTO_VEHICLE * 0.5**0.5, INTO_VEHICLE * 0.36**0.5
    assert found["score"] == pytest.approx(0.45 * chain_of(long, short), abs=1e-8)
    assert short > long
    assert found["path"] == "焊装生产线→新能源乘用车"


def test_three_links_and_what_the_counterpart_asks_for(customers):
    found = row(customers, "G", "V")
    assert found["score"] == pytest.approx(
        0.45 * chain_of(INTO_ROBOT * 0.7 * 0.7 * INTO_VEHICLE * 0.5**0.5), abs=1e-8
    )
    assert found["path"] == "谐波减速器→工业机器人→焊装生产线→新能源乘用车"
    # G's demand asks for servo motors, which M makes as 0.3 of its revenue; no path leads from M to G.
    back = row(customers, "M", "G")
    assert back["score"] == pytest.approx(0.15 * 0.3**0.5, abs=1e-8)
    assert (
        back["path"],
        back["counterpart_wanted_product"],
        back["counterpart_demand_id"],
        back["back_share"],
    ) == (
        "",
        "伺服电机",
        "D3",
        1,
    )
    assert (
        back["reason"]
        == "丙减速器要买或外协伺服电机（诉求D3：「伺服电机缺货，哪里有现货」）（依据：主要是对方诉求）"
    )


def test_pairs_that_trade_already_in_either_direction_are_left_out(customers):
    pairs = set(customers[["seeker_id", "counterpart_id"]].itertuples(index=False, name=None))
    assert ("G", "R") not in pairs
    assert ("G", "S") in pairs
    suppliers = plain(ledger(), ["R"], role="supplier")
    assert suppliers["counterpart_id"].tolist() == ["M"]
    assert suppliers["score"].tolist() == pytest.approx([0.45 * chain_of(INTO_ROBOT * (0.3 * 0.8) ** 0.5)])
    again = plain(ledger(supplies=()), ["R"], role="supplier")
    assert again["counterpart_id"].tolist() == ["G", "M"]
    # R buys from G: it needs nobody to introduce G to it, be it to sell or to buy.
    other_way = ledger(supplies=(("R", "G", "工业机器人"), ("V", "R", "新能源乘用车")))
    assert plain(other_way, ["R"], role="supplier")["counterpart_id"].tolist() == ["M"]
    assert plain(other_way, ["R"])["counterpart_id"].tolist() == ["W", "S"]


@pytest.mark.parametrize(
    ("supplied", "is_introduced"),
    [
        (("M", "R", "力矩传感器"), True),
        (("R", "M", "工业机器人"), True),
        (("M", "R", "伺服电机"), False),
        (("R", "M", "伺服电机"), False),
        (("M", "R", "电机"), False),  # a servo motor is a motor
        (("M", "R", None), False),
    ],
)
def test_who_trades_is_introduced_again_only_for_what_they_do_not_trade_yet(supplied, is_introduced):
    asks = [*DEMANDS, ("D7", "R", "2022-05-05", "伺服电机缺货，哪里有现货")]
    found = plain(ledger(demands=asks, supplies=[supplied]), ["R"], role="supplier")
    again = found[found["counterpart_id"].eq("M")]
    assert len(again) == is_introduced
    if is_introduced:
        one = again.iloc[0]
        # By the demand alone: what the chain says of them may be what they trade.
        assert one["score"] == pytest.approx(0.40 * 0.3**0.5, abs=1e-8)
        assert (one["demand_id"], one["product"], one["path"]) == ("D7", "伺服电机", "")
        assert f"双方已有{supplied[2]}供货往来，这次是新的需求" in one["reason"]
        seller = row(plain(ledger(demands=asks, supplies=[supplied]), ["M"]), "M", "R")
        assert seller["counterpart_demand_id"] == "D7"
        english = rank_introductions(
            ledger(demands=asks, supplies=[supplied]), ["R"], role="supplier", language="en"
        )
        assert (
            f"they trade {supplied[2]} already, this is for something new" in row(english, "R", "M")["reason"]
        )


def test_a_demand_that_names_what_they_trade_beside_another_product_is_for_nothing_new():
    asks = [*DEMANDS, ("D7", "R", "2022-05-05", "伺服电机、谐波减速器缺货，哪里有现货")]
    offers = [*OFFERS, ("M", "谐波减速器", 0.3)]
    for traded, found in (("力矩传感器", ["M"]), ("谐波减速器", [])):
        one = ledger(demands=asks, offers=offers, supplies=[("M", "R", traded), ("G", "R", "谐波减速器")])
        assert plain(one, ["R"], role="supplier")["counterpart_id"].tolist() == found


def test_supplier_of_what_a_demand_asks_for():
    found = row(plain(ledger(), ["G"], role="supplier"), "G", "M")
    assert found["score"] == pytest.approx(0.40 * 0.3**0.5, abs=1e-8)
    assert (found["product"], found["demand_id"]) == ("伺服电机", "D3")
    assert found["reason"] == (
        "丙减速器要采购或外协（诉求D3：「伺服电机缺货，哪里有现货」）；戊电机供应伺服电机"
        "（依据：主要是本方诉求）"
    )


def test_financier_tester_and_research_partner():
    money = plain(ledger(), role="financier")
    # R's demand names a loan, a trade word for credit; S's names no product, which counts half.
    assert money[["seeker_id", "counterpart_id", "product", "demand_id"]].to_numpy().tolist() == [
        ["R", "B", "银行授信", "D4"],
        ["S", "B", "", "D5"],
    ]
    assert money["score"].tolist() == pytest.approx([0.40 * (0.5 + 0.5 * 0.8), 0.40 * 0.5])
    assert money["reason"].tolist() == [
        "甲机器人要融资（诉求D4：「备货要贷款四百万」）；己银行办理银行授信（依据：主要是本方诉求）",
        (
            "辛机器人要融资（诉求D5：「想上市融资，找人讲讲」）；己银行办理融资业务，是否合适待问"
            "（依据：主要是本方诉求）"
        ),
    ]
    tests = plain(ledger(), role="tester")
    # √(0.49 · 0.8) and √(0.49 · 0.5); nobody asked, but a robot needs the test.
    assert tests[["seeker_id", "counterpart_id", "path"]].to_numpy().tolist() == [
        ["R", "Q", "机器人检测认证→工业机器人"],
        ["S", "Q", "机器人检测认证→工业机器人"],
    ]
    assert tests["score"].tolist() == pytest.approx(
        [0.45 * chain_of((0.49 * share) ** 0.5) for share in (0.8, 0.5)]
    )
    study = plain(ledger(), role="research partner")
    assert study[["seeker_id", "counterpart_id", "demand_id"]].to_numpy().tolist() == [["R", "U", "D6"]]


def test_who_offers_the_very_service_that_is_asked_for_comes_first_however_little_of_it():
    # A has no services of its own but is a bank; credit is a hundredth of what B does.
    firms = pd.concat(
        [ledger().enterprises, frame("enterprises", ["enterprise_id", "name", "category"],
                                     [("A", "子银行", "金融机构")])]
    )  # fmt: skip
    offers = [*OFFERS[1:], ("B", "银行授信", 0.01)]
    found = plain(replace(ledger(offers=offers), enterprises=firms), ["R"], role="financier")
    assert found[["counterpart_id", "product"]].to_numpy().tolist() == [["B", "银行授信"], ["A", ""]]
    assert found["score"].tolist() == pytest.approx([0.40 * (0.5 + 0.5 * 0.8 * 0.1), 0.40 * 0.5])


def test_services_do_not_count_as_goods(customers):
    suppliers = plain(ledger(), role="supplier")
    assert not set(suppliers["counterpart_id"]) & {"B", "Q", "U"}
    assert not set(customers["seeker_id"]) & {"B", "Q", "U"}


def test_english_reasons():
    found = plain(ledger(), ["R"], language="en")
    assert found["reason"].tolist()[0] == (
        "甲机器人 looks for customers who make 新能源乘用车 (demand D1: “想认识主机厂，把工业机器人卖进去”); "
        "乙整车 makes just that; 工业机器人 of 甲机器人 goes via 焊装生产线 into 新能源乘用车 of 乙整车; "
        "焊装生产线 is made by 辛机器人, who could join as a third (rests on the chain, then its own demand)"
    )
    assert (
        found["reason"]
        .tolist()[2]
        .endswith("; no demand speaks of this; mind: both offer 工业机器人 (rests on the chain)")
    )
    chinese = plain(ledger(), ["R"])
    assert found.drop(columns="reason").equals(chinese.drop(columns="reason"))


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"demands": [d for d in DEMANDS if d[0] != "D1"]}, "asked_share"),
        ({"chain": [link for link in CHAIN if link[0] != "工业机器人"]}, "chain_share"),
    ],
)
def test_without_its_evidence_a_pair_scores_less(customers, change, part):
    before = row(customers, "R", "V")
    after = row(plain(ledger(**change), ["R"]), "R", "V")
    assert after["score"] < before["score"]
    assert after["score"] == pytest.approx(before["score"] * (1 - before[part]), abs=1e-6)
    assert after[part] == 0
    assert after["reason"] != before["reason"]


def test_equal_scores_are_ordered_by_id():
    offers = [*OFFERS, ("B", "焊装生产线", 1.0), ("U", "焊装生产线", 1.0)]
    found = plain(ledger(offers=offers), ["R"])
    alike = found[found["counterpart_id"].isin(["B", "U", "W"])]
    assert alike["score"].max() == alike["score"].min()
    assert alike["counterpart_id"].tolist() == ["B", "U", "W"]


def test_k_cuts_after_ranking(customers):
    one = plain(ledger(), k=1)
    assert one.equals(customers[customers["rank"].eq(1)].reset_index(drop=True))


def test_all_problems_of_a_call_at_once():
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the whole message is compared below
        rank_introductions(ledger(), ["R", "nobody"], role="friend", k=0, language="fr")
    assert str(raised.value) == (
        "seekers not among the enterprises: 'nobody'; "
        "role must be one of 'customer', 'supplier', 'financier', 'tester', 'research partner'; "
        "got 'friend'; k must be a whole number from 1; got 0; "
        "language must be 'zh' or 'en'; got 'fr'"
    )
    with pytest.raises(LedgerError, match="offers: has no rows"):
        rank_introductions(replace(ledger(), offers=Ledger().offers))


@pytest.mark.parametrize(
    ("options", "error_text"),
    [
        ({"seekers": ["R", float("nan")]}, "seekers not among the enterprises: nan"),
        ({"seekers": [1, None]}, "seekers not among the enterprises: 1, None"),
        ({"role": ["customer"]}, "role must be one of"),
        ({"k": 1.5}, "k must be a whole number from 1; got 1.5"),
        ({"k": True}, "k must be a whole number from 1; got True"),
        ({"k": None}, "k must be a whole number from 1; got None"),
        ({"max_makers": "3"}, "max_makers must be a whole number from 1; got '3'"),
        ({"capacity": "x"}, "capacity must be a whole number from 1; got 'x'"),
        ({"capacity": {"V": 0}}, "capacity of 'V' must be a whole number from 1; got 0"),
        ({"capacity": {"nobody": 1}}, "capacity not among the enterprises: 'nobody'"),
        ({"excluded": [("R", "nobody")]}, "excluded not among the enterprises: 'nobody'"),
        ({"excluded": [None]}, "excluded not among the enterprises: None"),
        ({"excluded": [("R", "V", "W")]}, "excluded takes ids and pairs of two ids; got ('R', 'V', 'W')"),
        ({"without": "chan"}, "without names evidence of chain"),
    ],
)
def test_one_error_names_every_wrong_option(options, error_text):
    with pytest.raises(ValueError, match=re.escape(error_text)):
        rank_introductions(ledger(), **({"seekers": ["R"]} | options))


def test_one_id_is_as_good_as_a_list_of_one():
    assert plain(ledger(), "R", excluded="W").equals(plain(ledger(), ["R"], excluded=["W"]))


def test_no_seekers_no_rows_but_the_columns(customers):
    found = plain(ledger(), [])
    assert len(found) == 0
    assert list(found.columns) == COLUMNS
    assert found.dtypes.equals(customers.dtypes)


def test_a_ledger_of_offers_alone_has_the_introductions_of_the_general_chain():
    bare = Ledger(enterprises=ledger().enterprises, offers=ledger().offers)
    paths = {role: sorted(set(rank_introductions(bare, role=role)["path"])) for role in ROLES}
    of_the_chain = ["伺服电机→工业机器人", "谐波减速器→工业机器人"]
    assert paths == {role: of_the_chain if role in {"customer", "supplier"} else [] for role in ROLES}


def huashu(found: pd.DataFrame) -> pd.DataFrame:
    return found[found["seeker_id"].eq("E001")].reset_index(drop=True)


def test_huashu_meets_seres_and_livan_first(by_role):
    first = huashu(by_role["customer"]).head(2)
    assert first["counterpart_id"].tolist() == ["E241", "E242"]
    assert first["path"].str.endswith("→新能源乘用车").all()
    assert first["product"].eq("新能源乘用车").all()
    assert (first["chain_share"] > 0.2).all()
    assert (first["asked_share"] > 0.2).all()
    assert first["reason"].str.contains("想找做新能源乘用车的客户（诉求D.*正做新能源乘用车；").all()
    third = huashu(by_role["customer"]).iloc[2]
    assert first["score"].min() > third["score"] + 0.05


def test_huashus_list_does_not_depend_on_ids_or_names(sample, by_role):
    new = {old: f"Z{i:04d}" for i, old in enumerate(sorted(sample.enterprises["enterprise_id"]))}
    renamed = {}
    for name, table in sample.tables.items():
        ids = [c for c in table.columns if c.endswith("_id") and c in {"enterprise_id", "supplier_id",
               "customer_id", "seeker_id", "counterpart_id"}]  # fmt: skip
        renamed[name] = table.assign(**{c: table[c].map(new).astype("str") for c in ids})
    firms = renamed["enterprises"]
    renamed["enterprises"] = firms.assign(
        name=pd.Series([f"企业{i:04d}" for i in range(len(firms))], dtype="str"), uscc=pd.NA
    ).astype(firms.dtypes.to_dict())
    renamed["aliases"] = renamed["aliases"].iloc[:0]
    found = rank_introductions(Ledger(**renamed))
    before = by_role["customer"].assign(
        **{
            column: by_role["customer"][column].map(new).fillna("")
            for column in ("seeker_id", "counterpart_id", "linked_via")
        }
    )
    assert found.drop(columns="reason").equals(before.astype(found.dtypes.to_dict()).drop(columns="reason"))


def test_huashus_list_changes_as_its_evidence_goes(sample):
    demands = sample.demands
    silent = demands.assign(text=demands["text"].mask(demands["enterprise_id"].eq("E001"), "路灯坏了"))
    found = huashu(rank_introductions(replace(sample, demands=silent), ["E001"], k=300))
    assert found["asked_share"].eq(0).all()
    assert found["demand_id"].eq("").all()
    chainless = replace(sample, product_chain=sample.product_chain.iloc[:0])
    found = huashu(rank_introductions(chainless, ["E001"]))
    assert found["counterpart_id"].tolist()[:2] == ["E241", "E242"]
    # The general chain leads there as well, by what is made here, and what was asked for counts most.
    assert found["path"].head(2).eq("焊接机器人→白车身→新能源乘用车").all()
    assert found["asked_share"].head(2).gt(0.5).all()


def test_what_every_row_of_the_sample_must_be(sample, by_role):
    links = set(sample.product_chain[["upstream", "downstream"]].itertuples(index=False, name=None))
    offers = set(sample.offers[["enterprise_id", "product"]].itertuples(index=False, name=None))
    traded = set(sample.supplies[["supplier_id", "customer_id"]].itertuples(index=False, name=None))
    asked_by = sample.demands.set_index("demand_id")["enterprise_id"]
    names = sample.names()
    for role, found in by_role.items():
        assert list(found.columns) == COLUMNS
        assert len(found) > 50
        assert found["role"].eq(role).all()
        assert (found["seeker_id"] != found["counterpart_id"]).all()
        assert not found.duplicated(["seeker_id", "counterpart_id"]).any()
        assert found["score"].between(0, 1, inclusive="right").all()
        shares = found[[f"{part}_share" for part in EVIDENCE]]
        assert shares.sum(axis=1).sub(1).abs().max() < 1e-5
        assert (
            found.groupby("seeker_id")["rank"].agg(list).map(lambda r: r == list(range(1, len(r) + 1))).all()
        )
        order = found.sort_values(["seeker_id", "score", "counterpart_id"], ascending=[True, False, True])
        assert order.index.tolist() == list(range(len(found)))
        assert found["path"].ne("").eq(found["chain_share"].gt(0)).all()
        for r in found.itertuples():
            maker, user = (
                (r.seeker_id, r.counterpart_id) if role == "customer" else (r.counterpart_id, r.seeker_id)
            )
            assert (maker, user) not in traded
            if r.path:
                stops = r.path.split("→")
                assert 2 <= len(stops) <= 4
                assert set(pairwise(stops)) <= links
                assert (maker, stops[0]) in offers
                assert (user, stops[-1]) in offers
            if r.product:
                assert (r.counterpart_id, r.product) in offers or r.product in names[r.counterpart_id]
                assert (r.seeker_id, r.product) not in offers
            if r.demand_id:
                assert asked_by[r.demand_id] == r.seeker_id
            if r.linked_via:
                assert {(maker, r.linked_via), (r.linked_via, user)} & traded
            assert r.path or r.demand_id or r.counterpart_demand_id
            if r.counterpart_demand_id:
                assert asked_by[r.counterpart_demand_id] == r.counterpart_id
                assert (r.seeker_id, r.counterpart_wanted_product) in offers
            both = {p for e, p in offers if e == r.seeker_id} & {
                p for e, p in offers if e == r.counterpart_id
            }
            assert r.competitor == bool(both)


@pytest.mark.parametrize("role", ["customer", "supplier"])
def test_without_its_path_or_product_every_pair_of_the_sample_scores_less(sample, by_role, role):
    found = by_role[role]
    every = len(sample.enterprises)
    for part in WEIGHTS:
        rest = rank_introductions(sample, role=role, k=every, without=[part]).set_index(
            ["seeker_id", "counterpart_id"]
        )["score"]
        stood_on = found[found[f"{part}_share"].gt(0)]
        left = rest.reindex(pd.MultiIndex.from_frame(stood_on[["seeker_id", "counterpart_id"]])).fillna(0)
        assert (left.to_numpy() < stood_on["score"].to_numpy()).all()
        assert len(stood_on) > 5
    assert found[[f"{part}_share" for part in WEIGHTS]].sum(axis=1).min() > 0.89


def test_context_alone_gives_no_introduction_and_only_re_orders(sample, by_role):
    assert len(rank_introductions(sample, without=tuple(WEIGHTS))) == 0
    found = by_role["customer"]
    bare = rank_introductions(sample, k=len(sample.enterprises), without=tuple(CONTEXT))
    both = found.merge(bare, on=["seeker_id", "counterpart_id"], suffixes=("", "_bare"))
    assert len(both) == len(found)  # context recommends nobody further
    assert both["score"].ge(both["score_bare"] - 1e-9).all()
    assert both["score"].le(both["score_bare"] / 0.9 + 1e-8).all()
    assert found["town_share"].gt(0).any()
    assert found["linked_share"].gt(0).any()
    assert found["similar_share"].gt(0).any()


def test_known_links_town_and_size_by_hand():
    # The rival S buys from G: who makes what R makes buys there already, so G is a likely supplier of R.
    firms = frame(
        "enterprises",
        ["enterprise_id", "name", "town", "category", "headcount"],
        [(*firm, 100 if firm[0] == "R" else 50) for firm in FIRMS],
    )
    before = replace(ledger(supplies=[("G", "S", "谐波减速器")]), enterprises=firms)
    found = row(rank_introductions(before, ["R"], role="supplier"), "R", "G")
    carried = 0.45 * chain_of(INTO_ROBOT * (0.5 * 0.8) ** 0.5)
    context = 0.04 * 0.5 + 0.01 * 1 + 0.01 * 0.5  # one link: 1/2; both in 水土; 50 against 100
    assert found["score"] == pytest.approx(carried * (0.9 + context), abs=1e-8)
    assert found["linked_via"] == "S"
    assert found["linked_share"] == pytest.approx(0.02 / (0.9 + context), abs=1e-6)
    assert "丙减速器已供货给做同类产品的辛机器人" in found["reason"]


def test_town_size_and_recognition_are_those_of_the_pair():
    firms = frame(
        "enterprises",
        ["enterprise_id", "name", "town", "category", "headcount"],
        [(*firm, {"G": 40, "R": 80, "S": 10}.get(firm[0])) for firm in FIRMS],
    )
    found = rank_introductions(replace(ledger(supplies=()), enterprises=firms), ["G"])
    # R is in G's town, twice its size and 四上; S is in another, a quarter of it and nothing of the kind.
    for counterpart, town, size, category in (("R", 1, 0.5, 1), ("S", 0, 0.25, 0), ("V", 0, 0, 0)):
        mine = row(found, "G", counterpart)
        whole = 0.9 + 0.01 * (town + size + category)
        shares = mine[["town_share", "size_share", "category_share"]].tolist()
        assert shares == pytest.approx([0.01 * part / whole for part in (town, size, category)], abs=1e-6)


def test_a_match_both_sides_want_ranks_above_a_one_sided_one():
    demands = [*DEMANDS, ("D7", "V", "2022-05-01", "急需采购工业机器人，想找供应商")]
    found = row(rank_introductions(ledger(demands=demands), ["R"]), "R", "V")
    one_sided = row(rank_introductions(ledger(), ["R"]), "R", "V")
    assert found["both_sides"]
    assert not one_sided["both_sides"]
    assert found["score"] > one_sided["score"]


def test_exclusions_and_capacity_are_kept(customers):
    out = plain(ledger(), excluded=["W", ("V", "R")])
    pairs = set(zip(out["seeker_id"], out["counterpart_id"], strict=True))
    assert "W" not in {firm for pair in pairs for firm in pair}
    assert ("R", "V") not in pairs
    assert ("G", "V") in pairs
    most = plain(ledger(), capacity=1)
    assert most["counterpart_id"].is_unique
    # V meets R, whom it fits best; the others meet those with places left.
    assert most.loc[most["counterpart_id"].eq("V"), "seeker_id"].tolist() == [
        customers.loc[customers["counterpart_id"].eq("V")].sort_values("score")["seeker_id"].iloc[-1]
    ]
    assert most.groupby("seeker_id")["rank"].agg(list).map(lambda r: r == list(range(1, len(r) + 1))).all()
    by_id = plain(ledger(), capacity={"V": 1})
    assert by_id["counterpart_id"].value_counts()["V"] == 1
    assert by_id["counterpart_id"].value_counts()["W"] == customers["counterpart_id"].value_counts()["W"]
    assert plain(ledger(), capacity=99).equals(customers)


def test_products_that_everybody_makes_can_be_left_out():
    found = rank_introductions(ledger(), ["R"], max_makers=1)
    assert found["counterpart_id"].tolist() == ["V"]  # by demand; robots and lines have two makers each
    assert found["path"].tolist() == [""]
    demands = [*DEMANDS, ("D7", "R", "2022-05-01", "想认识做焊装生产线的厂家，把我们的产品卖给他们")]
    rival = row(rank_introductions(ledger(demands=demands), ["R"], max_makers=1), "R", "S")
    assert rival["competitor"]  # both make robots, left out or not
    assert "双方都做工业机器人" in rival["reason"]


def test_confidence_is_uncalibrated_without_outcomes_and_learnt_with_them(sample, by_role):
    found = by_role["customer"]
    assert found["calibration"].eq("uncalibrated").all()
    assert found["confidence"].equals(found["score"].round(6).rename("confidence"))
    # Of 60 pairs that met, the stronger half mostly went well.
    some = found.sample(60, random_state=0).sort_values("score", ascending=False, ignore_index=True)
    salons = pd.DataFrame(
        {
            "salon_id": "S9",
            "held_on": "2022-05-01",
            "seeker_id": some["seeker_id"],
            "counterpart_id": some["counterpart_id"],
            "met": True,
            "outcome": ["contract" if (i < 30) != (i % 5 == 0) else "none" for i in range(60)],
        }
    )
    learnt = rank_introductions(replace(sample, salons=typed("salons", salons)))
    assert learnt["calibration"].eq("calibrated on 60 outcomes").all()
    assert learnt["confidence"].is_monotonic_decreasing is False
    ordered = learnt.sort_values("score")
    assert ordered["confidence"].is_monotonic_increasing
    high = learnt[learnt["score"].ge(some["score"].iloc[30])]["confidence"].mean()
    assert high > learnt[learnt["score"].lt(some["score"].iloc[30])]["confidence"].mean() + 0.2


def test_confidence_is_learnt_on_scores_of_the_same_kind(sample):
    # Of the pairs that met few stand on products with a single maker: too few to learn from.
    found = rank_introductions(sample, k=3)
    met = found.head(60)[["seeker_id", "counterpart_id"]].assign(
        salon_id="S9", held_on="2022-05-01", met=True, outcome=["contract", "none"] * 30
    )
    held = replace(sample, salons=typed("salons", met), demands=sample.demands.iloc[:0])
    assert rank_introductions(held, ["E001"])["calibration"].str.startswith("calibrated").all()
    few = rank_introductions(held, max_makers=1)
    assert len(few)
    assert few["calibration"].eq("uncalibrated").all()


def test_confidence_is_near_the_true_chance_where_the_score_is_far_from_it(sample, by_role):
    # A synthetic world in which a fifth of the strongest and few of the weakest meetings come to something.
    found = by_role["customer"]
    rank = found["score"].rank(pct=True)
    truth = 0.02 + 0.2 * rank
    met = found.sample(800, random_state=1)
    won = np.random.default_rng(1).uniform(size=800) < truth[met.index]
    salons = met[["seeker_id", "counterpart_id"]].assign(
        salon_id="S9", held_on="2022-05-01", met=True, outcome=np.where(won, "sample", "none")
    )
    learnt = rank_introductions(replace(sample, salons=typed("salons", salons)))
    assert learnt[["seeker_id", "counterpart_id"]].equals(found[["seeker_id", "counterpart_id"]])
    assert (learnt["confidence"] - truth).abs().mean() < 0.04
    assert (learnt["score"] - truth).abs().mean() > 0.12


def test_reasons_state_equal_scores(sample, by_role):
    found = by_role["customer"]
    first = found[found["seeker_id"].eq("E001")].head(3)
    assert first["score"].round(9).nunique() == 2
    assert first["ties"].tolist() == [1, 1, 0]
    assert "与睿蓝汽车科技有限公司同分" in first["reason"].iloc[0]
    assert "与赛力斯汽车有限公司同分" in first["reason"].iloc[1]
    # Ties reach beyond the last one listed.
    one = rank_introductions(sample, ["E001"], k=1)
    assert one["ties"].tolist() == [1]
    assert "与另外1家同分" in one["reason"].iloc[0]
    listed = found.groupby(["seeker_id", "score"])["rank"].transform("size") - 1
    assert (found["ties"] >= listed).all()


def test_servers_of_the_sample_are_servers(sample, by_role):
    made = sample.offers.groupby("enterprise_id")["product"].agg("、".join)
    category = sample.enterprises.set_index("enterprise_id")["category"]
    money = set(by_role["financier"]["counterpart_id"])
    assert "E243" in money
    for firm in money:
        assert category[firm] == "金融机构" or any(
            w in made[firm] for w in ("授信", "租赁", "供应链金融", "保险")
        )
    testers = set(by_role["tester"]["counterpart_id"])
    assert "E244" in testers
    # Packaging and testing chips is making chips, and a clinical trial tests no machine.
    only = {firm for firm in testers if category[firm] != "检测机构"}
    assert not {f for f in only if set(made[f].split("、")) <= {"芯片封装测试", "芯片设计", "临床试验服务"}}
    assert "E249" in set(by_role["research partner"]["counterpart_id"])


def test_some_seekers_get_the_rows_they_get_among_all(sample, by_role):
    some = ["E120", "E001", "E003", "E001"]
    for role in ("customer", "tester"):
        whole = by_role[role]
        expected = whole[whole["seeker_id"].isin(some)].reset_index(drop=True)
        assert rank_introductions(sample, iter(some), role=role).equals(expected)
    assert rank_introductions(sample, "E001").equals(huashu(by_role["customer"]))


def test_a_second_run_and_a_given_duckdb_give_the_same_rows(sample, by_role):
    again = rank_introductions(sample, engine=ibis.duckdb.connect())
    assert again.equals(by_role["customer"])
    shuffled = replace(
        sample,
        offers=sample.offers.sample(frac=1, random_state=1, ignore_index=True),
        product_chain=sample.product_chain.sample(frac=1, random_state=2, ignore_index=True),
        demands=sample.demands.sample(frac=1, random_state=3, ignore_index=True),
    )
    # Cosines are summed in the order of the texts, so that the last digits of scores differ.
    pd.testing.assert_frame_equal(rank_introductions(shuffled), again, rtol=0, atol=2e-6)


@pytest.mark.filterwarnings("ignore")  # Spark and its Python side warn about their own internals
def test_spark_gives_the_same_rows(sample, by_role, spark):
    for role in ("customer",):  # half a minute
        found = rank_introductions(sample, role=role, engine=spark)
        pd.testing.assert_frame_equal(found, by_role[role], check_exact=True)
