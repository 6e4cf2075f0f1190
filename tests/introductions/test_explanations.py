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


def reason_text(ledger, role="customer", language="zh", **evidence):
    return with_reasons(ranked(**evidence), ledger, role, language)["reason"].iloc[0]


def test_a_path_starts_at_the_supplying_side(ledger):
    path = {"path": "机器人→焊装线→轿车", "chain": 0.4}
    assert (
        reason_text(ledger, **path)
        == "甲机器人的机器人经焊装线用于乙汽车的轿车；没有诉求直接提到这一对接（依据：主要是产业链）"
    )
    back = reason_text(ledger, role="supplier", **path)
    assert back == "乙汽车的机器人经焊装线用于甲机器人的轿车；没有诉求直接提到这一对接（依据：主要是产业链）"
    assert (
        reason_text(ledger, language="en", path="机器人→轿车", chain=0.4)
        == "机器人 of 甲机器人 goes into 轿车 of 乙汽车; no demand speaks of this (rests on the chain)"
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
        "甲机器人想找做轿车的客户（诉求D7）；乙汽车正做轿车；甲机器人的机器人用于乙汽车的轿车；"
        "乙汽车也要买或外协机器人（诉求D9）（依据：主要是本方诉求，其次产业链，其次对方诉求）"
    )
    total = 0.45 * 0.5 + 0.40 * 0.8 + 0.15 * 0.6
    shares = [found[f"{part}_share"] for part in WEIGHTS]
    assert shares == pytest.approx([0.225 / total, 0.32 / total, 0.09 / total], abs=1e-6)
    assert sum(shares) == pytest.approx(1, abs=2e-6)


def test_reasons_note_an_unnamed_service_and_a_rival(ledger):
    assert reason_text(
        ledger, role="financier", counterpart_id="B", demand_id="D3", asked=0.5, product=""
    ) == ("甲机器人要融资（诉求D3）；丙银行办理融资业务，是否合适待问（依据：主要是本方诉求）")
    assert reason_text(
        ledger, role="tester", language="en", counterpart_id="B", demand_id="D3", asked=0.5
    ) == (
        "甲机器人 asks for testing (demand D3); 丙银行 tests, ask whether it does this test"
        " (rests on its own demand)"
    )
    rival = reason_text(ledger, path="机器人→轿车", chain=0.4, competitor=True)
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
    assert found["reason"].iloc[0].endswith("（依据：主要是产业链）")


def test_the_reason_of_a_known_link_has_its_direction(ledger):
    supplies = pd.DataFrame({"supplier_id": ["R"], "customer_id": ["B"], "product": ["机器人"]})
    linked = Ledger(
        enterprises=ledger.enterprises, offers=ledger.offers, supplies=typed("supplies", supplies)
    )
    path = {"path": "机器人→轿车", "chain": 0.4}
    assert "甲机器人已供货给做同类产品的丙银行" in reason_text(linked, linked_via="B", **path)
    # Seen by V as a customer of somebody like R: R itself is the one that supplies B.
    other = reason_text(linked, counterpart_id="B", seeker_id="V", linked_via="R", **path)
    assert "做同类产品的甲机器人已供货给丙银行" in other


def test_a_tie_names_the_tied_counterparts(ledger):
    two = pd.concat(
        [
            ranked(path="机器人→轿车", chain=0.4, ties=1),
            ranked(path="机器人→轿车", chain=0.4, ties=1, counterpart_id="B"),
        ],
        ignore_index=True,
    )
    reasons = with_reasons(two.copy(), ledger, "customer", "zh")["reason"]
    assert reasons[0] == (
        "甲机器人的机器人用于乙汽车的轿车；没有诉求直接提到这一对接；与丙银行同分，先后只按编号（依据：主要是产业链）"
    )
    assert "与乙汽车同分" in reasons[1]
    # Others with the same score may stand behind the last one listed.
    english = with_reasons(two.head(1).assign(ties=3), ledger, "customer", "en")["reason"]
    assert english[0].endswith("; equal to 3 more; order by id (rests on the chain)")
    apart = with_reasons(two.assign(ties=0), ledger, "customer", "zh")["reason"]
    assert not apart.str.contains("同分").any()


def test_the_demands_own_words_are_quoted_masked_and_names_grow_short():
    firms = pd.DataFrame(
        {
            "enterprise_id": ["R", "V", "W"],
            "name": ["云山甲智机器人有限公司", "云山乙驰汽车有限公司", "云山丙联焊装有限公司"],
        }
    )
    text = "贷款批下来了，谢谢。想认识整车厂的采购，电话13812345678，把机器人卖给他们"
    demands = pd.DataFrame(
        {"demand_id": ["D1"], "enterprise_id": ["R"], "raised_on": ["2024-03-01"], "text": [text]}
    )
    offers = pd.DataFrame(
        [("R", "机器人"), ("V", "轿车"), ("W", "焊装线")], columns=["enterprise_id", "product"]
    )
    full = Ledger(
        enterprises=typed("enterprises", firms),
        offers=typed("offers", offers),
        demands=typed("demands", demands),
    )
    reason = reason_text(
        full, path="机器人→焊装线→轿车", chain=0.3, product="轿车", demand_id="D1", asked=0.5
    )
    assert "13812345678" not in reason
    assert "贷款" not in reason
    assert "（诉求D1：「…想认识整车厂的采购，电话" in reason
    # Whole the first time, short afterwards; who makes what lies between is named as a third.
    assert reason.count("云山乙驰汽车有限公司") == 1
    assert "甲智机器人的机器人经焊装线用于乙驰汽车的轿车" in reason
    assert "焊装线由云山丙联焊装有限公司生产，可请来三方对接" in reason


def test_a_reason_states_that_the_demand_names_the_counterpart():
    firms = pd.DataFrame(
        {
            "enterprise_id": ["R", "V", "W"],
            "name": ["云山甲智机器人有限公司", "云山乙驰汽车有限公司", "云山丙联焊装有限公司"],
        }
    )
    demands = pd.DataFrame(
        {"demand_id": ["D1"], "enterprise_id": ["R"], "raised_on": ["2024-03-01"],
         "text": ["想约见乙驰的采购"]}
    )  # fmt: skip
    full = Ledger(enterprises=typed("enterprises", firms), demands=typed("demands", demands))
    reason = reason_text(full, product="", demand_id="D1", asked=1.0)
    assert reason.startswith(
        "云山甲智机器人有限公司的诉求点名云山乙驰汽车有限公司（诉求D1：「想约见乙驰的采购」）"
    )


def test_what_the_counterpart_may_want_is_passed_over_where_the_seekers_demand_is_enough(ledger):
    both = {
        "demand_id": "D1", "product": "轿车", "asked": 0.6, "counterpart_demand_id": "D2",
        "counterpart_wanted_product": "机器人", "seeker_product": "机器人", "back": 0.5,
    }  # fmt: skip
    sure = reason_text(ledger, **both)
    unsure = reason_text(ledger, **both, counterpart_match="like")
    assert "D2" in sure
    assert sure.endswith("（依据：主要是本方诉求，其次对方诉求）")
    assert "D2" not in unsure
    assert unsure.endswith("（依据：主要是本方诉求）")
    # Where nothing else speaks for the pair, it is said, and that it is to be asked about.
    alone = reason_text(ledger, **both | {"demand_id": None, "asked": 0.0}, counterpart_match="like")
    assert "D2" in alone
    assert "待问" in alone


def of_texts(business):
    """Two firms of which only business texts are known."""
    firms = pd.DataFrame(
        {
            "enterprise_id": ["R", "V"],
            "name": ["甲机器人", "乙汽车"],
            "main_business": ["焊接机器人", business],
        }
    )
    return Ledger(enterprises=typed("enterprises", firms))


def test_what_a_firm_is_only_registered_for_is_not_said_to_be_its_business():
    said = {"demand_id": "D7", "asked": 0.8, "product": "模具", "match": "same"}
    own, listed = "汽车、模具", "一般项目：模具销售；货物进出口。实际为汽车"
    assert "乙汽车主营「模具」" in reason_text(of_texts(own), role="supplier", **said)
    assert "乙汽车经营范围有「模具」" in reason_text(of_texts(listed), role="supplier", **said)
    english = reason_text(of_texts(listed), role="supplier", language="en", **said)
    assert "乙汽车 is registered for 模具" in english


def test_a_path_between_business_texts_is_stated_only_where_no_demand_says_more(ledger):
    path = {"path": "机器人→轿车", "chain": 0.5}
    asked = {"demand_id": "D7", "asked": 0.8, "product": "轿车", "match": "like"}
    assert "用于" in reason_text(of_texts("轿车"), **path)
    assert "用于" not in reason_text(of_texts("轿车"), **path, **asked)
    assert "用于" in reason_text(ledger, **path, **asked)
