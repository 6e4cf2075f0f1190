"""Clerks' sheets of every layout, made from known demands by a seed, with what is right beside them."""

import datetime as dt
import random
import re
from dataclasses import dataclass, field

import openpyxl
from helpers.clerk_shapes import FORMS, SHAPES, shaped_book

from liaison_analysis.ledger.days import read_day

FIRMS = [
    "江北恒泰精密机械有限公司", "东岸云帆软件有限责任公司", "西郊绿源食品(集团)有限公司",
    "南浦华锐电子股份有限公司",
    "北岭金石铸造厂", "城东宏图包装制品有限公司", "城西远航物流有限公司", "湖滨新科新材料有限公司",
]  # fmt: skip
TOWNS = ["一号园", "二号园", "三号园"]
WISHES = [
    "员工宿舍不够，希望协调公租房{n}套", "厂区门口道路破损，请尽快修复{n}处",
    "流动资金紧张，希望对接贷款{n}万元",
    "夏季用电负荷不足，希望增容{n}千伏安", "招工困难，缺普工{n}人，希望组织招聘会",
    "污水管网堵塞{n}次，希望疏通",
    "申报材料缺少指导，希望派{n}人上门辅导", "公交末班车太早，希望延长{n}分钟",
]  # fmt: skip
OWNERS = ["园区运营部", "建设管理部", "财政金融部", "人力资源部"]
STATES = {
    "已办结": "settled", "正在推进": "solving", "持续跟踪": "solving", "已答复": "fed back",
    "无法解决": "cannot be solved", "已妥善解决": "settled", "未按期办结": "solving",
    "已办结并反馈": "fed back",
    "不予受理": "not accepted", "√": "settled", "办理中": "solving", "尚未办结": "solving",
    "已派单": "assigned", "待受理": "collected", "预计8月底前办结": "solving",
    "条件不成熟": "cannot be solved",
    "企业已撤诉": "not accepted", "协调中": "solving", "已整改到位": "settled",
}  # fmt: skip
HEADERS = {
    "number": ["序号"],
    "enterprise": [
        "企业名称",
        "单位名称",
        "走访企业",
        "企业\n名称",
        "企业名称（全称）",
        "反映企业",
        "市场主体",
        "服务对象",
        "会员企业",
        "主体",
    ],
    "town": ["所属园区", "所在园区", "园区", "属地镇街", "所属街道"],
    "raised_on": [
        "走访时间",
        "提出日期",
        "诉求提出时间",
        "走访日期（年月日）",
        "反映时间",
        "受理日期",
        "来电时间",
        "服务时间",
        "登记\n日期",
    ],
    "text": [
        "诉求内容",
        "存在的问题及诉求",
        "问题描述",
        "诉求内容\n（简要）",
        "困难和问题诉求",
        "诉求事项",
        "存在困难及需协调解决的问题",
        "意见建议",
        "工单内容",
        "问题线索",
    ],
    "owner": ["责任部门", "责任单位", "牵头部门", "承办单位", "答复单位", "主办单位", "整改责任单位",
              "部门"],
    "status": [
        "办理情况",
        "办理状态",
        "办理进展",
        "落实情况",
        "工单状态",
        "销号情况",
        "整改状态",
        "目前进展",
    ],
    "note": ["备注"],
}  # fmt: skip
# Share of the sheets that are no plain table.
SHAPED = 0.45
GROUPS = {
    "企业情况": ["enterprise", "town"],
    "诉求情况": ["raised_on", "text"],
    "办理情况汇总": ["owner", "status"],
}


@dataclass
class Case:
    """A workbook in memory and what a reader must find in it."""

    book: openpyxl.Workbook
    truth: list[dict]
    year: int | None = None
    features: list[str] = field(default_factory=list)


def make_case(seed: int) -> Case:
    """Make one workbook; the same seed gives the same."""
    rng = random.Random(seed)  # noqa: S311 - a seeded generator for tests
    on = {name: rng.random() < 0.35 for name in (
        "title", "notes", "totals", "signature", "merged", "two rows", "months", "towns", "second header",
        "several", "no year", "dittos", "nothing asked", "prefilled", "own columns", "register", "text days",
    )}  # fmt: skip
    if on["months"]:
        on["towns"] = on["second header"] = False
    year = rng.choice([2019, 2021, 2023])
    truth = _demands(rng, year)
    if rng.random() < SHAPED:
        shape = rng.choice(sorted(SHAPES))
        for one in truth:
            one["shown"] = _shown(rng, one["raised_on"])
        return Case(shaped_book(shape, truth, rng), truth, None, [shape])
    book = openpyxl.Workbook()
    book.remove(book.active)
    if on["register"]:
        sheet = book.create_sheet("企业名录")
        sheet.append(["企业名称", "所属园区", "主营业务"])
        for firm in FIRMS:
            sheet.append([firm, TOWNS[FIRMS.index(firm) % 3], "主营产品"])
    columns = ["number", "enterprise", "town", "raised_on", "text", "owner", "status"] + ["note"] * on[
        "own columns"
    ]
    names = {column: rng.choice(HEADERS[column]) for column in columns}
    writer = _Writer(rng, on, columns, names, year)
    for name, rows in _parts(truth, on):
        writer.write(book.create_sheet(name), rows)
    return Case(
        book, truth, year if on["no year"] else None, sorted(name for name, there in on.items() if there)
    )


def _demands(rng: random.Random, year: int) -> list[dict]:
    day = dt.date(year, 1, 4)
    found = []
    for i in range(rng.randint(6, 24)):
        day += dt.timedelta(days=rng.randint(0, 9))
        firm = rng.choice(FIRMS)
        written = rng.choice(list(STATES))
        found.append(
            {"enterprise": firm, "town": TOWNS[FIRMS.index(firm) % 3], "raised_on": day,
             "text": rng.choice(WISHES).format(n=i + 2), "owner": rng.choice(OWNERS), "written": written,
             "status": STATES[written]}
        )  # fmt: skip
    return found


def _parts(truth: list[dict], on: dict) -> list[tuple[str, list[dict]]]:
    if on["months"]:
        months = sorted({one["raised_on"].month for one in truth})
        return [(f"{month}月", [one for one in truth if one["raised_on"].month == month]) for month in months]
    if on["towns"]:
        return [(town, rows) for town in TOWNS if (rows := [one for one in truth if one["town"] == town])]
    return [("台账", truth)]


class _Writer:
    def __init__(self, rng, on, columns, names, year):
        self.rng, self.on, self.columns, self.names, self.year = rng, on, columns, names, year

    def write(self, sheet, rows):  # noqa: C901 - one branch a feature
        wide = len(self.columns)
        if self.on["title"]:
            sheet.append([f"{'' if self.on['no year'] else f'{self.year}年'}企业走访诉求台账"])
            sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=wide)
        if self.on["notes"]:
            sheet.append(["填报单位：某园区管委会", None, None, None, "填报时间：每月底"])
        self._header(sheet)
        half = len(rows) // 2 if self.on["second header"] and len(rows) > 5 else None
        number = 0
        for group in _groups(rows) if self.on["several"] else [[one] for one in rows]:
            if half is not None and number >= half:
                sheet.append(["二、下半部分"])
                self._header(sheet)
                half = None
            number += len(group)
            self._row(sheet, number, group)
        if self.on["nothing asked"]:
            sheet.append(
                self._cells(
                    number + 1, rows[-1] | {"text": self.rng.choice(["无", "暂无诉求", "/"]), "written": ""}
                )
            )
        if self.on["merged"]:
            self._merge(sheet)
        elif self.on["dittos"]:
            self._repeat(sheet)
        if self.on["prefilled"]:
            for extra in range(number + 2, number + 8):
                sheet.append([extra])
        if self.on["totals"]:
            sheet.append(["合计", None, None, None, f"{len(rows)}条"])
        if self.on["signature"]:
            sheet.append([])
            sheet.append(["填表人：甲某", None, None, "审核人：乙某"])

    def _header(self, sheet):
        at = sheet.max_row + (1 if sheet.max_row > 1 or sheet["A1"].value else 0)
        if not self.on["two rows"]:
            for j, column in enumerate(self.columns, 1):
                sheet.cell(at, j, self.names[column])
            return
        grouped = {column: group for group, members in GROUPS.items() for column in members}
        for j, column in enumerate(self.columns, 1):
            if column in grouped:
                first = GROUPS[grouped[column]][0] == column
                if first:
                    sheet.cell(at, j, grouped[column])
                    sheet.merge_cells(start_row=at, start_column=j, end_row=at, end_column=j + 1)
                sheet.cell(at + 1, j, self.names[column])
            else:
                sheet.cell(at, j, self.names[column])
                sheet.merge_cells(start_row=at, start_column=j, end_row=at + 1, end_column=j)

    def _row(self, sheet, number, group):
        if len(group) == 1:
            sheet.append(self._cells(number, group[0]))
            return
        texts = [one["text"] for one in group]
        style = self.rng.choice(["1、", "①", "（一）", "一是", "；"])
        marks = {
            "1、": ["1、", "2、", "3、"],
            "①": "①②③",
            "（一）": ["（一）", "（二）", "（三）"],
            "一是": ["一是", "二是", "三是"],
        }
        if style == "；":
            text = "；".join(texts)
        else:
            text = self.rng.choice(["", "\n"]).join(
                f"{mark}{one}。" for mark, one in zip(marks[style], texts, strict=False)
            )
        owners = "、".join(one["owner"] for one in group)
        written = "；".join(f"{i}、{one['written']}" for i, one in enumerate(group, 1))
        sheet.append(self._cells(number, group[0] | {"text": text, "owner": owners, "written": written}))

    def _cells(self, number, one):
        day = one["raised_on"]
        if self.on["no year"]:
            shown = f"{day.month}月{day.day}日" if self.on["text days"] else f"{day.month}.{day.day}"
        else:
            shown = _shown(self.rng, day) if self.on["text days"] else _typed(day)
        cells = one | {"number": number, "raised_on": shown, "status": one["written"], "note": "见附件"}
        return [cells[column] for column in self.columns]

    def _repeat(self, sheet):
        """Put a ditto mark where an enterprise stands again."""
        mark = self.rng.choice(["同上", "〃"])
        names = [sheet.cell(i, 2).value for i in range(1, sheet.max_row + 1)]
        for i in range(1, len(names)):
            if names[i] in FIRMS and names[i] == names[i - 1]:
                sheet.cell(i + 1, 2).value = mark

    def _merge(self, sheet):
        """Merge equal enterprises and towns of rows that follow each other."""
        for j in (2, 3):
            start = None
            for i in range(1, sheet.max_row + 2):
                same = (
                    start and sheet.cell(i, j).value == sheet.cell(start, j).value and sheet.cell(i, 5).value
                )
                if start and not same and i - 1 > start:
                    for k in range(start + 1, i):
                        sheet.cell(k, j).value = None
                    sheet.merge_cells(start_row=start, start_column=j, end_row=i - 1, end_column=j)
                if not same:
                    start = i if sheet.cell(i, j).value in {*FIRMS, *TOWNS} else None


def _typed(day):
    return dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 - Excel knows no time zones


def _shown(rng, day):
    """Write a day with its year in one of the forms that clerks use, or as a typed cell."""
    digits = "〇一二三四五六七八九"
    year = "".join(digits[int(digit)] for digit in str(day.year))
    forms = [
        f"{day:%Y.%m.%d}", f"{day:%Y/%m/%d}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}",
        f"{day:%y}.{day.month}.{day.day}", f"{day:%y}年{day.month}月{day.day}日", f"{day:%Y-%m-%d} 09:30:00",
        f"{year}年{_chinese(day.month)}月{_chinese(day.day)}日", str((day - dt.date(1899, 12, 30)).days),
    ]  # fmt: skip
    return rng.choice([*forms, _typed(day)])


def _chinese(number):
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else "一二三"[tens - 1] + "十") + " 一二三四五六七八九"[
        ones
    ].strip()


def _groups(rows: list[dict]) -> list[list[dict]]:
    """Put rows of one enterprise and day that follow each other into one cell."""
    made: list[list[dict]] = []
    for one in rows:
        if made and len(made[-1]) < 3 and len(made) % 3 == 0:
            last = made[-1][0]
            one.update(enterprise=last["enterprise"], town=last["town"], raised_on=last["raised_on"])
            made[-1].append(one)
        else:
            made.append([one])
    return made


def lost_cells(sheets, ledger):
    """Cells of raw sheets that are in no table, no own column, not understood as header and not left out."""
    kept: dict[tuple[str, int], list[str]] = {}
    for name, frame in ledger.tables.items():
        places = ledger.origin[ledger.origin["table"] == name]
        texts = frame.astype(object).where(frame.notna(), "").to_dict("records")
        for row, sheet, at in zip(places["row"], places["sheet"], places["source_row"], strict=True):
            if row < len(texts):
                kept.setdefault((sheet, at), []).extend(map(_plain, texts[row].values()))
                kept[sheet, at] += [
                    "是" if one else "否" for one in texts[row].values() if isinstance(one, bool)
                ]
    for one in ledger.left_out.itertuples():
        kept.setdefault((one.sheet, one.row), []).append(_plain(one.value))
    headers = {
        (one.sheet, _plain(one.written)) for one in ledger.understanding.itertuples() if one.kind == "header"
    }
    # A form's labels and values stand in several rows: its sheet is looked at as a whole.
    forms = {one.sheet for one in ledger.understanding.itertuples() if one.meaning in FORMS}
    lost = []
    for sheet in sheets:
        whole = [one for (name, _), some in kept.items() if name == sheet.name for one in some]
        for i, row in enumerate(sheet.rows, 1):
            here = whole if sheet.name in forms else kept.get((sheet.name, i), [])
            for cell in filter(None, row):
                plain = _plain(cell)
                plain = _without_label(plain, headers, sheet.name) if sheet.name in forms else plain
                if (
                    plain in here
                    or _plain(cell) in here
                    or (sheet.name, plain) in headers
                    or _covered(plain, here)
                    or _day_in(cell, here)
                ):
                    continue
                lost.append((sheet.name, i, cell))
    return lost


def _without_label(cell: str, headers, sheet: str) -> str:
    """Cell of a form without its label, where that was understood: 走访时间：6月15日."""
    label, _, value = cell.replace(":", "：").partition("：")
    return value if value and (sheet, label) in headers else cell.rstrip("：:")


def _plain(cell) -> str:
    return "".join(str(cell).split())


def _covered(cell: str, parts: list[str]) -> bool:
    """Whether the parts of a split cell make up all of it but its markers."""
    rest = cell
    for part in sorted({part for part in parts if part}, key=len, reverse=True):
        rest = rest.replace(part, "")
    return len(rest) < len(cell) and not rest.strip(
        "0123456789一二三四五六七八九十①②③④⑤⑥⑦⑧⑨、.．)）(（【】是；;，,。:：诉求问题需建议困难其第"
    )


def _day_in(cell: str, parts: list[str]) -> bool:
    day = read_day(cell, republic=True)
    if day.month and day.day and any(part[5:10] == f"{day.month:02}-{day.day:02}" for part in parts):
        return True
    digits = [int(part) for part in re.findall(r"\d+", cell)]
    days = [part[:10].split("-") for part in parts if re.match(r"\d{4}-\d\d-\d\d", part)]
    digits = digits[:3]
    # A year may stand last: 05/03/2024.
    orders = [digits, digits[::-1], [digits[-1], *digits[:-1]]] if len(digits) == 3 else [digits]
    return any([int(p) for p in day][-len(one) :] == one for day in days for one in orders if one)
