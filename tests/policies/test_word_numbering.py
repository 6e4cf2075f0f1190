import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from liaison_analysis.policies.word_numbering import WordNumbering


def test_levels_restart_below_a_new_number_and_styles_carry_lists():
    document = docx.Document()
    numbering = document.part.numbering_part.element
    kinds = [("decimal", "%1."), ("lowerLetter", "%1.%2)"), ("decimalEnclosedCircle", "%3"), ("bullet", "•")]
    levels = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="{1 + (i == 0)}"/><w:numFmt w:val="{kind}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for i, (kind, text) in enumerate(kinds)
    )
    numbering.insert(
        0, parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="9">{levels}</w:abstractNum>')
    )
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="9"><w:abstractNumId w:val="9"/></w:num>'))
    restarted = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="10"><w:abstractNumId w:val="9"/>{restarted}</w:num>')
    )

    def numbered(level, number_id, target):
        found = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number_id}"/></w:numPr>'
        target.get_or_add_pPr().append(parse_xml(found))

    style = document.styles.add_style("条", 1)
    numbered(0, 10, style.element)
    wanted = []
    for level, mark in [(0, "2. "), (1, "2.a)"), (1, "2.b)"), (2, "① "), (0, "3. "), (1, "3.a)"), (3, "")]:
        numbered(level, 9, document.add_paragraph("x")._p)
        wanted.append(mark)
    document.add_paragraph("y", style="条")
    document.add_paragraph("z")
    counted = WordNumbering(numbering, document.styles.element)
    assert [counted.mark(paragraph._p) for paragraph in document.paragraphs] == [*wanted, "5. ", ""]
