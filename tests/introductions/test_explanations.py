import pandas as pd
import pytest

from liaison_analysis.introductions.explanations import CONTEXT, WEIGHTS, with_reasons
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger


@pytest.fixture
def ledger():
    names = {"R": "甲机器人", "V": "乙汽车", "B": "丙银行"}
    offers = [("R", "机器人"), ("V", "轿车"), ("V", "机器人"), ("B", "授信")]
    return Ledger(
        enterprises=typed(
            "enterprises", pd.DataFrame({"enterprise_id": list(names), "name": list(names.values())})
        ),
        offers=typed("offers", pd.DataFrame(offers, columns=["enterprise_id", "product"])),
    )


def ranked(**evidence):
    row = {
        "seeker_id": "R", "counterpart_id": "V", "rank": 1, "ties": 0,
        "path": None, "product": None, "demand_id": None,
        "counterpart_wanted_product": None, "counterpart_demand_id": None,
        "chain": 0.0, "asked": 0.0, "back": 0.0, "competitor": False, "linked_via": None,
    } | dict.fromkeys(CONTEXT, 0.0) | evidence  # fmt: skip
    row["score"] = round(sum(row[part] * weight for part, weight in WEIGHTS.items()), 9)
    return pd.DataFrame([row])


def said(ledger, role="customer", language="zh", **evidence):
    return with_reasons(ranked(**evidence), ledger, role, language)["reason"].iloc[0]


def test_a_path_is_told_from_the_supplying_side(ledger):
    path = {"path": "机器人→焊装线→轿车", "chain": 0.4}
    assert said(ledger, **path) == "甲机器人的机器人经焊装线用于乙汽车的轿车（产业链100%）"
    back = said(ledger, role="supplier", **path)
    assert back == "乙汽车的机器人经焊装线用于甲机器人的轿车（产业链100%）"
    assert (
        said(ledger, language="en", path="机器人→轿车", chain=0.4)
        == "机器人 of 甲机器人 goes into 轿车 of 乙汽车 (chain 100%)"
    )


def test_both_demands_are_named_with_their_shares(ledger):
    found = with_reasons(
        ranked(
            path="机器人→轿车", chain=0.5, product="轿车", demand_id="D7", asked=0.8,
            counterpart_wanted_product="机器人", counterpart_demand_id="D9", back=0.6,
        ),
        ledger, "customer", "zh",
    ).iloc[0]  # fmt: skip
    assert found["reason"] == (
        "甲机器人的机器人用于乙汽车的轿车；诉求D7要找轿车，乙汽车可提供；乙汽车的诉求D9也在找机器人"
        "（产业链35%，本方诉求50%，对方诉求14%）"
    )
    total = 0.45 * 0.5 + 0.40 * 0.8 + 0.15 * 0.6
    shares = [found[f"{part}_share"] for part in WEIGHTS]
    assert shares == pytest.approx([0.225 / total, 0.32 / total, 0.09 / total], abs=1e-6)
    assert sum(shares) == pytest.approx(1, abs=2e-6)


def test_an_unnamed_service_and_a_rival_are_said(ledger):
    assert said(ledger, role="financier", counterpart_id="B", demand_id="D3", asked=0.5, product="") == (
        "诉求D3要找融资，丙银行可提供（本方诉求100%）"
    )
    assert said(ledger, role="tester", language="en", counterpart_id="B", demand_id="D3", asked=0.5) == (
        "demand D3 asks for testing, which 丙银行 offers (own demand 100%)"
    )
    rival = said(ledger, path="机器人→轿车", chain=0.4, competitor=True)
    assert "；注意：双方都做机器人（" in rival


def test_missing_texts_are_empty_and_types_are_plain(ledger):
    found = with_reasons(ranked(demand_id="D3", asked=0.5), ledger, "tester", "zh")
    assert (
        found[["path", "product", "counterpart_wanted_product", "counterpart_demand_id"]]
        .eq("")
        .all(axis=None)
    )
    assert found["role"].tolist() == ["tester"]
    assert found["competitor"].dtype == bool


def test_context_has_its_share_of_what_carries(ledger):
    found = with_reasons(ranked(path="机器人→轿车", chain=0.5, town=1.0, size=0.5), ledger, "customer", "zh")
    whole = 0.9 + 0.01 + 0.005
    shares = found[["chain_share", "town_share", "size_share"]].iloc[0].tolist()
    assert shares == pytest.approx([0.9 / whole, 0.01 / whole, 0.005 / whole], abs=1e-6)
    assert found["reason"].iloc[0].endswith("（产业链98%，同镇1%，规模相近1%）")


def test_a_known_link_is_told_the_way_it_goes(ledger):
    supplies = pd.DataFrame({"supplier_id": ["R"], "customer_id": ["B"], "product": ["机器人"]})
    linked = Ledger(
        enterprises=ledger.enterprises, offers=ledger.offers, supplies=typed("supplies", supplies)
    )
    path = {"path": "机器人→轿车", "chain": 0.4}
    assert "甲机器人已供货给做同类产品的丙银行" in said(linked, linked_via="B", **path)
    # Seen by V as a customer of somebody like R: R itself is the one that supplies B.
    other = said(linked, counterpart_id="B", seeker_id="V", linked_via="R", **path)
    assert "做同类产品的甲机器人已供货给丙银行" in other


def test_a_tie_is_told_with_whom_it_is(ledger):
    two = pd.concat(
        [
            ranked(path="机器人→轿车", chain=0.4, ties=1),
            ranked(path="机器人→轿车", chain=0.4, ties=1, counterpart_id="B"),
        ],
        ignore_index=True,
    )
    told = with_reasons(two.copy(), ledger, "customer", "zh")["reason"]
    assert told[0] == "甲机器人的机器人用于乙汽车的轿车；与丙银行同分，先后只按编号（产业链100%）"
    assert "与乙汽车同分" in told[1]
    # Others with the same score may stand behind the last one listed.
    english = with_reasons(two.head(1).assign(ties=3), ledger, "customer", "en")["reason"]
    assert english[0].endswith("; equal to 3 more; order by id (chain 100%)")
    apart = with_reasons(two.assign(ties=0), ledger, "customer", "zh")["reason"]
    assert not apart.str.contains("同分").any()
