"""Pages of a government site: an act, and a menu of many links."""

ACT = "".join(
    f"<p>第{n}条 对符合条件的企业，按照设备购置额的百分之十给予补助，最高一百万元。</p>"
    for n in "一二三四五六"
)
MENU = (
    "<div class='top'><ul>"
    + "".join(f"<li><a href='#'>栏目{i}、公开</a></li>" for i in range(40))
    + "</ul></div>"
)


def page(body, head=""):
    """Bytes of a page."""
    return (
        f"<!doctype html><html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>".encode()
    )
