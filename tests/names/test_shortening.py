"""Short names drop common parts, and stay distinct."""

from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.names import brands_of, short_names, without_place

FIRMS = {
    "A": "云山华数机器人有限公司",
    "B": "云山砺石机床股份有限公司",
    "C": "云山远航物流有限责任公司",
    "D": "海川（云山）精密科技有限公司",
}


def test_place_and_legal_form_go_whatever_the_place():
    assert short_names(FIRMS) == {"A": "华数机器人", "B": "砺石机床", "C": "远航物流", "D": "海川精密"}


def test_a_beginning_that_few_share_is_no_place():
    assert short_names({"A": "云山华数有限公司", "B": "海川砺石有限公司"}) == {
        "A": "云山华数",
        "B": "海川砺石",
    }


def test_two_that_would_be_called_alike_keep_their_names():
    two = FIRMS | {"E": "云山砺石机床有限公司"}
    assert short_names(two)["E"] == "云山砺石机床有限公司"
    assert short_names(two)["B"] == "云山砺石机床股份有限公司"
    assert brands_of(two) == {"A": "华数", "C": "远航", "D": "海川"}


def test_a_short_name_is_no_place_alone():
    assert short_names({"A": "佛山科技有限公司"}) == {"A": "佛山科技有限公司"}


def test_a_place_goes_only_where_a_brand_follows():
    names = [
        "江苏省苏州市昆山市甲乙机床",
        "佛山甲",
        "佛山甲乙",
        "佛山机床智能装备",
        "佛山智能装备",
        "中国甲乙",
        "云山甲乙",
    ]
    assert [without_place(name) for name in names] == [
        "甲乙机床", "佛山甲", "甲乙", "机床智能装备", "佛山智能装备", "中国甲乙", "云山甲乙",
    ]  # fmt: skip


@given(
    st.dictionaries(
        st.text(max_size=3), st.text(alphabet="云山华数有限公司科技()（）", min_size=1, max_size=12)
    )
)
def test_short_names_are_never_empty_and_as_distinct_as_the_names(names):
    short = short_names(names)
    assert set(short) == set(names)
    assert all(short.values())
    assert len(set(short.values())) == len(set(names.values()))
