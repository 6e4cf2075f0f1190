import pytest

from liaison_analysis.introductions.named_firms import how_named, learnt_weights, named_examples


@pytest.mark.parametrize(
    "text",
    [
        "想约见温驿，谈谈运输",
        "请园区带我们去一趟温驿，见见采购",
        "不求温驿换供应商，只求让我们试一批",
        "听说温驿要上新线，想给引荐一下",
    ],
)
def test_a_firm_is_named_to_be_met(text):
    assert how_named("温驿", text) == (True, False)


@pytest.mark.parametrize(
    "text",
    [
        "包装温驿供着，都好得很，缺的是焊带",
        "老主顾温驿不用介绍，想认识做柜子的",
        "温驿只跑国内，问过了，另找一家",
        "上回带去温驿白跑一趟，人家用不上",
        "多谢牵线，温驿已经下单，不用再跟",
        "厂门口到温驿那段路没有路灯",
    ],
)
def test_partners_failures_thanks_and_landmarks_are_not_named_to_be_met(text):
    assert how_named("温驿", text)[0] is False


def test_who_is_thanked_or_has_failed_is_not_to_be_met():
    assert how_named("温驿", "多谢牵线，温驿已经下单，不用再跟") == (False, True)
    assert how_named("温驿", "上回带去温驿白跑一趟，人家用不上") == (False, True)


def test_each_firm_of_a_text_is_read_by_itself():
    text = "边框白渚供着，好得很；想请园区引荐温驿的采购"
    assert how_named("温驿", text, ["白渚"]) == (True, False)
    assert how_named("白渚", text, ["温驿"])[0] is False


def test_a_firm_that_is_not_named_is_neither():
    assert how_named("温驿", "想找一家跑国际的") == how_named("", "问过了") == (False, False)


def test_the_examples_name_one_firm_each_and_say_how():
    examples = named_examples()
    assert len(set(examples)) == len(examples) == 800
    assert all("□" in text for text, _ in examples)
    assert {relation for _, relation in examples} == {"wanted", "partner", "refused", "settled", "mentioned"}


def test_the_packaged_weights_are_those_that_the_examples_teach():
    from importlib.resources import files

    packaged = files("liaison_analysis.introductions").joinpath("named_firm_weights.csv").read_text("utf-8")

    def rows(table):
        pairs = (line.rpartition(",") for line in table.splitlines()[1:])
        return {feature: float(weight) for feature, _, weight in pairs}

    assert rows(learnt_weights()) == pytest.approx(rows(packaged), abs=2e-4)
