import pytest

from liaison_analysis.policies.conditions import read_conditions

TOWNS = ["鱼复", "水土", "龙兴"]


def found(text, field):
    return [condition.value for condition in read_conditions(text, towns=TOWNS) if condition.field == field]


@pytest.mark.parametrize(
    ("text", "field", "values"),
    [
        ("龙兴、鱼复片区的企业", "town", ["龙兴、鱼复"]),
        ("园区企业", "town", []),
        ("对汽车制造业企业给予补助", "industry_prefix", ["36"]),
        ("通用设备制造业、专用设备制造业企业研制的装备", "industry_prefix", ["34、35"]),
        ("为锂电池、化工企业提供运输", "industry_prefix", ["3841、26"]),
        ("整车企业的供应商以票据贴现的", "industry_prefix", []),
        ("向机器人企业采购的", "industry_prefix", []),
        ("四上企业和规模以上工业企业", "category", ["四上"]),
        ("首次获评国家级小巨人企业的", "category", []),
        ("小巨人企业租用厂房的", "category", ["小巨人"]),
        ("本办法所称中小企业，是指", "category", []),
        ("科研院所向企业开放仪器的", "category", ["科研院所"]),
        ("企业委托科研院所研发的", "category", []),
        ("小巨人企业和科研院所的骨干人才", "category", ["小巨人、科研院所"]),
        ("职工人数不少于50人的企业", "min_headcount", ["50"]),
        ("企业职工总数达到１２０人以上的", "min_headcount", ["120"]),
        ("输送普工30人以上的", "min_headcount", []),
        ("职工人数30人以下的企业", "min_headcount", []),
        ("按投资额的8%给予补助，最高300万元", "benefit", ["按投资额的8%给予补助；最高300万元"]),
        ("年产量500台以上的", "threshold", ["年产量500台以上"]),
        ("研发费用占比不低于3%的", "threshold", ["研发费用占比不低于3%"]),
        ("补贴不超过20万元", "threshold", []),
        ("除龙兴片区外的企业", "town", []),
        ("除龙兴片区外的企业", "threshold", ["除龙兴片区外"]),
        ("免收水土保持补偿费", "town", []),
        ("不含规模以上工业企业，其他汽车制造业企业可以申报", "category", []),
        ("不含规模以上工业企业，其他汽车制造业企业可以申报", "industry_prefix", ["36"]),
        ("国家级专精特新“小巨人”企业租用厂房的", "category", ["小巨人"]),
        ("规模以上服务业企业", "category", ["四上"]),
        ("规模以上服务业企业", "threshold", ["规模以上服务业企业"]),
        ("创新型中小企业", "category", []),
        ("创新型中小企业", "threshold", ["创新型中小企业"]),
        ("高新技术企业租用厂房的，给予补助", "threshold", ["高新技术企业"]),
        ("首次获评高新技术企业的，奖励20万元", "threshold", ["首次获评高新技术企业"]),
        (
            "取得体系认证、产品认证的奖励：首次通过航空航天认证的，奖励15万元",
            "threshold",
            ["首次通过航空航天认证"],
        ),
        ("安全生产标准化达到二级的企业奖励5万元", "threshold", ["安全生产标准化达到二级"]),
        ("企业通过铁路班列出口货物的，每标准箱补贴1500元", "threshold", []),
        ("年营业收入超过1亿元的企业", "threshold", ["年营业收入超过1亿元"]),
        ("担保费率高于1%的部分给予补贴", "threshold", []),
        ("成立时间不满5年的企业", "threshold", ["成立时间不满5年"]),
        ("三年内未发生安全事故的企业", "threshold", ["三年内未发生安全事故的企业"]),
        ("职工100人至300人的企业", "min_headcount", ["100"]),
        ("职工100人至300人的企业", "threshold", ["职工100人至300人"]),
    ],
)
def test_conditions(text, field, values):
    assert found(text, field) == values


def test_every_condition_stands_in_the_text():
    text = "鱼复片区职工人数50人以上的专精特新汽车制造业企业，投资500万元以上的，按8%补助，最高100万元。"
    for condition in read_conditions(text, towns=TOWNS):
        assert all(part in text for part in condition.words.replace("；", "、").split("、")), condition


def test_makers_above_the_size_are_those_above_the_size():
    assert found("规模以上制造业企业投入500万元以上的，补助5%。", "category") == ["四上"]


def test_a_small_firm_that_is_recognised_has_to_be_so():
    assert found("专精特新中小企业新增贷款的，按1个百分点贴息。", "category") == ["专精特新"]


def test_a_banks_counter_is_no_bank_that_applies():
    assert found("银行柜台。", "category") == []
    assert found("银行向小微企业发放贷款的，奖励5万元。", "category") == ["金融机构"]
