import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison_analysis.ledger.schema import TABLES, Column
from liaison_analysis.ledger.validation import check_columns, check_references, check_rows, kept_digits, parse

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


def test_what_a_failed_formula_shows_is_one_problem_a_cell_and_no_value():
    frame = pd.DataFrame(
        {
            "enterprise_id": ["#REF!", "E1", "E2"],
            "product": ["#N/A", "#1轴承", "C#"],
            "weight": ["0.5", "#DIV/0!", "1"],
            "备注": ["#NAME?", "", ""],
        },
        index=[2, 3, 4],
        dtype="str",
    )
    values, found = check_columns(frame, OFFERS, "产品")
    reasons = {(p["row"], p["column"], p["value"]): p["reason"] for p in found}
    assert set(reasons) == {(2, "enterprise_id", "#REF!"), (2, "product", "#N/A"), (3, "weight", "#DIV/0!")}
    assert len(found) == 3
    assert set(reasons.values()) == {"formula error; fix or clear the cell"}
    assert values["product"].isna().tolist() == [True, False, False]
    assert values["备注"].tolist()[0] == "#NAME?"  # a column of the user's own stays as it is


def test_each_row_of_a_repeated_bad_value_is_found():
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
