"""Pages of a PDF, drawn for tests."""

import io

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from liaison_analysis.plots.style import chinese_font
from liaison_analysis.policies.pdf_files import read_pdf

HEIGHT = A4[1]
ACT = [
    "第一条 对认定的企业，一次性奖励100万元。",
    "第二条 对租用厂房的企业，补贴30%。",
    "第三条 自2023年5月11日起施行。",
]


class Drawing:
    """Pages on which text is put at points from the upper left corner."""

    def __init__(self):
        pdfmetrics.registerFont(TTFont("Noto", str(chinese_font())))
        self.written = io.BytesIO()
        self.canvas = Canvas(self.written, pagesize=A4, invariant=1)

    def text(self, x, y, text, size=12):
        self.canvas.setFont("Noto", size)
        self.canvas.drawString(x, HEIGHT - y, text)

    def grid(self, x, y, rows, widths=(100, 200), step=24):
        columns = [x + sum(widths[:i]) for i in range(len(widths) + 1)]
        heights = [HEIGHT - y - i * step for i in range(len(rows) + 1)]
        self.canvas.grid(columns, heights)
        for i, row in enumerate(rows):
            for column, cell in zip(columns, row, strict=False):
                self.text(column + 4, y + i * step + 16, cell, 10)

    def next(self):
        self.canvas.showPage()

    def bytes(self):
        self.canvas.save()
        return self.written.getvalue()


def texts(drawing):
    """Lines that are read from drawn pages."""
    return [line.text for line in read_pdf(drawing.bytes())[0]]
