"""Columns of text on drawn pages."""

from helpers.pdf_drawing import Drawing, texts


def test_columns_are_read_one_after_the_other():
    drawing = Drawing()
    drawing.text(180, 50, "关于支持企业发展的若干措施的通知")
    left = [
        "第一条 对认定的企业给予一次性",
        "奖励，同一企业只奖励一次，不",
        "重复。",
        "第二条 对租用厂房的企业给予",
    ]
    right = [
        "补贴，最高五十万元，期限三年。",
        "第三条 对贷款的企业给予贴息，",
        "期限一年。",
        "第四条 自发布之日起施行三年。",
    ]
    for i, (one, other) in enumerate(zip(left, right, strict=True)):
        drawing.text(50, 90 + 20 * i, one)
        drawing.text(300, 90 + 20 * i, other)
    drawing.text(50, 190, "附则：由区经信局会同区财政局负责解释，并根据实际情况适时进行调整。")
    found = texts(drawing)
    assert found[1:9] == [*left, *right]
    assert (found[0][:2], found[9][:2], len(found)) == ("关于", "附则", 10)


def test_columns_whose_lines_stand_at_different_heights_are_read_one_after_the_other():
    drawing = Drawing()
    left = [
        "第一条 对认定的企业给予一次性",
        "奖励，同一企业只奖励一次，不",
        "得重复申报同类专项资金。",
        "第二条 对租用厂房的企业给予",
    ]
    right = [
        "补贴，最高五十万元，期限三年。",
        "第三条 对贷款的企业给予贴息，",
        "期限一年，逾期不再受理申请。",
        "第四条 自发布之日起施行三年。",
    ]
    for i, (one, other) in enumerate(zip(left, right, strict=True)):
        drawing.text(50, 90 + 27 * i, one)
        drawing.text(300, 83 + 20 * i, other)
    assert texts(drawing) == [*left, *right]
    # A signature on the right is no column.
    signed = Drawing()
    for i, line in enumerate(left):
        signed.text(50, 90 + 27 * i, line)
    for i, line in enumerate(["某市经济发展局", "某市财政税务局", "2024年5月6日"]):
        signed.text(330, 210 + 20 * i, line)
    assert texts(signed)[:4] == left


def test_words_set_apart_in_a_line_are_no_columns():
    drawing = Drawing()
    for i, (name, day) in enumerate([("某市经济局", "某市财政局"), ("某市科技局", "某市税务局")]):
        drawing.text(60, 80 + 24 * i, name)
        drawing.text(300, 80 + 24 * i, day)
    assert texts(drawing) == ["某市经济局 某市财政局", "某市科技局 某市税务局"]
