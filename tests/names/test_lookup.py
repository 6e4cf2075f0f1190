import pandas as pd
import pytest

from liaison_analysis.names.answers import Answer
from liaison_analysis.names.lookup import by_code, by_name, one_of, same_town
from liaison_analysis.names.parts import take_apart
from liaison_analysis.names.roster import build_roster

CODE = "91350100M000100Y43"  # the example of GB 32100-2015


def test_one_slip_from_a_code_is_a_hint_and_no_answer():
    codes = {CODE: [1]}
    assert by_code(f" {CODE[:9]}-{CODE[9:]}", codes, ["E0", "E1"]) == Answer("code", 1, 1.0, 1.0)
    hint = by_code(CODE.replace("M0", "M8", 1), codes, ["E0", "E1"])
    assert (hint.status, hint.place, hint.others) == ("ambiguous", 1, ((1, 0.5),))
    assert "check digit does not fit" in hint.why
    assert "one slip from the code of E1" in hint.why
    assert by_code("91350100M000100Y3X", codes, ["E0", "E1"]).status == "unknown"
    assert by_code("重庆华数机器人", codes, ["E0", "E1"]) is None


def test_a_slip_from_two_codes_leaves_no_margin():
    hint = by_code("91350100M000100Y53", {CODE: [0], "91350100M000100Y5X": [2]}, ["E0", "E1", "E2"])
    assert (hint.place, hint.score, hint.margin) == (0, pytest.approx(1 / 3), 0.0)
    assert [enterprise for enterprise, _ in hint.others] == [0, 2]


def test_the_town_decides_between_several_only_if_one_is_there():
    towns = ["水土", "鱼复", "鱼复"]
    assert one_of([0, 1], "exact", "this name", town="水土", towns=towns).place == 0
    assert one_of([0, 1, 2], "exact", "this name", town="鱼复", towns=towns).status == "ambiguous"
    assert one_of([0, 1], "exact", "this name", towns=towns).others == ((0, 0.5), (1, 0.5))


def test_no_town_is_the_same_as_none():
    assert not same_town("", "")
    assert same_town("镇", "镇")  # the word for a town alone is not cut to nothing


@pytest.fixture(scope="module")
def roster():
    enterprises = pd.DataFrame(
        {"enterprise_id": ["A", "B", "C"], "name": ["云岫有限公司", "云岫股份有限公司", "澄砚厂"]}
    )
    aliases = pd.DataFrame(
        {"enterprise_id": ["C", "C"], "alias": ["山城轴瓦", "云岫"], "valid_to": ["1970-01-10", None]}
    )
    return build_roster(enterprises, aliases)


def answer(roster, written, day=None):
    return by_name(roster, take_apart([written])[0], day, "")


def test_a_whole_name_comes_before_names_that_differ_in_legal_form(roster):
    assert answer(roster, "云岫股份有限公司") == Answer("exact", 1, 1.0, 1.0)
    short = answer(roster, "云岫")  # also an alias of the third
    assert (short.status, short.others) == ("ambiguous", ((0, 1 / 3), (1, 1 / 3), (2, 1 / 3)))


def test_an_alias_counts_up_to_its_last_day(roster):
    assert answer(roster, "山城轴瓦", 9).status == "alias"
    late = answer(roster, "山城轴瓦", 10)
    assert (late.status, late.place, late.score, late.margin) == ("ambiguous", 2, 1.0, 1.0)
    assert late.why == "a name that is not valid on this date"
    assert answer(roster, "山城轴承") is None
