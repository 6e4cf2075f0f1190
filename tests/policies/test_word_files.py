"""Word documents as a reader sees them; inputs are written here as XML."""

import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pandas as pd
import pytest

from liaison_analysis.policies import handbook_entries, policy_documents, read_policies
from liaison_analysis.policies.clauses import split_clauses
from liaison_analysis.policies.documents import read_document
from liaison_analysis.policies.source import UnreadableError
from liaison_analysis.policies.word_files import MAX_PARAGRAPHS, Line, read_word

ROOT = Path(__file__).parents[2]
CASES = ROOT.parent / "shared" / "cases" / "policies"
W = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word(body, **parts):
    """Bytes of a .docx with this body, and other parts (styles, numbering, footnotes) by name."""
    kinds = {"document": "document.main"} | {name: name for name in parts}
    types = "".join(
        f'<Override PartName="/word/{n}.xml" ContentType="{WORD}.{kind}+xml"/>' for n, kind in kinds.items()
    )
    own = "".join(
        f'<Relationship Id="r{i}" Type="{OFFICE}/{n}" Target="{n}.xml"/>' for i, n in enumerate(parts)
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{types}</Types>',
        )
        root = f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
        archive.writestr(
            "_rels/.rels", f'<Relationships xmlns="{PACKAGE}/relationships">{root}</Relationships>'
        )
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships">{own}</Relationships>',
        )
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{body}</w:body></w:document>")
        for name, xml in parts.items():
            archive.writestr(f"word/{name}.xml", f"<w:{name} {W}>{xml}</w:{name}>")
    return written.getvalue()


def p(*runs, ppr=""):
    return f"<w:p>{f'<w:pPr>{ppr}</w:pPr>' if ppr else ''}{''.join(runs)}</w:p>"


def r(text, rpr=""):
    return f"<w:r>{f'<w:rPr>{rpr}</w:rPr>' if rpr else ''}<w:t>{text}</w:t></w:r>"


def num(level, list_id):
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'


def lines(body, **parts):
    return [line.text for line in read_word(word(body, **parts))[0] if line.text]


INS, DEL = '<w:ins w:id="1" w:author="a">', '<w:del w:id="2" w:author="a">'
DELETED = f"{DEL}<w:r><w:delText>10</w:delText></w:r></w:del>"


def test_a_footnote_belongs_to_the_article_in_which_its_mark_stands(tmp_path):
    def mark(kind, number):
        return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'

    def note(number, text):
        return f'<w:footnote w:id="{number}">{p("<w:r><w:footnoteRef/></w:r>", r(text))}</w:footnote>'

    body = [
        p(r("某办法"), mark("footnote", 1)),
        p(r("第一条 工业企业"), mark("footnote", 2), r("奖励20万元。")),
        p(r("第二条 分别给予：")),
        p(r("（一）甲级奖励5万元"), mark("endnote", 1), r("；")),
        p(r("（二）乙级奖励3万元。")),
        p(r("第三条 对小巨人奖励9万元。第四条 本办法自2023年5月1日起施行"), mark("footnote", 4), r("。")),
    ]
    notes = "".join(
        [note(1, "修订稿。"), note(2, "指规模以上。"), note(3, "无处提及。"), note(4, "以印发为准。")]
    )
    end = f'<w:endnote w:id="1">{p(r("按上年评级。"))}</w:endnote>'
    path = tmp_path / "a.docx"
    path.write_bytes(word("".join(body), footnotes=notes, endnotes=end))
    found = read_policies(path).set_index("article")["notes"]
    assert found["第一条"] == "指规模以上。"
    assert found["第二条（一）"] == "按上年评级。"
    assert pd.isna(found["第二条（二）"])
    assert "以印发为准。" in found.iloc[-1]
    assert policy_documents(path).loc[0, "footnotes"] == "修订稿。；无处提及。"
    entries = handbook_entries(read_policies(path)).set_index("article")["notes"]
    assert entries["第一条"] == "指规模以上。"


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (p(r("给予"), DELETED, f"{INS}{r('50')}</w:ins>", r("万元。")), ["给予50万元。"]),
        (p(f"{INS}{r('第三条 甲。')}</w:ins>", ppr="<w:rPr><w:ins w:id='3' w:author='a'/></w:rPr>"),
        ["第三条 甲。"]),
        (p(r("甲"), ppr="<w:rPr><w:del w:id='3' w:author='a'/></w:rPr>") + p(r("乙。")), ["甲乙。"]),
        (p(f"<w:moveFrom w:id='1' w:author='a'>{r('旧')}</w:moveFrom>",
        f"<w:moveTo w:id='2' w:author='a'>{r('新')}</w:moveTo>"), ["新"]),
        (p(f"<w:smartTag w:uri='u' w:element='e'><w:smartTagPr/>{r('1000平方米')}</w:smartTag>",
        r("以上")), ["1000平方米以上"]),
        ((f"<w:sdt><w:sdtPr><w:alias w:val='标签'/></w:sdtPr><w:sdtContent>{p(r('第二条'))}"
            f"</w:sdtContent></w:sdt>"), ["第二条"]),
        (p(r("为"), f"<w:sdt><w:sdtContent>{r('50万元')}</w:sdtContent></w:sdt>", r("。")), ["为50万元。"]),
        (p(r("附件"), r("内部掌握", "<w:vanish/>"), r("公开", "<w:vanish w:val='0'/>")), ["附件公开"]),
        (p("<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r>",
        r("见附件")), ["见附件"]),
        (p("<w:r><w:ruby><w:rt><w:r><w:t>bu</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>补</w:t></w:r>"
            "</w:rubyBase></w:ruby></w:r>"), ["补"]),
        (p("<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:tab/><w:t>丙</w:t></w:r>"), ["甲", "乙 丙"]),
    ],
)  # fmt: skip
def test_text_as_a_reader_sees_it(body, wanted):
    assert lines(body) == wanted


def test_text_boxes_follow_their_paragraph_and_are_read_once():
    def drawn(text):
        return (
            f"<w:pict><v:shape><v:textbox><w:txbxContent>{p(r(text))}</w:txbxContent></v:textbox>"
            f"</v:shape></w:pict>"
        )

    choice = f"<mc:Choice>{drawn('框')}</mc:Choice><mc:Fallback>{drawn('框')}</mc:Fallback>"
    choice = f"<mc:AlternateContent>{choice}</mc:AlternateContent>"
    assert lines(p(r("见框。"), f"<w:r>{choice}</w:r>", r("后。")) + p(r("末。"))) == [
        "见框。后。",
        "框",
        "末。",
    ]


def cell(*blocks, props=""):
    return f"<w:tc><w:tcPr>{props}</w:tcPr>{''.join(blocks)}</w:tc>"


def table(*rows):
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def test_tables_inner_tables_merged_cells_and_deleted_rows():
    inner = table(cell(p(r("国家级"))) + cell(p(r("100万元"))))
    rows = [
        cell(p(r("类型"))) + cell(p(r("奖励"))),
        cell(p(r("小巨人")), props="<w:vMerge w:val='restart'/>") + cell(p(), inner, p()),
        cell(p(), props="<w:vMerge/>") + cell(p(r("50万元"))),
        "<w:trPr><w:del w:id='1' w:author='a'/></w:trPr>" + cell(p(r("旧"))) + cell(p(r("旧"))),
    ]
    assert lines(table(*rows)) == ["| 类型 | 奖励 |", "| 小巨人 | 国家级 100万元 |", "| 小巨人 | 50万元 |"]
    assert lines(table(cell(p(r("第一条 甲。")), p(r("第二条 乙。"))))) == ["第一条 甲。", "第二条 乙。"]


def test_hidden_styles_and_footnotes():
    styles = "<w:style w:styleId='hide' w:type='character'><w:rPr><w:vanish/></w:rPr></w:style>"
    notes = (
        f"<w:footnote w:id='0' w:type='separator'>{p(r('线'))}</w:footnote>"
        f"<w:footnote w:id='1'>{p(r('指上年度。'))}</w:footnote>"
    )
    body = p(
        r("给予补助"),
        "<w:r><w:footnoteReference w:id='1'/></w:r>",
        r("暗", "<w:rStyle w:val='hide'/>"),
        r("。"),
    )
    assert read_word(word(body, styles=styles, footnotes=notes)) == (
        [Line("给予补助。", (("给予补助", "指上年度。"),))],
        [],
    )


def numbering(*abstracts, nums):
    return "".join(abstracts) + "".join(nums)


def abstract(abstract_id, *levels, extra=""):
    made = "".join(
        f"<w:lvl w:ilvl='{i}'><w:start w:val='1'/><w:numFmt w:val='{kind}'/>{more}"
        f"<w:lvlText w:val='{text}'/></w:lvl>"
        for i, (kind, text, more) in enumerate(levels)
    )
    return f"<w:abstractNum w:abstractNumId='{abstract_id}'>{extra}{made}</w:abstractNum>"


def link(num_id, abstract_id, more=""):
    return f"<w:num w:numId='{num_id}'><w:abstractNumId w:val='{abstract_id}'/>{more}</w:num>"


def test_articles_count_on_through_the_chapters():
    levels = [("chineseCounting", "第%1章", ""), ("chineseCounting", "第%2条", "<w:lvlRestart w:val='0'/>")]
    body = "".join(
        p(r(t), ppr=num(i, 1)) for i, t in [(0, "总则"), (1, "甲。"), (1, "乙。"), (0, "措施"), (1, "丙。")]
    )
    found = lines(body, numbering=numbering(abstract(1, *levels), nums=[link(1, 1)]))
    assert found == ["第一章 总则", "第一条 甲。", "第二条 乙。", "第二章 措施", "第三条 丙。"]


def test_lists_of_one_abstract_numbering_count_on_and_an_override_starts_anew_once():
    start = "<w:lvlOverride w:ilvl='0'><w:startOverride w:val='7'/></w:lvlOverride>"
    parts = numbering(
        abstract(1, ("chineseCounting", "第%1条", "")), nums=[link(1, 1), link(2, 1), link(3, 1, start)]
    )
    body = "".join(p(r("甲。"), ppr=num(0, i)) for i in (1, 1, 2, 3, 3, 1))
    assert [line[:3] for line in lines(body, numbering=parts)] == [
        "第一条",
        "第二条",
        "第三条",
        "第七条",
        "第八条",
        "第九条",
    ]


def test_a_list_style_lends_its_levels_and_a_style_its_number():
    linked = numbering(
        abstract(1, extra="<w:numStyleLink w:val='L1'/>"),
        abstract(2, ("chineseCounting", "第%1条", ""), extra="<w:styleLink w:val='L1'/>"),
        nums=[link(1, 1), link(2, 2)],
    )
    styles = (
        "<w:style w:styleId='art'><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:style>"
        "<w:style w:styleId='sub'><w:basedOn w:val='art'/></w:style>"
    )
    body = p(r("甲。"), ppr="<w:pStyle w:val='art'/>") + p(r("乙。"), ppr="<w:pStyle w:val='sub'/>")
    none = p(r("丙。"), ppr="<w:pStyle w:val='art'/><w:numPr><w:numId w:val='0'/></w:numPr>")
    assert lines(body + none, numbering=linked, styles=styles) == ["第一条 甲。", "第二条 乙。", "丙。"]


@pytest.mark.parametrize(
    ("kind", "text", "more", "wanted"),
    [
        ("chineseLegalSimplified", "第%1条", "", "第壹条"),
        ("decimalFullWidth", "第%1条", "", "第１条"),
        ("decimalEnclosedCircle", "%1", "", "① "),
        ("ideographTraditional", "%1、", "", "甲、"),
        ("upperRoman", "%1.", "", "I. "),
        ("bullet", "•", "", ""),
    ],
)
def test_ways_to_write_a_number(kind, text, more, wanted):
    found = lines(
        p(r("文。"), ppr=num(0, 1)), numbering=numbering(abstract(1, (kind, text, more)), nums=[link(1, 1)])
    )
    assert found == [f"{wanted}文。" if not wanted.endswith("条") else f"{wanted} 文。"]


def test_legal_numbering_shows_the_levels_above_in_digits():
    levels = [("chineseCounting", "第%1章", ""), ("decimal", "%1.%2", "<w:isLgl/>")]
    body = p(r("章"), ppr=num(0, 1)) + p(r("项"), ppr=num(1, 1))
    found = lines(body, numbering=numbering(abstract(1, *levels), nums=[link(1, 1)]))
    assert found == ["第一章 章", "1.1 项"]


def test_a_deleted_paragraph_takes_no_number():
    gone = p(
        f"{DEL}<w:r><w:delText>旧</w:delText></w:r></w:del>",
        ppr=f"{num(0, 1)}<w:rPr><w:del w:id='1' w:author='a'/></w:rPr>",
    )
    body = p(r("甲。"), ppr=num(0, 1)) + gone + p(r("乙。"), ppr=num(0, 1))
    parts = numbering(abstract(1, ("chineseCounting", "第%1条", "")), nums=[link(1, 1)])
    assert lines(body, numbering=parts) == ["第一条 甲。", "第二条 乙。"]


def test_bombs_are_refused():
    with pytest.raises(UnreadableError, match="more than 100,000 paragraphs"):
        read_word(word("<w:p/>" * (MAX_PARAGRAPHS + 1)))
    lying = bytearray(word(p(r("甲" * 30_000_000))))
    # The directory says that the part unpacks to 1 KB.
    at = lying.rindex(b"word/document.xml") - 46
    lying[at + 24 : at + 28] = (1024).to_bytes(4, "little")
    with pytest.raises(Exception, match=r"unpacks|CRC|truncated|size|EOF|Bad|Extra|end tag|complete"):
        read_word(bytes(lying))
    entity = '<!DOCTYPE a [<!ENTITY x "' + "x" * 1000 + '">]>'
    broken = io.BytesIO(word(p(r("甲"))))
    with zipfile.ZipFile(broken, "a") as archive:
        archive.writestr("word/other.xml", entity)
    assert read_word(broken.getvalue())[0] == [Line("甲", ())]


def test_old_word_files_go_through_libreoffice_or_are_refused_with_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _: None)
    path = tmp_path / "旧.doc"
    path.write_bytes(b"\xd0\xcf\x11\xe0")
    with pytest.raises(Exception, match=r"save it as \.docx, or install LibreOffice"):
        read_document(path)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_documents_read_as_libreoffice_shows_them_and_old_ones_through_it(tmp_path):
    # LibreOffice 7.4 starts articles anew in each chapter whatever w:lvlRestart says, so none is set here.
    levels = [("chineseCounting", "第%1章", ""), ("chineseCounting", "第%2条", "")]
    body = "".join(
        p(r(t), ppr=num(i, 1)) for i, t in [(0, "总则"), (1, "甲。"), (1, "乙。"), (0, "措施"), (1, "丙。")]
    )
    control = f"<w:sdt><w:sdtContent>{r('奖励')}</w:sdtContent></w:sdt>"
    body += p(r("给予"), f"{INS}{r('50')}</w:ins>", r("万元"), control)
    parts = numbering(abstract(1, *levels), nums=[link(1, 1)])
    (tmp_path / "all.docx").write_bytes(word(body, numbering=parts))
    for path in (ROOT / "data" / "liangjiang" / "policies").glob("*.docx"):
        shutil.copy(path, tmp_path)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    sources = sorted(map(str, tmp_path.glob("*.docx")))
    for kind in ("txt:Text (encoded):UTF8", "doc"):
        command = [
            "soffice",
            profile,
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(tmp_path),
            *sources,
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603 - our own files
    for source in map(Path, sources):
        shown = "".join(source.with_suffix(".txt").read_text(encoding="utf-8-sig").split())
        ours = "".join("".join(paragraph.text.split()) for paragraph in read_document(source).paragraphs)
        assert ours.replace("|", "") == shown
    old = read_document(tmp_path / "all.doc").paragraphs
    assert [paragraph.text for paragraph in old] == [
        "第一章 总则", "第一条 甲。", "第二条 乙。", "第二章 措施", "第一条 丙。", "给予50万元奖励",
    ]  # fmt: skip


@pytest.mark.skipif(not CASES.exists(), reason="../shared/cases/policies is not at hand")
@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("tracked", "给予50万元奖励"), ("smarttag", "1000平方米"), ("sdt", "给予50万元奖励"),
        ("sdt_inline", "50万元"),
        ("textbox", "一次性奖励100万元"), ("nested", "国家级 100万元"), ("field", "详见附件。"),
    ],
)  # fmt: skip
def test_cases(name, wanted):
    paragraphs = read_document(CASES / f"{name}.docx").paragraphs
    assert wanted in "\n".join(paragraph.text for paragraph in paragraphs)
    assert "内部掌握" not in "\n".join(paragraph.text for paragraph in paragraphs)
    articles = [clause.article for clause in split_clauses(paragraphs).clauses]
    assert articles == [f"第{n}条" for n in "一二三四五"][: len(articles)]
    assert len(articles) >= 2
