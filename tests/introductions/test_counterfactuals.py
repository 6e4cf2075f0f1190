"""What would change the order, tried out; and which evidence made it."""

from dataclasses import replace

import pandas as pd
import pytest

from liaison_analysis import load_liangjiang, rank_introductions
from liaison_analysis.introductions.counterfactuals import _DEMANDS, COLUMNS, what_if, without_each
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger


def frame(table: str, columns: str, *rows: tuple) -> pd.DataFrame:
    return typed(table, pd.DataFrame(list(rows), columns=columns.split()))


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return Ledger(
        enterprises=frame(
            "enterprises", "enterprise_id name", ("R", "甲机器人"), ("V", "乙整车"), ("W", "丁焊装")
        ),
        offers=frame(
            "offers", "enterprise_id product", ("R", "工业机器人"), ("V", "新能源乘用车"), ("W", "焊装生产线")
        ),
        product_chain=frame(
            "product_chain",
            "upstream downstream relation",
            ("工业机器人", "焊装生产线", "part"),
            ("焊装生产线", "新能源乘用车", "equipment"),
        ),
        demands=frame(
            "demands",
            "demand_id enterprise_id raised_on text",
            ("D1", "R", "2022-01-05", "想认识主机厂，把工业机器人卖进去"),
        ),
    )


@pytest.fixture(scope="module")
def changes(ledger) -> pd.DataFrame:
    return what_if(ledger, "R", "V", "W")


def test_what_is_enough_is_enough_when_done(ledger, changes):
    assert list(changes.columns) == COLUMNS
    now = changes.iloc[0]
    assert (now["kind"], now["rank_a"], now["rank_b"], now["enough"]) == ("now", 1, 2, False)
    demand = changes[changes["kind"].eq("demand")].iloc[0]
    assert demand["change"] == "甲机器人提出诉求，点名要找做焊装生产线的企业"
    assert demand["enough"]
    assert demand["score_b"] > demand["score_a"]
    asked = frame(
        "demands",
        "demand_id enterprise_id raised_on text",
        ("X", "R", "2022-02-01", "想认识做焊装生产线的厂家，把我们的产品卖给他们"),
    )
    done = replace(ledger, demands=pd.concat([ledger.demands, asked], ignore_index=True))
    found = rank_introductions(done, ["R"]).set_index("counterpart_id")
    assert found["rank"].to_dict() == {"W": 1, "V": 2}
    assert found.loc["W", "score"] == pytest.approx(demand["score_b"])


def test_a_known_trade_excludes_a_from_the_list(changes):
    trade = changes[changes["kind"].eq("trade")].iloc[0]
    assert trade["enough"]
    assert pd.isna(trade["rank_a"])
    assert trade["rank_b"] == 1


def test_the_ledger_stays_and_the_least_change_comes_first(ledger, changes):
    assert len(ledger.demands) == 1
    enough = changes["enough"].tolist()
    assert enough[1:] == sorted(enough[1:], reverse=True)
    found = what_if(load_liangjiang(), "E001", "E241", "E242")
    assert found["enough"].tolist() == [False, True, True, False, False]
    moved = (found[["score_a", "score_b"]] - found.loc[0, ["score_a", "score_b"]]).abs().sum(axis=1)
    assert moved[1] < moved[2]
    assert moved[3] < moved[4]
    assert found["kind"].tolist() == ["now", "back", "trade", "feed", "demand"]
    assert what_if(ledger, "R", "V", "W").equals(changes)


def test_what_a_carries_is_what_b_would_have_to_make(ledger):
    silent = replace(ledger, demands=ledger.demands.iloc[:0])
    supplier = what_if(silent, "V", "W", "R", role="supplier").set_index("kind")
    assert supplier.loc["offer", "change"] == "甲机器人也做焊装生产线"
    customer = what_if(silent, "R", "W", "V").set_index("kind")
    assert customer.loc["offer", "change"] == "乙整车也做焊装生产线"


def test_two_together_where_none_is_enough(ledger):
    # V stands by path and by demand; somebody without either needs more than one change.
    far = replace(
        ledger,
        enterprises=pd.concat(
            [ledger.enterprises, frame("enterprises", "enterprise_id name", ("Z", "己食品"))]
        ),
        offers=pd.concat([ledger.offers, frame("offers", "enterprise_id product", ("Z", "饼干"))]),
    )
    found = what_if(far, "R", "V", "Z")
    assert pd.isna(found.loc[0, "rank_b"])
    two = found["kind"].str.contains("+", regex=False)
    assert not found.loc[~two, "enough"].any()
    assert two.sum() == 1
    for part in found.loc[two, "kind"].iloc[0].split("+"):
        one = found[found["kind"].eq(part)].iloc[0]
        assert one["score_b"] < found.loc[two, "score_b"].iloc[0]
        assert one["change"] in found.loc[two, "change"].iloc[0]


@pytest.mark.parametrize("wrong", [{"a": "W"}, {"seeker": "nobody"}, {"role": "friend"}])
def test_what_cannot_be_asked(ledger, wrong):
    asked = {"seeker": "R", "a": "V", "b": "W", "role": "customer"} | wrong
    role = asked.pop("role")
    with pytest.raises(ValueError, match="three different enterprises"):
        what_if(ledger, *asked.values(), role=role)


SERVICES = {
    "financier": ("银行授信", "融资租赁", "金融机构"),
    "tester": ("机器人检测认证", "软件测评", "检测机构"),
    "research partner": ("技术研发合作", "材料研发服务", "科研院所"),
}


@pytest.mark.parametrize("role", SERVICES)
def test_who_serves_can_be_put_first_as_well(ledger, role):
    # A offers what R's demand names, B another service of the kind.
    first, other, category = SERVICES[role]
    firms = ("A", "子机构", category), ("B", "丑机构", category)
    services = Ledger(
        enterprises=pd.concat(
            [ledger.enterprises, frame("enterprises", "enterprise_id name category", *firms)]
        ),
        offers=pd.concat(
            [
                ledger.offers,
                frame("offers", "enterprise_id product", ("A", first), ("B", other), ("B", "咨询")),
            ]
        ),
        product_chain=pd.concat(
            [
                ledger.product_chain,
                frame(
                    "product_chain", "upstream downstream relation", (first, "新能源乘用车", "service"),
                    (other, "新能源乘用车", "service"),
                ),
            ]
        ),
        demands=frame(
            "demands", "demand_id enterprise_id raised_on text",
            ("D1", "R", "2022-01-05", _DEMANDS[role].format(first)),
        ),
    )  # fmt: skip
    found = what_if(services, "R", "A", "B", role=role).set_index("kind")
    assert found.loc["now", ["rank_a", "rank_b"]].tolist() == [1, 2]
    assert found.loc["demand", "change"] == f"甲机器人提出诉求，点名要{other}"
    assert found.loc["offer", "change"] == f"丑机构也做{first}"
    assert found.loc["offer", "score_b"] > found.loc["now", "score_b"]
    assert found.loc["demand", "score_b"] > found.loc["now", "score_b"]
    assert found.loc["trade", "rank_b"] == 1
    assert "back" not in found.index
    assert ("feed" in found.index) == (role != "financier")
    if role != "financier":
        assert found.loc["feed", "change"] == f"产品链上{other}用于工业机器人"
        assert found.loc["feed", "enough"]


def test_ablation_shows_what_each_stands_on(ledger):
    found = without_each(ledger, "R").set_index("counterpart_id")
    assert found.loc["V", ["rank_without_chain", "rank_without_asked"]].tolist() == [1, 2]
    assert pd.isna(found.loc["W", "rank_without_chain"])  # the line stands on its path alone
    assert found.loc["V", "score_without_chain"] < found.loc["V", "score"]
