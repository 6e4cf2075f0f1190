"""Words of a text that are names of persons, so that no theme is named after one."""

from __future__ import annotations

import re
from typing import Final

from liaison_analysis.text.normalisation import tagged_words

# The most frequent surnames (Ministry of Public Security, report on names 2020), and those of two characters.
_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢"
    "傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武莫孔向汤"
)
_NAME: Final = re.compile(rf"(?:欧阳|上官|司马|诸葛|[{_SURNAMES}])[\u4e00-\u9fff]{{1,2}}")
_OFFICE: Final = (
    "经理|主任|书记|局长|科长|处长|部长|院长|厂长|镇长|区长|市长|所长|站长|队长|校长|店长|会长|秘书长?|会计|师傅|老师|"
    "工程师|先生|女士|小姐|同志|律师|医生|老板|主管|专员|总监|助理|董事长|总经理|副总"
)
# Short titles count only after a surname, as one word: 王总, 张工, 李某.
_ADDRESSED: Final = re.compile(
    rf"(?:欧阳|[{_SURNAMES}])(?:[\u4e00-\u9fff]{{0,2}}(?:{_OFFICE})|总|工|姐|哥|某某?)"
)
_SAYS: Final = re.compile(rf"反映|表示|提出|称|来电|电话|建议|说|咨询|认为|告知|介绍|诉求|投诉|{_OFFICE}")
_BEFORE: Final = frozenset(
    {"联系", "联系人", "负责人", "法人", "法定代表", "法定代表人", "经办人", "找", "致电", "老板", "业主"}
)
# Words that begin like names but are not names.
_NO_NAMES: Final = frozenset(
    {"许可证", "许可", "高工", "马路", "何时", "何时能", "方工", "高总", "万一", "顾客", "顾问"}
)


def person_words(text: str) -> set[str]:
    """Find the words that name a person: by surname, and by an office or a verb of speaking beside them.

    Parameters
    ----------
    text
        A text, normalised.

    Returns
    -------
    set of str
        Words as ``words`` cuts them; words that only may be names are left out.

    Examples
    --------
    >>> sorted(person_words("联系王经理解决用电；张三反映停车难")), person_words("马路反映破损,许可证难办")
    (['张三', '王经理'], set())
    """
    found: set[str] = set()
    tagged = [("", ""), *tagged_words(text), ("", "")]
    for before, (word, tag), after in zip(tagged, tagged[1:], tagged[2:], strict=False):
        if word in _NO_NAMES or len(word) < 2:
            continue
        name = tag == "nr" and _NAME.fullmatch(word)
        beside = before[0] in _BEFORE or (after[0] and _SAYS.match(after[0]))
        if _ADDRESSED.fullmatch(word) or (name and beside):
            found.add(word)
    return found
