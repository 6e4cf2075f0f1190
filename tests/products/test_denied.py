import pandas as pd
import pytest

from liaison_analysis.products import business_offers, denied_words, without_denied


@pytest.mark.parametrize(
    ("text", "done", "denied"),
    [
        ("不锈钢件、铝件；不做电镀、喷粉", "不锈钢件、铝件；", ["电镀", "喷粉"]),
        ("循环寿命，暂不开展阻燃、抗菌", "循环寿命，", ["阻燃", "抗菌"]),
        ("无EMC暗室、安规检测", "安规检测", ["EMC暗室"]),
        ("农药残留。不做转基因、不做功能评价", "农药残留。", ["转基因", "功能评价"]),
        ("零担、短驳；没有冷藏车", "零担、短驳；", ["冷藏车"]),
        ("隔油池清掏（不收危废）", "隔油池清掏（）", ["危废"]),
        ("尚未取得危货资质，普货运输", "，普货运输", ["危货资质"]),
    ],
)
def test_a_denial_ends_with_its_list(text, done, denied):
    assert without_denied(text) == done
    assert denied_words(text) == denied


@pytest.mark.parametrize("text", ["不锈钢、不干胶标签", "无刷电机、无尘服、无人机", "未来材料", "不饱和树脂"])
def test_names_of_goods_that_begin_with_a_negation_deny_nothing(text):
    assert without_denied(text) == text
    assert denied_words(text) == []


def test_what_is_denied_is_no_offer():
    firms = pd.DataFrame({"enterprise_id": ["E1"], "main_business": ["铝合金压铸件；不做电镀"]})
    assert business_offers(firms)["evidence"].tolist() == ["铝合金压铸件"]
