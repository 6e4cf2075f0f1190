"""Whom a demand describes as its customers."""

import pytest

from liaison_analysis.introductions.targets import target_strength, targets_of


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        ("想找做导管的企业一起上中试", ["导管"]),
        ("领我们去几家注塑厂坐坐", ["注塑"]),
        ("做卤货、做虾、做软罐头的，要样就寄", ["卤货", "虾", "软罐头"]),
        ("鲜奶、净菜、豆腐都能放", ["鲜奶", "净菜", "豆腐"]),
        ("拟面向屠宰、水产、乳品企业推出包年送检", ["屠宰", "水产", "乳品"]),
        ("请转告做童装的和印染的来送样", ["童装", "印染"]),
        ("寻一家染厂承接", ["染"]),
        ("请推荐几家做外贸单的", ["外贸"]),
        ("夜班基本空着，小批量也接", []),
        ("本地消化不足一成，价格可谈", []),
    ],
)
def test_targets_are_read_in_the_words_of_the_demand(text, targets):
    assert targets_of(text) == targets


def test_what_is_offered_is_no_target():
    assert targets_of("想认识几家阀门厂", ["阀门"]) == []


def test_a_target_must_be_what_the_phrase_is_about():
    assert target_strength(["注塑"], "医用洁净注塑") == 1.0
    # Mould makers serve injection moulders, but are not injection moulders.
    assert target_strength(["注塑"], "注塑模具") == pytest.approx(0.35)
    assert target_strength(["水产"], "速冻鱼片", ["鱼片", "水产"]) == 1.0
    assert target_strength(["奶"], "巴氏鲜奶") == pytest.approx(0.8)
    assert target_strength(["水产"], "月饼") == 0.0
