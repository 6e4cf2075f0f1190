"""Names of themes: what may stand in one, and which one is chosen."""

from __future__ import annotations

import numpy as np
import pytest

from liaison_analysis.demands.theme_names import NamePart, name_parts, ranked_names
from liaison_analysis.text import tagged_words


def names(texts, terms):
    [parts] = name_parts([texts], [terms])
    return [part.name for part in parts]


def part(name, holds, *, kinds=("n",), own=1.0):
    return NamePart(name, len(kinds), kinds, np.array(holds, dtype=bool), own)


def placed(where):
    """Give each name the place that a test wants it at."""
    return lambda wanted: np.array([where[name] for name in wanted], dtype=np.float32)


TWO_THEMES = np.eye(2, dtype=np.float32)


def test_a_part_is_held_by_two_texts_and_holds_a_word_of_the_theme():
    texts = ["鱼复新城厂房漏雨", "三号楼厂房漏雨没人修", "仓库地坪起砂", "员工食堂太远"]
    assert names(texts, ["厂房", "漏雨", "屋顶"]) == ["厂房", "漏雨", "厂房漏雨"]
    assert names(texts, ["屋顶", "地坪", "车间"]) == []
    assert names([], ["厂房"]) == []


def test_what_is_wrong_may_end_a_phrase_but_fillers_persons_and_numbers_are_not_in_it():
    texts = ["请问停车位不足怎么解决", "希望停车位不足尽快解决", "张三反映停车位不足", "300个停车位"]
    assert names(texts, ["停车位", "解决", "张三"]) == ["停车位", "停车位不足"]


def test_firms_and_words_of_where_something_is_are_no_names():
    texts = ["外省供应商断供", "外省供应商有限公司断供", "供应商有限公司涨价"]
    assert names(texts, ["供应商", "外省", "有限公司"]) == ["供应商"]


def test_a_part_belongs_to_the_theme_that_uses_its_words_most():
    parking, loans = name_parts(
        [["员工停车位", "员工停车位少"], ["员工贷款", "贷款利率", "贷款担保", "贷款"]],
        [["停车位", "员工"], ["贷款", "员工"]],
    )
    own = {part.name: part.own for part in parking}
    assert own["停车位"] == 1
    assert own["员工"] == pytest.approx(1 / 1.25)
    assert [part.name for part in loans] == ["贷款"]


def test_the_word_that_more_texts_hold_is_the_name_where_both_mean_the_theme():
    parts = [part("电梯", [1, 0, 0, 0, 0, 0, 0, 0]), part("住房", [1, 1, 1, 1, 1, 1, 0, 0])]
    near = placed({"电梯": [1, 0], "住房": [1, 0]})
    assert ranked_names(parts, TWO_THEMES, 0, vectors_of=near)[0] == "住房"


def test_a_word_near_another_theme_is_no_name():
    parts = [part("住房", [1, 1, 1, 0]), part("贷款", [1, 1, 1, 1])]
    near = placed({"住房": [1, 0], "贷款": [0.6, 0.8]})
    assert ranked_names(parts, TWO_THEMES, 0, vectors_of=near)[0] == "住房"


def test_two_words_of_different_texts_are_joined_the_more_frequent_first():
    parts = [part("物业", [1, 1, 0, 0, 0]), part("住房", [0, 0, 1, 1, 1])]
    near = placed({"住房": [0.8, 0.6, 0], "物业": [0.8, 0, 0.6]})
    assert ranked_names(parts, np.eye(3, dtype=np.float32), 0, vectors_of=near)[0] == "住房与物业"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (part("检测", [1, 1, 1, 0]), part("机构", [1, 1, 1, 0])),  # of the same texts
        (part("停车位", [1, 1, 0, 0]), part("停车场", [0, 0, 1, 1])),  # with a character in common
        (part("住房", [1, 1, 1, 1, 1, 0]), part("物业", [0, 0, 0, 0, 0, 1])),  # one is rare
        (part("住房", [1, 1, 0, 0]), part("员工", [0, 0, 1, 1], own=0.2)),  # one is everybody's
        (part("住房", [1, 1, 0, 0]), part("污染严重", [0, 0, 1, 1], kinds=("n", "a"))),  # no thing
    ],
)
def test_no_pair_of(first, second):
    near = placed({first.name: [0.8, 0.6, 0], second.name: [0.8, 0, 0.6]})
    ranked = ranked_names([first, second], np.eye(3, dtype=np.float32), 0, vectors_of=near)
    assert sorted(ranked) == sorted([first.name, second.name])


def test_a_noun_that_the_tagger_takes_for_a_person_may_name_a_theme():
    assert tagged_words("幼儿园") == [("幼儿园", "nr")]
    assert names(["公办幼儿园太少", "幼儿园收费太高"], ["幼儿园"]) == ["幼儿园"]
