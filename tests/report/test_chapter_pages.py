import nbformat
import pytest

from liaison_analysis.report.chapter_pages import chapter_html, markdown_html
from liaison_analysis.report.chapters import Chapter


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ({"image/svg+xml": "<svg onload='x()'/>"}, '<img src="data:image/svg+xml;base64,'),
        ({"text/plain": "<b>\x1b[1mx"}, '<pre class="output">&lt;b&gt;x</pre>'),
        ({"text/html": "<p>a</p>", "text/plain": "b"}, '<div class="output"><p>a</p></div>'),
        (
            {"text/html": "<table><tbody><tr><th rowspan=2>a</th><th>b</th><td>1,000</td></tr>"
                          "<tr><th>c</th><td>NaN</td></tr></tbody></table>"},
            '<tr><th class="short">c</th><td class="number">–</td></tr>',
        ),
    ],
)  # fmt: skip
def test_outputs(data, shown):
    output = nbformat.v4.new_output("display_data", data)
    cell = nbformat.v4.new_code_cell("x", outputs=[output])
    assert shown in chapter_html(Chapter("01_a", "A", (cell,)))


def test_links_of_markdown_do_no_harm():
    assert "javascript" not in markdown_html("[x](javascript:alert(1))", trusted=False)
    assert markdown_html("# A", trusted=True).strip() == "<h2>A</h2>"
