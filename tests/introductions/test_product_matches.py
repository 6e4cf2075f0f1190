"""Who makes what is sought, or uses what is offered, by a catalogue small enough to work out by hand."""

import pandas as pd
import pytest

from liaison_analysis.introductions.product_matches import ProductMatcher
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
PHRASES = [
    ("R", "工业机器人", 1.0), ("V", "RV减速器", 1.0), ("G", "减速机", 0.6), ("M", "伺服电机", 1.0),
    ("B", "精密轴承", 1.0), ("X", "月饼", 1.0),
]  # fmt: skip


@pytest.fixture
def matcher():
    return ProductMatcher(ProductCatalogue.of(pd.DataFrame(ROWS, columns=COLUMNS)), PHRASES)


def test_makers_of_a_kind_come_near_those_of_the_thing_and_a_scope_counts_less(matcher):
    found = {firm: match.strength for firm, match in matcher.makers_of(["减速器"]).items()}
    assert found == {"V": 0.85, "G": 0.6}
    assert {f: m.strength for f, m in matcher.makers_of(["RV减速器"]).items()} == {"V": 1.0, "G": 0.36}


def test_users_make_what_it_goes_into_or_a_kind_of_that(matcher):
    # 减速器 goes into 机器人, so RV减速器, a kind of it, goes into 工业机器人, one step below.
    users = matcher.users_of("V", ["RV减速器"])
    assert {firm: match.strength for firm, match in users.items()} == {"R": pytest.approx(0.7 * 0.85 * 0.8)}
    assert users["R"] == (pytest.approx(0.476), "工业机器人", "RV减速器")
    # The demand names none of the firm's products.
    assert matcher.users_of("V", [])["R"].strength == pytest.approx(0.7 * 0.85 * 0.8 * 0.8)
    assert matcher.users_of("X", []) == {}


def test_products_are_read_out_of_a_text_by_any_word(matcher):
    assert matcher.spoken_of("想找减速机和机械臂") == ["减速器", "工业机器人"]
