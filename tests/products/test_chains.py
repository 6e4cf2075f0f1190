"""The local part of a general chain, on a chain small enough to work out by hand."""

import pandas as pd
import pytest

from liaison_analysis.products.catalogue import ProductCatalogue
from liaison_analysis.products.chains import local_chain
from liaison_analysis.products.tables import COLUMNS

ROWS = [
    ("机器人", "机械臂", "", "3491", "", "减速器|电机", "", "检测"),
    ("焊接机器人", "", "机器人", "3491", "", "焊枪"),
    ("减速器", "减速机", "", "3453", "钢材"),
    ("RV减速器", "", "减速器", "3453", "合金钢"),
    ("电机", "", "", "381", "铜线"),
    ("铜线", "", "", "3251", "铜"),
    ("铜", "", "", "3211"),
    ("车", "", "", "361", "", "座椅", "焊接机器人"),
    ("座椅", "", "", "36"), ("焊枪", "", "", "34"), ("检测", "", "", "74"),
    ("钢材", "", "", "31"), ("合金钢", "", "", "31"),
]  # fmt: skip


@pytest.fixture(scope="module")
def catalogue():
    rows = [dict(zip(COLUMNS, (*row, *[""] * 8), strict=False)) for row in ROWS]
    return ProductCatalogue.of(pd.DataFrame(rows).assign(table="t"))


def pairs(chain):
    return set(zip(chain["upstream"], chain["downstream"], strict=True))


def test_a_kind_that_is_made_here_stands_for_what_it_is_a_kind_of(catalogue):
    chain = local_chain(catalogue, ["ＲＶ减速器", "机器人"])
    # 减速器 itself is no gap: a kind of it is made here.
    assert pairs(chain) == {
        ("ＲＶ减速器", "机器人"),
        ("电机", "机器人"),
        ("检测", "机器人"),
        ("合金钢", "ＲＶ减速器"),
    }


def test_paths_of_two_links_are_kept_and_longer_ones_are_not(catalogue):
    assert ("铜线", "电机") in pairs(local_chain(catalogue, ["铜线", "机器人"]))
    assert ("铜", "铜线") not in pairs(local_chain(catalogue, ["铜", "机器人"]))


def test_what_is_sought_brings_its_inputs(catalogue):
    assert pairs(local_chain(catalogue, ["座椅"], ["车"])) == {("座椅", "车"), ("焊接机器人", "车")}
    assert local_chain(catalogue, ["座椅"]).empty


def test_a_machine_goes_into_nothing_further(catalogue):
    # 焊枪 is built into 焊接机器人, which only makes cars.
    assert ("焊枪", "焊接机器人") not in pairs(local_chain(catalogue, ["焊枪", "车"]))


def test_unknown_products_have_no_links(catalogue):
    assert local_chain(catalogue, ["没有的东西"]).empty
