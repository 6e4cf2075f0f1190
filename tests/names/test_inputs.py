import pandas as pd
import pytest

from liaison_analysis.names.inputs import check_roster, days_of, spread

ROSTER = pd.DataFrame({"enterprise_id": ["A", "B"], "name": ["甲", "乙"]})


def test_one_value_is_repeated_and_several_must_be_as_many_as_names():
    assert spread(None, 2, "town") == [None, None]
    assert spread("水土", 2, "town") == ["水土", "水土"]
    assert spread(pd.Series(["水土", "鱼复"]), 2, "town") == ["水土", "鱼复"]
    assert spread(pd.Timestamp("2022-01-01"), 1, "on") == [pd.Timestamp("2022-01-01")]
    with pytest.raises(ValueError, match="expected town once or 2 times, got 3 values"):
        spread(["a", "b", "c"], 2, "town")


def test_days_are_counted_from_1970_and_missing_ones_get_their_number():
    dates = pd.Series(["1969-12-31", None, "2022-03-05"], dtype=object)
    assert days_of(dates, 3, -7) == [-1, -7, 19_056]
    assert days_of(pd.Series([pd.Timestamp("1970-01-02 23:59")]), 1, None) == [1]
    assert days_of(None, 2, None) == [None, None]


def test_a_good_roster_passes_and_each_alias_needs_an_enterprise_of_it():
    aliases = pd.DataFrame({"enterprise_id": ["B", "B", "A"], "alias": ["丙", "丁", "戊"]})
    assert check_roster(ROSTER, None) is None
    assert check_roster(ROSTER, aliases) is None
    with pytest.raises(ValueError, match=r"^aliases: expected ids of the roster, got \['B'\]"):
        check_roster(ROSTER[:1], aliases)


def test_all_faults_of_a_roster_come_in_one_error():
    twice = pd.DataFrame({"enterprise_id": ["A", "A", None]})
    with pytest.raises(ValueError, match="add") as caught:
        check_roster(twice, pd.DataFrame({"enterprise_id": ["Z", "A"]}))
    lines = str(caught.value).splitlines()
    duplicates = "got duplicate or missing ids ['A']; give each enterprise an id of its own"
    assert lines == [
        "enterprises: expected the columns enterprise_id, name, got ['enterprise_id']; add ['name']",
        "aliases: expected the columns enterprise_id, alias, got ['enterprise_id']; add ['alias']",
        f"enterprises: expected every id once, {duplicates}",
        "aliases: expected ids of the roster, got ['Z']; add these enterprises",
    ]


def test_a_missing_id_is_a_fault_without_a_duplicate():
    with pytest.raises(ValueError, match=r"missing ids \[\]"):
        check_roster(pd.DataFrame({"enterprise_id": ["A", None], "name": ["甲", "乙"]}), None)
