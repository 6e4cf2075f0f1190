"""Names of persons among the words of a text."""

import pytest

from liaison_analysis.text import person_words


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("联系王经理解决用电", {"王经理"}),
        ("张三反映停车难", {"张三"}),
        ("李建国主任到场协调", {"李建国"}),
        ("欧阳锋表示宿舍不足", {"欧阳锋"}),
        ("与赵工沟通", {"赵工"}),
        ("胡书记您好", {"胡书记"}),
    ],
)
def test_names_are_found_by_office_or_verb(text, names):
    assert person_words(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "马路反映破损严重",
        "许可证办理慢",
        "高企申报难",
        "安全主任到场",
        "方案建议修改",
        "企业反映用工难",
        "黄兴路拥堵",
    ],
)
def test_other_words_are_no_names(text):
    assert person_words(text) == set()
