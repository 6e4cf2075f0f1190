"""Ten policy documents laid out to be hard to read, and the clauses that a person finds in them."""

import io

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

GRANTS = [
    "鼓励企业建设研发机构，经认定的一次性奖励30万元。",
    "支持企业参加展会，按照第一条规定备案后，展位费补助50%。",
    "对新引进的企业，前两年租金减半收取，面积不超过2000平方米。",
    "企业招用应届毕业生的，每人给予2000元补贴。",
]


def wrapped_with_contents():
    """Plain text: a table of contents, lines broken at 24 characters, quoted numbers at a line's start."""
    body = [
        ("第一条", "为支持企业发展，制定本办法。"),
        (
            "第二条",
            "企业购置设备投入达到2022年水平的1.2倍以上的，按照本办法第三条规定的标准，给予购置额10%的补助，最高100万元。",
        ),
        (
            "第三条",
            "前条所称设备，是指单价10万元以上的生产设备；按照第二条第一款享受补助的，不再享受其他奖励。",
        ),
        ("第四条", "本办法自2022年1月1日起施行。"),
    ]
    lines = ["设备补助办法", "目  录", "第一章 总则……………………1", "第二章 补助............2", "第一章 总则"]
    for i, (article, text) in enumerate(body):
        if i == 1:
            lines.append("第二章 补助")
        whole = f"{article}　{text}"
        lines += [whole[at : at + 24] for at in range(0, len(whole), 24)]
    return "contents.txt", "\n".join(lines).encode(), body


def word_numbers():
    """Word: every number comes from a list, none stands in the text."""
    levels = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for i, text in enumerate(["第%1条", "（%2）"])
    )
    document = docx.Document()
    numbering = document.part.numbering_part.element
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>')
    )
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))

    def add(text, level):
        paragraph = document.add_paragraph(text)
        number = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>'
        paragraph._p.get_or_add_pPr().append(parse_xml(number))

    document.add_paragraph("研发机构扶持办法")
    add(GRANTS[0], 0)
    add("奖励标准：", 0)
    add("国家级奖励100万元；", 1)
    add("市级奖励30万元。", 1)
    add("申请奖励应当具备以下条件：", 0)
    add("上年度研发费用不低于100万元，已享受补贴的除外；", 1)
    add("未享受过同类奖励；", 1)
    add(GRANTS[3], 0)
    written = io.BytesIO()
    document.save(written)
    return (
        "word.docx",
        written.getvalue(),
        [
            ("第一条", GRANTS[0]),
            ("第二条（一）", "奖励标准：国家级奖励100万元；"),
            ("第二条（二）", "奖励标准：市级奖励30万元。"),
            (
                "第三条",
                "申请奖励应当具备以下条件：（一）上年度研发费用不低于100万元，已享受补贴的除外；（二）未享受过同类奖励；",
            ),
            ("第四条", GRANTS[3]),
        ],
    )


def pages():
    """PDF: running head and page numbers, articles across pages, a ruled table."""
    from reportlab.lib.pagesizes import A6
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

    from liaison_analysis.plots.style import chinese_font

    pdfmetrics.registerFont(TTFont("Noto", str(chinese_font())))
    style = ParagraphStyle(
        "body", fontName="Noto", fontSize=11, leading=20, firstLineIndent=22, wordWrap="CJK"
    )
    articles = [
        (
            "第一条",
            "对企业实施的节能改造，按照节能量给予补助：年节能量100吨标准煤以上、500吨标准煤以下的，每吨补助400元。"
            * 2,
        ),
        (
            "第二条",
            "前条第一款所称节能量，由第三方机构核定；对核定结果有异议的，可以依照第三条申请复核。" * 2,
        ),
        ("第三条", "复核费用由园区承担，奖补标准如下："),
        ("第四条", "企业应当保存台账，第三方机构出具虚假报告的，收回已拨付的补助。" * 2),
    ]
    rows = [["等级", "标准"], ["甲级", "奖励20万元"], ["乙级", "奖励10万元"]]
    flow = [Paragraph("节能改造补助办法", style)]
    for article, text in articles:
        flow.append(Paragraph(f"{article} {text}", style))
        if article == "第三条":
            grid = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("FONTNAME", (0, 0), (-1, -1), "Noto")]
            flow.append(Table(rows, style=grid))

    def edge(canvas, document):
        canvas.setFont("Noto", 8)
        canvas.drawString(40, A6[1] - 20, "园区管理机构文件")
        canvas.drawCentredString(A6[0] / 2, 14, f"第 {document.page} 页")

    written = io.BytesIO()
    margins = {"leftMargin": 40, "rightMargin": 40, "topMargin": 40, "bottomMargin": 40}
    SimpleDocTemplate(written, pagesize=A6, invariant=1, **margins).build(
        flow, onFirstPage=edge, onLaterPages=edge
    )
    table = "".join("|" + "|".join(row) + "|" for row in rows)
    gold = [(article, text + table * (article == "第三条")) for article, text in articles]
    return "pages.pdf", written.getvalue(), gold


def web_lists():
    """HTML: numbers made by the browser, line breaks for paragraphs, scripts and menus around."""
    page = f"""<!doctype html><html><head><title>首页</title><style>p{{}}</style></head><body>
    <nav><ol><li>首页</li><li>政策</li></ol></nav><script>var a = "第一条";</script>
    <div><h2>人才政策清单</h2><div>一、引才<br><ol><li>{GRANTS[3]}</li><li><b>全职</b>引进博士的，每月补贴<i>3000</i>元。</li></ol>
    二、育才<br/>&nbsp;&nbsp;<ol start="3"><li>{GRANTS[0]}</li></ol></div></div></body></html>"""
    return (
        "web.html",
        page.encode("gb18030").replace(b"<head>", b'<head><meta charset="gb18030">'),
        [
            ("一、1.", GRANTS[3]),
            ("一、2.", "全职引进博士的，每月补贴3000元。"),
            ("二、3.", GRANTS[0]),
        ],
    )


def markdown_levels():
    """Markdown: items in brackets under numbers, a table, emphasis around the numbers."""
    text = f"""# 市场开拓若干措施

## 支持方向

1. **展会补贴**。{GRANTS[1]}
2. 认证奖励：
（1）通过体系认证的，奖励5万元；
（2）通过产品认证的，奖励3万元。
3. 出口运费按下表补贴：

| 方式 | 标准 |
| --- | --- |
| 铁路 | 每箱1500元 |
| 水运 | 每箱500元 |
"""
    return (
        "levels.md",
        text.encode(),
        [
            ("1.", f"展会补贴。{GRANTS[1]}"),
            ("2.（1）", "认证奖励：通过体系认证的，奖励5万元；"),
            ("2.（2）", "认证奖励：通过产品认证的，奖励3万元。"),
            ("3.", "出口运费按下表补贴：|方式|标准||铁路|每箱1500元||水运|每箱500元|"),
        ],
    )


def one_paragraph():
    """Plain text in GB18030: the whole document on one line."""
    articles = [(f"第{n}条", text) for n, text in zip("一二三四", GRANTS, strict=True)]
    line = "".join(f"{article} {text}" for article, text in articles)
    return "line.txt", f"企业服务十条\n{line}".encode("gb18030"), articles


def merged_table_and_annex():
    """Word: a table with merged cells in an article, line breaks in a paragraph, an annex after the last."""
    document = docx.Document()
    for text in ("仓储物流奖补细则", "第一条 租用园区仓库的补贴标准见下表。"):
        document.add_paragraph(text)
    table = document.add_table(rows=2, cols=3)
    for j, text in enumerate(["类别", "标准", "上限"]):
        table.cell(0, j).text = text
    table.cell(1, 0).merge(table.cell(1, 1)).text = "冷链仓库每平方米补贴20元"
    table.cell(1, 2).text = "50万元"
    document.add_paragraph(f"第二条 {GRANTS[2]}\n第三条 {GRANTS[3]}")
    document.add_paragraph("附件1：补贴申请表")
    document.add_paragraph("企业名称、仓库地址和面积由企业填写。")
    written = io.BytesIO()
    document.save(written)
    return (
        "merged.docx",
        written.getvalue(),
        [
            ("第一条", "租用园区仓库的补贴标准见下表。|类别|标准|上限||冷链仓库每平方米补贴20元|50万元|"),
            ("第二条", GRANTS[2]),
            ("第三条", GRANTS[3]),
            ("附件1", "补贴申请表企业名称、仓库地址和面积由企业填写。"),
        ],
    )


def running_numbers():
    """Plain text: numbers in brackets run on across the headings, items within a line."""
    text = f"""关于支持企业发展的若干措施
一、强化要素保障
（一）{GRANTS[2]}
（二）用电奖励标准为：1.年用电量1000万千瓦时以上的，奖励10万元；2.年用电量500万千瓦时以上的，奖励5万元。
二、降低企业成本
（三）{GRANTS[3]}
（四）符合前款
（一）项规定的，还可以享受贴息。
"""
    return (
        "running.txt",
        text.encode(),
        [
            ("一、（一）", GRANTS[2]),
            ("一、（二）1.", "用电奖励标准为：年用电量1000万千瓦时以上的，奖励10万元；"),
            ("一、（二）2.", "用电奖励标准为：年用电量500万千瓦时以上的，奖励5万元。"),
            ("二、（三）", GRANTS[3]),
            ("二、（四）", "符合前款（一）项规定的，还可以享受贴息。"),
        ],
    )


def wide_digits():
    """HTML: full-width digits, blanks within the numbers, articles counted in Arabic digits."""
    page = f"<html><meta charset=utf-8><body><p>稳增长措施</p><p>第 １ 条　{GRANTS[0]}</p>"
    page += f"<p>第 ２ 条　{GRANTS[1]}</p><p>第 3 条 {GRANTS[2]}</p><p>其中：</p>"
    page += "<p>１．鱼复片区再补助5%；</p><p>２．水土片区再补助3%。</p></body></html>"
    return (
        "wide.html",
        page.encode(),
        [
            ("第１条", GRANTS[0]),
            ("第２条", GRANTS[1]),
            ("第3条１．", f"{GRANTS[2]}其中：鱼复片区再补助5%；"),
            ("第3条２．", f"{GRANTS[2]}其中：水土片区再补助3%。"),
        ],
    )


def decoys():
    """Plain text in UTF-16: amounts and dates at the start of lines, an inserted article, a last part."""
    text = f"""产业扶持资金管理办法
（2022年3月1日印发）
第四条 上年度产值达到
2.5亿元以上的企业，
3年内给予贷款贴息，申报时应提交下列材料：
（一）营业执照，免费代办的除外；
（二）贷款合同，已获补贴的注明。
第五条 {GRANTS[0]}
第五条之一 {GRANTS[3]}
第六条 奖励分为两档：
（一）一档奖励50万元；
（二）二档奖励20万元。
同一企业只奖励一次。
"""
    return (
        "decoys.txt",
        text.encode("utf-16"),
        [
            (
                "第四条",
                (
                    "上年度产值达到2.5亿元以上的企业，3年内给予贷款贴息，申报时应提交下列材料："
                    "（一）营业执照，免费代办的除外；（二）贷款合同，已获补贴的注明。"
                ),
            ),
            ("第五条", GRANTS[0]),
            ("第五条之一", GRANTS[3]),
            ("第六条（一）", "奖励分为两档：一档奖励50万元；"),
            ("第六条（二）", "奖励分为两档：二档奖励20万元。"),
            ("第六条末款", "同一企业只奖励一次。"),
        ],
    )


LAYOUTS = (
    wrapped_with_contents, word_numbers, pages, web_lists, markdown_levels, one_paragraph,
    merged_table_and_annex, running_numbers, wide_digits, decoys,
)  # fmt: skip
