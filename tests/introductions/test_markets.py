"""Chains an enterprise is in, chains that are new to it, and first contacts there."""

from dataclasses import replace

import pandas as pd
import pytest

from liaison_analysis import load_liangjiang, rank_introductions
from liaison_analysis.introductions.markets import CHAIN_COLUMNS, DOOR_COLUMNS, market_entry
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger


def frame(table: str, columns: str, *rows: tuple) -> pd.DataFrame:
    return typed(table, pd.DataFrame(list(rows), columns=columns.split()))


def small(*, supplies=(), text="想认识做轮毂的厂") -> Ledger:
    return Ledger(
        enterprises=frame(
            "enterprises", "enterprise_id name industry_code",
            ("R", "机器人", "3491"), ("P", "手机", "3922"), ("V", "整车", None), ("L", "轮毂", "3670"),
        ),
        offers=frame(
            "offers", "enterprise_id product",
            ("R", "工业机器人"), ("P", "智能手机"), ("V", "新能源乘用车"), ("L", "铝合金轮毂"),
        ),
        product_chain=frame(
            "product_chain", "upstream downstream",
            ("工业机器人", "智能手机"), ("工业机器人", "铝合金轮毂"), ("铝合金轮毂", "新能源乘用车"),
        ),
        supplies=frame("supplies", "supplier_id customer_id product", *supplies),
        demands=frame("demands", "demand_id enterprise_id raised_on text", ("D", "R", "2022-01-01", text)),
    )  # fmt: skip


def test_customers_make_a_chain_known_and_inputs_place_who_has_no_code():
    entry = market_entry(small(supplies=[("R", "P", "工业机器人")]), "R")
    assert list(entry.chains.columns) == CHAIN_COLUMNS
    assert list(entry.doors.columns) == DOOR_COLUMNS
    chains = entry.chains.set_index("chain")
    assert chains.loc["39", ["standing", "known_customers"]].tolist() == ["in", 1]
    # V has no code; most makers of what goes into its cars are of division 36.
    assert chains.loc["36", ["standing", "counterparts"]].tolist() == ["new", 2]
    assert set(entry.doors["counterpart_id"]) == {"L", "V"}
    assert entry.doors["door"].tolist() == [1, 2]


def test_a_door_is_in_its_own_division_or_else_that_of_makers_of_its_product():
    ledger = small()
    more = frame(
        "enterprises", "enterprise_id name industry_code", ("W", "整车二", "3612"), ("Y", "整车三", "3612"),
        ("Z", "改装", "3311"), ("T", "轮胎", "2911"), ("U", "轮胎二", "2911"), ("X", "轮胎三", "2911"),
    )  # fmt: skip
    made = frame(
        "offers", "enterprise_id product",
        *((firm, "新能源乘用车") for firm in "WYZ"), *((firm, "轮胎") for firm in "TUX"),
    )  # fmt: skip
    grown = replace(
        ledger,
        enterprises=pd.concat([ledger.enterprises, more], ignore_index=True),
        offers=pd.concat([ledger.offers, made], ignore_index=True),
        product_chain=pd.concat(
            [ledger.product_chain, frame("product_chain", "upstream downstream", ("轮胎", "新能源乘用车"))]
        ),
    )
    doors = market_entry(grown, "R", doors=9).doors.set_index("counterpart_id")["chain"]
    # V has no code: two of three makers of cars are of 36, and most makers of what goes into them of 29.
    assert doors[["V", "W", "Z"]].tolist() == ["36", "36", "33"]


def test_its_own_words_make_a_chain_known_but_not_its_wishes():
    entry = market_entry(small(text="我们在3C行业已经成熟，想进汽车行业"), "R")
    assert set(entry.doors["counterpart_id"]) == {"L", "V"}  # P is in a chain that is not new
    chains = entry.chains.set_index("chain")
    assert chains["standing"].to_dict() == {"39": "in", "36": "new"}
    wished = market_entry(small(text="想进汽车行业"), "R").chains
    assert wished["standing"].eq("new").all()


def test_huashu_is_in_electronics_and_its_top_counterparts_are_car_makers():
    ledger = load_liangjiang()
    entry = market_entry(ledger, "E001")
    assert entry.chains.loc[entry.chains["standing"].eq("in"), "chain"].tolist() == ["39"]
    assert entry.doors["counterpart_id"].tolist()[:2] == ["E241", "E242"]
    assert len(entry.doors) == 5
    assert not entry.doors["chain"].eq("39").any()
    ranked = rank_introductions(ledger, ["E001"], k=99).set_index("counterpart_id")["score"]
    assert entry.doors["score"].tolist() == ranked[entry.doors["counterpart_id"]].tolist()


def test_wrong_questions():
    for doors in (0, 1.5):
        with pytest.raises(ValueError, match=f"doors must be a whole number from 1; got {doors}"):
            market_entry(small(), "R", doors=doors)
    with pytest.raises(ValueError, match="'nobody'"):
        market_entry(small(), "nobody")
