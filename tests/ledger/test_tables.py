from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.ledger.schema import TABLES
from liaison_analysis.ledger.sheets import Sheet
from liaison_analysis.ledger.tables import find_header, name_columns, read_table

OFFERS = TABLES["offers"]


def test_the_header_is_the_topmost_row_with_most_headers():
    rows = [["产品"], ["企业编号", "产品", "x"], ["产品", "企业编号"], ["E1", "a"]]
    assert find_header(Sheet("offers", rows), OFFERS) == 1
    assert find_header(Sheet("offers", [["x"]] * 30 + rows), OFFERS) == -1
    assert find_header(Sheet("offers", [["x"]] * 28 + rows), OFFERS) == 29
    assert find_header(Sheet("offers", []), OFFERS) == -1


def test_read_table_keeps_row_numbers_and_extra_columns():
    rows = [
        [],
        ["标题"],
        ["企业编号", "产品", "", "", "备注"],
        [],
        ["E1", "a", "", "z"],
        ["E2"],
        ["", "", "", "", ""],
    ]
    frame, found = read_table(Sheet("offers", rows), OFFERS)
    assert found == []
    assert frame.index.tolist() == [5, 6, 7]
    assert frame.loc[5].to_dict() == {"enterprise_id": "E1", "product": "a", "column_4": "z", "备注": ""}


def test_a_second_header_line_belongs_to_the_header_only_if_it_fills_blanks():
    two = [["企业编号", "名称", "备注", "规模"], ["", "", "", "人数"], ["E1", "甲", "无", "5"]]
    frame, _ = read_table(Sheet("enterprises", two), TABLES["enterprises"])
    assert frame.to_dict("index") == {
        3: {"enterprise_id": "E1", "name": "甲", "备注": "无", "headcount": "5"}
    }
    one = [["企业编号", "名称", "备注"], ["E1", "人数", "人数"]]
    frame, _ = read_table(Sheet("enterprises", one), TABLES["enterprises"])
    assert frame["name"].tolist() == ["人数"]


def test_a_title_is_not_taken_for_a_header():
    rows = [["企业走访"], ["", "企业编号", "名称"], ["1", "E1", "甲"]]
    frame, _ = read_table(Sheet("enterprises", rows), TABLES["enterprises"])
    assert list(frame) == ["column_1", "enterprise_id", "name"]


@given(
    st.lists(
        st.sampled_from(["", "备注", "备注_2", "column_1", "产品", "product", "Product", "a\nb", "weight"]),
        max_size=9,
    )
)
def test_columns_get_names_of_their_own_that_stay_when_named_again(headers):
    names, again = name_columns(headers, OFFERS)
    assert len(names) == len(set(names)) == len(headers)
    assert len(again) == max(0, sum(h.lower() in {"产品", "product"} for h in headers) - 1) + max(
        0, headers.count("weight") - 1
    )
    if not again:
        assert name_columns(names, OFFERS) == (names, [])
