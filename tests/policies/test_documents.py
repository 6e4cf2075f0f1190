import io
import zipfile

import docx
import pytest

from liaison_analysis.errors import LedgerError
from liaison_analysis.policies.documents import MAX_DOCUMENT, read_paragraphs
from liaison_analysis.policies.page_lines import lines_of
from liaison_analysis.policies.page_tree import parse_html


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_plain_text_in_every_encoding(tmp_path, encoding):
    path = tmp_path / "办法.txt"
    path.write_bytes("某办法\r\n\r\n　　第一条　给予补助。\r\n".encode(encoding))
    read = [paragraph[:2] for paragraph in read_paragraphs(path)]
    assert read == [("某办法", "第1段"), ("第一条 给予补助。", "第2段")]


def test_html_shows_what_a_browser_would(tmp_path):
    page = """<html><head><title>首页</title></head><body><script>1 < 2</script><nav>菜单</nav><!-- 第九条 -->
    <p>第一条 <b>给予</b><span>补助</span>。</p>
    <ol start="4"><li>四<ol><li>内</li></ol></li><li>五</li></ol>
    <table><tr><th>类别</th><th>标准</th></tr><tr><td>甲</td><td>一 万</td></tr></table>
    尾<br>末<footer>版权所有</footer></body></html>"""
    path = tmp_path / "a.html"
    path.write_text(page, encoding="utf-8")
    texts = [paragraph.text for paragraph in read_paragraphs(path)]
    assert texts == [
        "第一条 给予补助。",
        "4. 四",
        "（1）内",
        "5. 五",
        "| 类别 | 标准 |",
        "| 甲 | 一 万 |",
        "尾",
        "末",
    ]


def test_lists_within_lists_keep_their_levels():
    inner = "<ol type='a'><li>贴息1%<ol><li>首贷</li></ol></li><li>担保费补贴50%</li></ol>"
    page = parse_html(f"<body><ol><li>融资{inner}</li><li>人才</li></ol></body>".encode())
    texts = [line.strip() for line in lines_of(page) if line.strip()]
    assert texts == ["1. 融资", "（1）贴息1%", "① 首贷", "（2）担保费补贴50%", "2. 人才"]


def test_markdown_keeps_the_numbers_that_were_written(tmp_path):
    path = tmp_path / "a.md"
    path.write_text("# 办法\n\n3. 三\n7. 七\n\n> 说明\n", encoding="utf-8")
    assert [paragraph.text for paragraph in read_paragraphs(path)] == ["办法", "3. 三", "7. 七", "说明"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.ofd", b"x", "is of a format that is not read"),
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \n\t ", "holds no text"),
        ("a.txt", b"\xff\x00\x81", "is damaged or of another format"),
        ("a.pdf", b"%PDF-1.7 no more", "is damaged or of another format"),
        ("a.docx", b"PK\x03\x04 no more", "is damaged or of another format"),
        ("a.html", b"<html><script>1</script></html>", "holds no text"),
    ],
)
def test_unreadable_documents_are_an_error_with_a_remedy(tmp_path, name, content, reason):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(LedgerError, match=reason) as caught:
        read_paragraphs(path)
    assert str(caught.value).startswith(f"{name}: ")


def test_a_large_file_and_a_zip_bomb_are_not_opened(tmp_path):
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.truncate(MAX_DOCUMENT + 1)
    with pytest.raises(LedgerError, match="larger than 50 MB"):
        read_paragraphs(large)
    written = io.BytesIO()
    docx.Document().save(written)
    with zipfile.ZipFile(written, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/bomb.xml", b" " * (4 * MAX_DOCUMENT))
    bomb = tmp_path / "bomb.docx"
    bomb.write_bytes(written.getvalue())
    with pytest.raises(LedgerError, match="unpacks to more than 200 MB"):
        read_paragraphs(bomb)
