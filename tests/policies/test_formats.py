import pytest

from liaison_analysis.policies.formats import SUFFIXES, read_bytes


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".htm"])
def test_every_text_format_gives_its_paragraphs(suffix):
    source = "<p>某办法</p><p>第一条 甲。</p>" if suffix.startswith(".h") else "某办法\n\n第一条 甲。\n"
    assert [part.text for part in read_bytes(source.encode(), suffix).paragraphs] == ["某办法", "第一条 甲。"]


def test_suffixes_are_those_that_are_read():
    assert {
        ".docx",
        ".docm",
        ".pdf",
        ".html",
        ".htm",
        ".md",
        ".txt",
        ".doc",
        ".wps",
        ".rtf",
        ".odt",
    } == SUFFIXES
