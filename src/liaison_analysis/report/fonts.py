"""The Chinese characters of a page as a small font inside it."""

from __future__ import annotations

import base64
import io
from pathlib import Path

# Arrows and circled numbers are in Chinese fonts too; Latin quotes and dashes, which those set wide, are not.
_FIRST_CHINESE = 0x2190
_CHINESE_FONTS = ("PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC")


def font_face(text: str) -> str:
    """CSS of a font with the Chinese characters of ``text``, for machines that have no Chinese font.

    A subset of Noto Sans SC (SIL Open Font License 1.1), which the package ``zhplot`` carries.

    Examples
    --------
    >>> font_face("沙龙")[:43]
    '@font-face { font-family: "Liaison Chinese"'
    >>> font_face("salon")
    ''
    """
    import zhplot
    from fontTools import subset

    wanted = "".join(sorted({c for c in text if ord(c) >= _FIRST_CHINESE}))
    if not wanted:
        return ""
    options = subset.Options(
        flavor="woff", layout_features=[], hinting=False, recalc_timestamp=False, name_IDs=["*"]
    )
    file = Path(zhplot.__file__).parent / "fonts" / "NotoSansSC-Regular.ttf"
    packed = io.BytesIO()
    with subset.load_font(str(file), options) as font:
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=wanted)
        subsetter.subset(font)
        subset.save_font(font, packed, options)
    encoded = base64.b64encode(packed.getvalue()).decode()
    local = ", ".join(f'local("{name}")' for name in _CHINESE_FONTS)
    return (
        f'@font-face {{ font-family: "Liaison Chinese"; unicode-range: U+{_FIRST_CHINESE:X}-2FFFF; '
        f"src: {local}, url(data:font/woff;base64,{encoded}); }}"
    )
