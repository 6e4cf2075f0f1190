"""Lines of drawn pages: glyphs drawn several times, and watermarks."""

import pytest
from helpers.pdf_drawing import ACT, HEIGHT, Drawing, texts


def test_text_drawn_twice_is_read_once_and_like_digits_stay():
    drawing = Drawing()
    for i, line in enumerate(ACT):
        for shift in (0, 0.4, 0.8)[: 3 - i % 2]:
            drawing.text(60 + shift, 80 + 24 * i, line)
    assert texts(drawing) == ACT


@pytest.mark.parametrize("kind", ["slanted", "pale", "large"])
def test_watermarks_are_no_text(kind):
    drawing = Drawing()
    canvas = drawing.canvas
    canvas.saveState()
    if kind == "slanted":
        canvas.translate(100, HEIGHT - 180)
        canvas.rotate(30)
        drawing.text(0, HEIGHT, "内部资料", 14)
    else:
        canvas.setFillGray(0.85 if kind == "pale" else 0)
        drawing.text(60, 110, "内部资料请勿外传", 14 if kind == "pale" else 60)
    canvas.restoreState()
    for i, line in enumerate(ACT):
        drawing.text(60, 80 + 24 * i, line)
    assert texts(drawing) == ACT


def test_a_large_title_is_no_watermark():
    drawing = Drawing()
    drawing.text(60, 70, "某市人民政府文件", 36)
    for i, line in enumerate(ACT):
        drawing.text(60, 120 + 24 * i, line)
    assert texts(drawing) == ["某市人民政府文件", *ACT]
