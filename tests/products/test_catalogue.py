"""What terms mean, by the shipped catalogue and with one's own words."""

import pandas as pd
import pytest

from liaison_analysis.products.catalogue import EXACT, HEAD, WITHOUT_TRADE, product_catalogue


@pytest.mark.parametrize(
    ("term", "product", "score"),
    [
        ("ＲＶ 减速器", "RV减速器", EXACT),
        ("减速器行业", "减速器", WITHOUT_TRADE),
        ("国产减速器制造", "减速器", WITHOUT_TRADE),
        ("水冷式协作机器人", "协作机器人", HEAD),
    ],
)
def test_terms_mean_their_product(term, product, score):
    assert product_catalogue().recognise(term) == (product, score)


@pytest.mark.parametrize("term", ["", "行业", "您好", "ICT", "编程工具"])
def test_what_names_no_goods_means_nothing(term):
    assert product_catalogue().recognise(term) is None


def test_materials_and_machines_lose_the_word_for_their_sort_and_others_keep_it():
    catalogue = product_catalogue()
    assert catalogue.recognise("聚丙烯材料").product == "聚丙烯"
    assert catalogue.recognise("光伏材料").product == "光伏材料"
    assert catalogue.recognise("光伏设备").product != "光伏"


def test_kinds_lead_up_step_by_step():
    assert product_catalogue().kinds_of("RV减速器")[:2] == ["精密减速器", "减速器"]
    assert product_catalogue().kinds_of("没有的东西") == []


def test_ones_own_words_and_links_win():
    chain = pd.DataFrame({"upstream": ["减速器"], "downstream": ["机器人"], "relation": ["material"]})
    words = pd.DataFrame({"term": ["小胳膊", "电芯"], "product": ["工业机器人", "我的电芯"]})
    own = product_catalogue().with_own(chain, words)
    assert own.recognise("小胳膊").product == "工业机器人"
    assert own.recognise("电芯").product == "我的电芯"
    link = own.feeds[own.feeds["upstream"].eq("减速器") & own.feeds["downstream"].eq("机器人")]
    assert link["relation"].tolist() == ["material"]
    assert product_catalogue().recognise("小胳膊") is None  # the shipped one is as it was
