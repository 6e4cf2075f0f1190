import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.schema import TABLES, Column
from liaison_analysis.sheets import Sheet
from liaison_analysis.validation import (
    check_columns,
    check_references,
    check_rows,
    find_header,
    kept_digits,
    name_columns,
    parse,
    read_table,
)

OFFERS = TABLES["offers"]


def texts(*cells):
    return pd.Series(list(cells), dtype="str")


@given(st.dates(pd.Timestamp("1900-01-01").date(), pd.Timestamp("2100-12-31").date()))
def test_a_date_is_read_the_same_however_it_is_written(day):
    serial = (pd.Timestamp(day) - pd.Timestamp("1899-12-30")).days
    written = [
        f"{day:%Y-%m-%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
    ]
    written += [str(serial)] if serial >= 10_000 else []
    assert set(parse(texts(*written), Column("day", (), "date"))) == {pd.Timestamp(day)}


@given(st.text(alphabet="0123456789-/.年月日号 :T", max_size=20))
def test_a_date_is_in_its_range_or_missing(written):
    [day] = parse(texts(written), Column("day", (), "date"))
    assert pd.isna(day) or 1900 <= day.year <= 2100


@given(st.floats(-1e300, 1e300).filter(lambda x: x == 0 or abs(x) > 1e-300))
def test_a_number_is_read_as_written_with_15_digits(number):
    kept = kept_digits(number)
    assert abs(kept - number) <= abs(number) * 1e-14
    assert parse(texts(repr(kept)), Column("n", (), "number")).tolist() == [kept]


@given(st.text(max_size=12))
def test_any_text_is_read_as_something_or_missing_in_every_kind(written):
    for kind in ("text", "date", "number", "integer", "flag"):
        assert len(parse(texts(written, written), Column("c", (), kind))) == 2


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


def test_each_row_of_a_repeated_bad_value_is_found_and_pandera_stays_quiet(recwarn):
    frame = pd.DataFrame(
        {"enterprise_id": ["E1", "", "E1"], "product": ["a", "b", "c"], "weight": ["x", "x", "7"]},
        index=[4, 9, 11],
        dtype="str",
    )
    values, found = check_columns(frame, OFFERS, "产品")
    assert [(p["row"], p["column"], p["value"]) for p in found] == [
        (9, "enterprise_id", ""),
        (4, "weight", "x"),
        (9, "weight", "x"),
        (11, "weight", "7"),
    ]
    assert values["weight"].isna().tolist() == [True, True, False]
    assert not recwarn.list


def test_a_table_without_rows_has_no_problems():
    frame = pd.DataFrame({"enterprise_id": [], "product": []}, dtype="str")
    values, found = check_columns(frame, OFFERS, "offers")
    assert found == []
    assert list(check_rows(values, OFFERS, "offers")) == []
    assert values.dtypes.astype(str).to_dict() == OFFERS.empty().dtypes.astype(str).to_dict()


def test_products_are_not_checked_against_nothing():
    enterprises = pd.DataFrame({"enterprise_id": ["E1", "E2"]}, dtype="str")
    supplies = pd.DataFrame({"supplier_id": ["E1"], "customer_id": ["E2"], "product": ["火箭"]}, dtype="str")
    frames, names = (
        {"enterprises": enterprises, "supplies": supplies},
        {"enterprises": "企业", "supplies": "供货"},
    )
    assert list(check_references(frames, names)) == []
    offers = pd.DataFrame({"enterprise_id": ["E1"], "product": ["卫星"]}, dtype="str")
    [found] = check_references(frames | {"offers": offers}, names | {"offers": "产品"})
    assert (found["sheet"], found["value"]) == ("供货", "火箭")


@pytest.mark.parametrize(("written", "value"), [("是", True), ("Ｎ", False), ("", pd.NA), ("也许", pd.NA)])
def test_flags(written, value):
    [found] = parse(texts(written), Column("f", (), "flag"))
    assert found is value or found == value
