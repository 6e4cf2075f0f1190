"""How products answer a search or go into others, by a catalogue small enough to work out by hand."""

import pandas as pd
import pytest

from liaison_analysis.introductions.product_matches import ProductMatcher, product_matcher
from liaison_analysis.products import ProductCatalogue

ROWS = [
    # product, synonyms, is_a, code, material, part, equipment, service
    ("机器人", "", "", "3491", "", "减速器", "", ""),
    ("工业机器人", "机械臂", "机器人", "3491", "", "伺服电机", "", ""),
    ("减速器", "减速机", "", "3453", "轴承", "", "", ""),
    ("RV减速器", "", "减速器", "3453", "", "", "", ""),
    ("伺服电机", "", "", "3812", "", "", "", ""),
    ("轴承", "", "", "3451", "", "", "", ""),
]
COLUMNS = ["product", "synonyms", "is_a", "code", "material", "part", "equipment", "service"]


@pytest.fixture
def matcher():
    return ProductMatcher(ProductCatalogue.of(pd.DataFrame(ROWS, columns=COLUMNS)))


def test_a_kind_answers_a_search_better_than_what_it_is_a_kind_of(matcher):
    assert matcher.answers("减速器", "减速器") == 1.0
    assert matcher.answers("减速器", "RV减速器") == 0.85
    assert matcher.answers("RV减速器", "减速器") == 0.6
    assert matcher.answers("轴承", "减速器") == 0.0


def test_a_product_goes_into_what_its_kind_goes_into_and_into_kinds_of_that(matcher):
    # 减速器 goes into 机器人, so RV减速器, a kind of it, goes into 工业机器人, one step below.
    assert matcher.goes_into("减速器", "机器人") == 1.0
    assert matcher.goes_into("RV减速器", "工业机器人") == pytest.approx(0.85 * 0.8)
    assert matcher.goes_into("机器人", "减速器") == 0.0


def test_words_mean_products_surely_as_a_whole_and_less_surely_inside(matcher):
    assert matcher.meant("减速机") == {"减速器": 1.0}
    assert matcher.meant("精密轴承") == {"轴承": 0.85}
    assert matcher.meant("减速机维修工具") == {"减速器": 0.75}
    assert matcher.meant("废轴承") == {}


def test_the_matcher_of_a_catalogue_is_made_once():
    catalogue = ProductCatalogue.of(pd.DataFrame(ROWS, columns=COLUMNS))
    assert product_matcher(catalogue) is product_matcher(catalogue)
