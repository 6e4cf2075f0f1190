"""A page carries the Chinese characters it needs, and no more."""

from __future__ import annotations

import base64
import io
import re

from fontTools.ttLib import TTFont

from liaison_analysis.report.fonts import font_face


def test_the_font_holds_the_texts_chinese_characters_only():
    face = font_face("沙龙 salon 日程")
    packed = base64.b64decode(re.search(r"base64,([^)]+)", face)[1])
    with TTFont(io.BytesIO(packed)) as font:
        assert {chr(code) for code in font.getBestCmap()} == set("沙龙日程")
    assert face == font_face("程日龙沙")
