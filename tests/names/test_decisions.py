import pandas as pd
import pytest

from liaison_analysis.names.candidates import Scored
from liaison_analysis.names.decisions import decide
from liaison_analysis.names.parts import take_apart
from liaison_analysis.names.roster import build_roster

ROSTER = build_roster(
    pd.DataFrame(
        {
            "enterprise_id": ["E0", "E1", "E2", "E3"],
            "name": ["云岫新能源科技", "云岫轴承", "澄砚集团安岚钢构", "重庆翎沃食品"],
            "town": ["水土", "鱼复", "", ""],
        }
    )
)


def decided(written, ranked, containing=(), town="", least=0.9):
    return decide(ROSTER, take_apart([written])[0], Scored(ranked, list(containing)), town, least=least)


@pytest.mark.parametrize(
    ("ranked", "containing", "status"),
    [
        ([(3, 0.7), (0, 0.2)], [3], "contained"),
        ([(3, 0.69), (0, 0.2)], [3], "ambiguous"),
        ([(3, 0.7), (0, 0.2)], [], "ambiguous"),
        ([(3, 0.95), (0, 0.05)], [], "likely"),
        ([(3, 0.94), (0, 0.05)], [], "ambiguous"),
        ([(3, 0.01), (0, 0.01)], [], "ambiguous"),
        ([(3, 0.01), (0, 0.009)], [], "unknown"),
        ([], [], "unknown"),
    ],
)
def test_margins_decide(ranked, containing, status):
    assert decided("翎沃食", ranked, containing).status == status


def test_the_least_margin_is_the_callers():
    assert decided("翎沃食", [(3, 0.6)], least=0.5).status == "likely"


def test_words_of_trade_alone_are_no_answer():
    answer = decided("科技", [(0, 0.99)], [0])
    assert (answer.status, answer.why) == ("ambiguous", "only words of a trade, no brand")


def test_of_several_names_that_hold_it_the_town_chooses():
    several = [(0, 0.6), (1, 0.4)]
    assert decided("云岫", several, [0, 1]).why == "the names of 2 enterprises hold 云岫"
    there = decided("云岫", several, [0, 1], town="鱼复新城")
    assert (there.status, there.place, there.score) == ("contained", 1, 0.4)
    assert there.why == "the one in 鱼复新城 of 2 that match"


def test_another_firm_of_the_brand_makes_a_likely_name_ambiguous():
    answer = decided("云岫科技", [(0, 0.97), (1, 0.02)])
    assert (answer.status, answer.why) == ("ambiguous", "E1 matches as well")
    assert [enterprise for enterprise, _ in answer.others] == [0, 1]


def test_a_group_is_not_its_member():
    answer = decided("澄砚集团", [(2, 0.99)], [2])
    assert (answer.status, answer.why) == ("ambiguous", "a member of 澄砚集团, not the group itself")


def test_improbable_candidates_are_not_shown():
    answer = decided("翎沃", [(3, 0.5), (0, 0.06), (1, 0.04)])
    assert [enterprise for enterprise, _ in answer.others] == [3, 0]
