"""Clerks' sheets that are no plain table: forms, ticks, columns of demands, sections, several lists."""

import openpyxl

TICKED = ["已办结", "正在推进", "无法解决"]
PLAIN = ["企业名称", "走访日期", "诉求内容", "责任单位", "办理情况"]
FORMS = {"form", "table on its side", "board"}


def _cells(one):
    return [one["enterprise"], one["shown"], one["text"], one["owner"], one["written"]]


def ticks(sheet, rows, rng):
    """Mark the state under its word; half of the sheets have a group's heading above."""
    head = PLAIN[:4] + TICKED
    if rng.random() < 0.5:
        sheet.append([*PLAIN[:4], "办理情况"])
        sheet.append([None] * 4 + TICKED)
        sheet.merge_cells("E1:G1")
        for column in "ABCD":
            sheet.merge_cells(f"{column}1:{column}2")
    else:
        sheet.append(head)
    mark = rng.choice("√✔●")
    for one in rows:
        one.update(zip(("written", "status"), _ticked(rng), strict=True))
        sheet.append(_cells(one)[:4] + [mark if one["written"] == word else None for word in TICKED])


def _ticked(rng):
    return rng.choice([("已办结", "settled"), ("正在推进", "solving"), ("无法解决", "cannot be solved")])


def _by_visit(rows, most=3):
    """Put up to three rows that follow each other into one visit."""
    visits = [rows[i : i + most] for i in range(0, len(rows), most)]
    for visit in visits:
        for one in visit[1:]:
            one.update({name: visit[0][name] for name in ("enterprise", "town", "raised_on", "shown")})
    return visits


def numbered_columns(sheet, rows, rng):
    """Columns 诉求一 · 办理情况 · 诉求二 …, the second half of the name before or behind the number."""
    heads = rng.choice([("诉求一", "诉求二", "诉求三"), ("问题1", "问题2", "问题3")])
    sheet.append(["企业名称", "走访日期", *(cell for head in heads for cell in (head, f"{head}办理情况"))])
    for one in rows:
        one["owner"] = None
    for visit in _by_visit(rows):
        cells = [cell for one in visit for cell in (one["text"], one["written"])]
        sheet.append([visit[0]["enterprise"], visit[0]["shown"], *cells])


def topic_columns(sheet, rows, rng):
    """Columns 用工问题 · 融资问题 · 其他问题."""
    sheet.append(["企业名称", "走访日期", "用工问题", "融资问题", "其他问题"])
    for one in rows:
        one.update(owner=None, status=None)
    for visit in _by_visit(rows):
        cells = [one["text"] for one in visit] + [None] * (3 - len(visit))
        rng.shuffle(cells)
        sheet.append([visit[0]["enterprise"], visit[0]["shown"], *cells])


def forms(sheet, rows, rng):
    """Write one form per demand, one below the other: labels with values beside them."""
    pairs = rng.random() < 0.5
    for one in rows:
        sheet.append(["企业走访登记表"])
        labelled = [(f"{label}：", cell) for label, cell in zip(PLAIN, _cells(one), strict=True)]
        if pairs:
            sheet.append([*labelled[0], *labelled[1]])
            sheet.append([*labelled[2]])
            sheet.append([*labelled[3], *labelled[4]])
        else:
            for pair in labelled:
                sheet.append(pair)
        sheet.append([])


def sideways(sheet, rows, _rng):
    """Headers in the first column, a column for each demand."""
    for name, cells in zip(PLAIN, zip(*map(_cells, rows), strict=True), strict=True):
        sheet.append([name, *cells])


def day_parts(sheet, rows, _rng):
    """Columns 年 · 月 · 日."""
    sheet.append(["企业名称", "年", "月", "日", "诉求内容", "责任单位", "办理情况"])
    for one in rows:
        day = one["raised_on"]
        sheet.append([one["enterprise"], day.year, day.month, day.day, *_cells(one)[2:]])


def answers(sheet, rows, rng):
    """Demand and answer in one cell."""
    sheet.append(["企业名称", "走访日期", "问题及办理情况", "责任单位"])
    for one in rows:
        cell = f"诉求：{one['text']}。{rng.choice(['办理', '答复', '办理情况'])}：{one['written']}"
        sheet.append([one["enterprise"], one["shown"], cell, one["owner"]])


def firm_sections(sheet, rows, _rng):
    """The enterprise only as a heading above its rows."""
    sheet.append(["序号", *PLAIN[1:]])
    for k, firm in enumerate(dict.fromkeys(one["enterprise"] for one in rows)):
        sheet.append([f"{'一二三四五六七八'[k]}、{firm}"])
        for i, one in enumerate((one for one in rows if one["enterprise"] == firm), 1):
            sheet.append([i, *_cells(one)[1:]])


def state_sections(sheet, rows, _rng):
    """The state only as a heading above its rows."""
    sheet.append(["序号", *PLAIN[:4]])
    third = len(rows) // 3 + 1
    for k, (word, state) in enumerate(
        [("已办结", "settled"), ("正在办理", "solving"), ("无法解决", "cannot be solved")]
    ):
        part = rows[k * third : (k + 1) * third]
        if part:
            sheet.append([f"{'一二三'[k]}、{word}事项（{len(part)}件）"])
        for i, one in enumerate(part, 1):
            one["status"] = state
            sheet.append([i, *_cells(one)[:4]])


def three_lists(sheet, rows, _rng):
    """问题清单 with days, 责任清单 with departments, 销号清单 with what is settled."""
    book = sheet.parent
    sheet.title = "问题清单"
    duty, done = book.create_sheet("责任清单"), book.create_sheet("销号清单")
    sheet.append(["序号", "企业名称", "存在问题", "提出时间"])
    duty.append(["序号", "企业名称", "存在问题", "责任单位", "完成时限"])
    done.append(["序号", "企业名称", "存在问题", "销号情况"])
    firms = {}
    for i, one in enumerate(rows, 1):
        one["text"] = f"{one['text']}（{i}）" if (one["enterprise"], one["text"]) in firms else one["text"]
        firms[one["enterprise"], one["text"]] = i
        one["status"] = "settled" if i % 2 else None
        sheet.append([i, one["enterprise"], one["text"], one["shown"]])
        duty.append([i, one["enterprise"], one["text"], one["owner"], "年底前"])
        if i % 2:
            done.append([i, one["enterprise"], one["text"], "已销号"])


def no_header(sheet, rows, _rng):
    """Rows alone."""
    for i, one in enumerate(rows, 1):
        sheet.append([i, *_cells(one)])


def state_with_day(sheet, rows, _rng):
    """已办结（6月20日）."""
    sheet.append(PLAIN)
    for one in rows:
        day = one["raised_on"]
        one.update(written=f"已办结（{day.year}年{day.month}月{day.day}日）", status="settled")
        sheet.append(_cells(one))


def pages(sheet, rows, _rng):
    """Print title and header on every page, with a note between."""
    for i, one in enumerate(rows):
        if i % 5 == 0:
            sheet.append([f"企业诉求台账　第{i // 5 + 1}页"])
            sheet.append(["序号", *PLAIN])
        sheet.append([i + 1, *_cells(one)])
        if i == 3:
            sheet.append(["注：以上诉求已报专题会议研究"])


def beside(sheet, rows, rng):
    """Two tables beside each other, with or without a blank column between."""
    gap, half = rng.choice([0, 1]), (len(rows) + 1) // 2
    for at, part in ((1, rows[:half]), (1 + len(PLAIN) + gap, rows[half:])):
        for j, name in enumerate(PLAIN):
            sheet.cell(1, at + j, name)
        for i, one in enumerate(part, 2):
            for j, cell in enumerate(_cells(one)):
                sheet.cell(i, at + j, cell)


SHAPES = {
    one.__name__.replace("_", " "): one
    for one in (
        ticks, numbered_columns, topic_columns, forms, sideways, day_parts, answers, firm_sections,
        state_sections, three_lists, no_header, state_with_day, pages, beside,
    )
}  # fmt: skip


def shaped_book(shape, rows, rng):
    """Make a workbook of one of ``SHAPES``; changes the rows where the shape says less or more of them."""
    book = openpyxl.Workbook()
    book.active.title = "台账"
    SHAPES[shape](book.active, rows, rng)
    return book
