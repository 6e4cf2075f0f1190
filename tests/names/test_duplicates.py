import pandas as pd

from liaison_analysis.names.duplicates import find_duplicates
from liaison_analysis.names.index import NameIndex
from liaison_analysis.names.roster import build_roster

ALIKE = pd.DataFrame(
    {
        "enterprise_id": ["A", "B", "C", "D"],
        "name": ["翎沃电子材料科技", "翎握电子材料科技", "云岫一", "云岫二"],
    }
)


def test_the_score_of_names_that_are_alike_must_reach_the_least():
    roster = build_roster(ALIKE)
    pairs = find_duplicates(roster, least=0.5)
    assert pairs[["enterprise_id", "other_id", "why"]].to_numpy().tolist() == [["A", "B", "alike"]]
    score = pairs["score"][0]
    assert len(find_duplicates(roster, least=score)) == 1
    assert find_duplicates(roster, least=score + 1e-6).empty


def test_short_names_that_differ_in_one_character_are_two_firms():
    assert find_duplicates(build_roster(ALIKE[2:]), least=0.0).empty


def test_names_that_differ_by_more_than_two_characters_are_two_firms():
    names = ["翎沃电子材料科技", "翎沃电子材料科技第一厂"]
    roster = build_roster(pd.DataFrame({"enterprise_id": ["A", "B"], "name": names}))
    assert find_duplicates(roster, least=0.0).empty


def test_by_default_a_pair_needs_the_probability_of_a_likely_name():
    index = NameIndex(ALIKE[:2])
    assert index.duplicates(least=0.5)["score"].between(0.85, 0.89).all()
    assert index.duplicates().empty


def test_an_alias_that_is_another_enterprises_name_shows_them_as_a_pair():
    enterprises = pd.DataFrame({"enterprise_id": ["A", "B"], "name": ["甲甲甲甲", "乙乙乙乙"]})
    aliases = pd.DataFrame({"enterprise_id": ["B"], "alias": ["甲甲甲甲"]})
    assert find_duplicates(build_roster(enterprises), least=0.9).empty
    assert find_duplicates(build_roster(enterprises, aliases), least=0.9)["why"].tolist() == ["alike"]
