"""Read the rows of one block: ditto marks, names of firms, signs for none, rows without a request."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.cell_reading import read_all_days, read_answers, read_states, states_explained
from liaison_analysis.ledger.headers import FIRM_NAME, REQUEST
from liaison_analysis.ledger.records import PLACE, own_name
from liaison_analysis.ledger.row_splitting import join_merged_rows, split_demand_cells, split_product_cells
from liaison_analysis.ledger.schema import TABLES, header_key
from liaison_analysis.ledger.sheets import FORMULA_FAILED
from liaison_analysis.ledger.side_by_side import AS_USUAL
from liaison_analysis.ledger.splitting import (
    has_ditto,
    is_ditto,
    leading_office,
    office_of_person,
    part_firm,
    split_demands,
)
from liaison_analysis.ledger.spoken import spoken_name
from liaison_analysis.ledger.titles import PLACE_NAME, TOWN
from liaison_analysis.ledger.validation import FAILED
from liaison_analysis.text import asks_nothing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from liaison_analysis.ledger.headers import Meaning
    from liaison_analysis.ledger.layout import Block
    from liaison_analysis.ledger.records import Gathered, Options

# Remarks by which a row does not count (此条作废; 与序号3重复，已删除), or repeats another.
_ROW: Final = r"(?:此|本|该|这)(?:条|行|件|项|单|诉求|问题|记录|数据)"
_AGAIN: Final = (
    r"(?:(?:与|同|和|跟)?\s*(?:序号|编号|第|上面?|前面?)?\s*[A-Za-z0-9一二三四五六七八九十\-]{0,8}\s*"
    r"(?:号|条|行|项|个)?的?(?:诉求|问题)?(?:重复|相同|一样|雷同)(?:登记|录入|上报|填报|件)?)"
)
_GONE: Final = (
    r"(?:已|应|请|可|需|建议|拟|予以)*"
    r"(?:作废|删除|删掉|删去|删了|剔除|误填|误录|误报|录错|填错|录入错误|填报错误|无效|不计入?|不算)"
)
_VOID_REMARK: Final = re.compile(
    rf"^(?:{_ROW}|因?{_AGAIN})?[,，;；、:：\s]*{_GONE}(?:处理|了|统计|{_ROW})*(?:[,，(（][^,，]{{0,15}})?$"
)
_REPEATED_REMARK: Final = re.compile(rf"^(?:{_ROW})?(?:系|为|是)?{_AGAIN}$")
# Words and marks after which a sentence goes on in the next row.
_GOES_ON: Final = re.compile(r"(?:[，,、：:（(]|希望|建议|以及|由于|为了|目前|[和及与或因并但且把将])$")
# Columns of names, in which a mark for "none" (/, 无) is not a name.
_NAMED: Final = ("owner", "transferred_to", "kind", "status")
_LONGEST_NONE: Final = 4
# Headers of a column that says whether a row holds a demand, and how it says no.
_IS_DEMAND: Final = re.compile(
    r"^(?:是否|有无|有没有)(?:有|为|属于|是|提出|存在)?(?:企业)?(?:诉求|需求|问题|困难)(?:问题|困难|诉求)?$"
)
_NO: Final = frozenset({"否", "无", "没有", "不是", "×", "N", "n", "no", "No", "false"})
# Marks between the names of several enterprises in a cell.
_BETWEEN_FIRMS: Final = re.compile(r"[、；;\n，]\s*|,\s*(?=[\u4e00-\u9fff])")
# Share of departments beside a person that a column of them has; judgement.
_PERSONS_SHARE: Final = 0.6
# Characters of a remark about the row itself; judgement.
_LONGEST_REMARK: Final = 30
_CHINESE_ENDS: Final = re.compile(r"^[\u4e00-\u9fff（(）)].*[\u4e00-\u9fff（(）)]$|^[\u4e00-\u9fff]$")
_CODE: Final = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")


def _on_one_line(name: str) -> str:
    """Join the lines of one name; lines that are names of their own, or no Chinese, stay."""
    lines = [line.strip() for line in name.split("\n") if line.strip()]
    broken = all(not FIRM_NAME.search(line) for line in lines[:-1]) and FIRM_NAME.search("".join(lines))
    chinese = all(_CHINESE_ENDS.search(line) for line in lines)
    return "".join(lines) if broken and chinese else name


def _several_firms(cell: str) -> list[str]:
    """Names of several enterprises in a cell; the cell itself where it is the name of one."""
    parts = [part.strip() for part in _BETWEEN_FIRMS.split(cell) if part.strip()] if cell else []
    different = len(parts) > 1 and len(set(parts)) == len(parts)
    return parts if different and all(map(FIRM_NAME.search, parts)) else [cell]


class BlockReader:
    """Reads the rows of one block, which ``row_splitting`` and ``cell_reading`` change further."""

    def __init__(  # noqa: PLR0917 - one piece of many that belong together
        self,
        block: Block,
        table: str,
        meanings: Mapping[int, Meaning],
        frame: pd.DataFrame,
        own: bool,  # noqa: FBT001 - one piece of many that belong together
        source: str,
        options: Options,
        out: Gathered,
    ) -> None:
        self.block, self.table, self.meanings, self.frame = block, table, meanings, frame
        self.own, self.source, self.options, self.out = own, source, options, out
        self.at = list(range(len(block.rows)))  # row of the block that each row of the frame comes from
        self.place = {m.column: j for j, m in meanings.items()}

    def read(self) -> pd.DataFrame:
        """Rows of the table."""
        self._leave_unfilled()
        self._repeat_dittos()
        self._join_lines_of_names()
        if self.table in {"demands", "visits"}:
            self._leave_void()
            self._part_firms()
            self._leave_failed_firms()
            self._part_several_firms()
        if self.table == "demands":
            self._leave_none_given()
            self._take_leading_offices()
            join_merged_rows(self)
            self._leave_nothing_asked()
            split_demand_cells(self)
            read_answers(self)
            read_states(self)
        if self.table == "offers":
            split_product_cells(self)
        read_all_days(self)
        return self.frame

    def keep(self, kept: Sequence[bool]) -> None:
        """Keep some rows."""
        if not all(kept):
            self.at = [at for at, keep in zip(self.at, kept, strict=True) if keep]
            self.frame = self.frame.loc[list(kept)].reset_index(drop=True)

    def leave(self, i: int, column: str, value: str, why: str) -> None:
        """Note a cell of a row as left out."""
        sheet = self.block.sheet
        self.out.leave(sheet, sheet.place(self.block.rows[self.at[i]]), column, value, why)

    def ask(self, i: int, column: str, written: str, why: str, *, status: str = "unread") -> None:
        """Ask a clerk about a cell of a row."""
        sheet = self.block.sheet
        row = sheet.place(self.block.rows[self.at[i]]) + 1
        self.out.ask(sheet.name, row, column, written, why, status=status)

    def leave_row(self, i: int, why: str) -> None:
        """Note every cell of a row as left out."""
        self.out.leave_row(self.frame.iloc[i], why)

    def _leave_unfilled(self) -> None:
        """Leave out rows that hold nothing but a number: forms are numbered in advance."""
        numbers = {
            "demand_id",
            "visit_id",
            *(
                own_name(self.block.headers[j], self.table)
                for j, m in self.meanings.items()
                if m.column == "number"
            ),
        }
        others = [name for name in self.frame.columns if name not in PLACE and name not in numbers]
        if not others or len(others) == len(self.frame.columns) - len(PLACE):
            return
        filled = (self.frame[others] != "").any(axis=1).tolist()
        empty = [i for i, full in enumerate(filled) if not full]
        for i in empty:
            self.leave_row(i, message("numbered row with nothing else"))
        if empty:
            self.out.notes.append(
                message(
                    "sheet {sheet!r}: {n} numbered rows hold nothing else",
                    sheet=self.block.sheet.name,
                    n=len(empty),
                )
            )
        self.keep(filled)

    def _leave_void(self) -> None:
        """Leave out rows that a remark declares void, and ask about those that it calls repeated."""
        if self.table != "demands":
            return
        names = [
            own_name(self.block.headers[j], self.table)
            for j, m in self.meanings.items()
            if m.column == "note"
        ]
        for name in [one for one in names if one in self.frame]:
            remarks = [cell.strip(" 。.!！()（）【】[]") for cell in self.frame[name]]
            void = [len(cell) <= _LONGEST_REMARK and bool(_VOID_REMARK.match(cell)) for cell in remarks]
            for i, cell in enumerate(remarks):
                if void[i]:
                    self.leave_row(i, message("a remark says {remark}", remark=cell))
                elif cell and len(cell) <= _LONGEST_REMARK and _REPEATED_REMARK.match(cell):
                    why = message(
                        "a remark says that this row repeats another; delete it unless both are to be counted"
                    )
                    self.ask(
                        i,
                        "text",
                        self.frame["text"].iloc[i] if "text" in self.frame else "",
                        why,
                        status="repeated",
                    )
            if any(void):
                self.out.notes.append(
                    message(
                        "sheet {sheet!r}: {n} rows are void by their remark and left out",
                        sheet=self.block.sheet.name,
                        n=sum(void),
                    )
                )
                self.keep([not one for one in void])

    def _repeat_dittos(self) -> None:
        """Replace 同上 by the value above."""
        for name in self.frame.columns:
            cells = self.frame[name].tolist()
            if name in PLACE or not has_ditto(cells):
                continue
            n = 0
            for i in range(1, len(cells)):
                if is_ditto(cells[i]) and (not self.own or cells[i][0] in "同〃"):
                    self.leave(i, str(name), cells[i], message("repeats the cell above"))
                    cells[i], n = cells[i - 1], n + 1
            if not n:
                continue
            self.frame[name] = cells
            self.out.notes.append(
                message(
                    "sheet {sheet!r}: {n} cells of {column} say 同上 and repeat the cell above",
                    sheet=self.block.sheet.name,
                    n=n,
                    column=spoken_name(name),
                )
            )
        number = [j for j, m in self.meanings.items() if m.column == "number"]
        name_at = self.place.get("enterprise")
        if name_at is not None and self.table == "demands":
            # Without numbers, a row that has no day either is another demand of the same visit.
            beside = own_name(self.block.headers[number[0]], "demands") if number else "raised_on"
            self._continue_names(beside, own_name(self.block.headers[name_at], "demands"))

    def _continue_names(self, beside: str, name: str) -> None:
        """Carry a name down to the rows below that have neither a name nor a number (or day) of their own."""
        if beside not in self.frame or name not in self.frame or "text" not in self.frame:
            return
        besides, names, texts = (self.frame[one].tolist() for one in (beside, name, "text"))
        days = self.frame["raised_on"].tolist() if "raised_on" in self.frame else [""] * len(names)
        kept = [True] * len(names)
        n, last = 0, 0
        for i in range(1, len(names)):
            if names[i] or besides[i] or not texts[i] or not names[i - 1]:
                last = i
                continue
            names[i] = names[i - 1]
            days[i] = days[i] or days[i - 1]
            if self._stands_alone(i) and _GOES_ON.search(texts[last]):
                self.leave(i, "text", texts[i], message("goes on with the text of the row above"))
                texts[last], kept[i] = texts[last] + texts[i], False
                continue
            n, last = n + 1, i
            self._ask_whether_continued(i)
        if n or not all(kept):
            self.frame[name], self.frame["text"] = names, texts
            if "raised_on" in self.frame:
                self.frame["raised_on"] = days
        if n:
            self.out.notes.append(
                message(
                    "sheet {sheet!r}: {n} rows without number and name go with the row above",
                    sheet=self.block.sheet.name,
                    n=n,
                )
                if beside != "raised_on"
                else message(
                    "sheet {sheet!r}: {n} rows without name and day go with the row above",
                    sheet=self.block.sheet.name,
                    n=n,
                )
            )
        self.keep(kept)

    def _stands_alone(self, i: int) -> bool:
        """Whether a row holds nothing but a text."""
        return not any(cell for name, cell in self.frame.iloc[i].items() if name not in {*PLACE, "text"})

    def _ask_whether_continued(self, i: int) -> None:
        """Ask whether a row that holds nothing but a text continues the row above."""
        row, above = self.frame.iloc[i], self.frame.iloc[i - 1]
        if not self._stands_alone(i) or not any(above.get(name) for name in ("owner", "status")):
            return
        why = message(
            "stands alone in its row: a demand of its own, or the rest of the text above; write it there"
        )
        self.ask(i, "text", row["text"], why, status="unmatched")

    def firm_column(self) -> str:
        """Column of enterprises' names, or ``""``."""
        place = self.place.get("enterprise")
        name = "" if place is None else own_name(self.block.headers[place], "demands")
        return name if name in self.frame else ""

    def _join_lines_of_names(self) -> None:
        """Write names of enterprises on one line that were broken to fit the column's width."""
        name = "name" if self.table == "enterprises" and "name" in self.frame else self.firm_column()
        if not name or not any("\n" in cell for cell in self.frame[name]):
            return
        self.frame[name] = [_on_one_line(cell) if "\n" in cell else cell for cell in self.frame[name]]

    def _part_firms(self) -> None:
        """Separate names of enterprises from a contact or code in the cell, which gets its own column."""
        name = self.firm_column()
        if not name:
            return
        parts = [part_firm(cell) for cell in self.frame[name]]
        rest = [other for _, other in parts]
        if not any(rest):
            return
        self.frame[name] = [firm for firm, _ in parts]
        codes = all(_CODE.fullmatch(one) for one in rest if one)
        towns = all(PLACE_NAME.search(one) for one in rest if one)
        beside = "统一社会信用代码" if codes else TOWN if towns else f"{name}（附）"
        if beside not in self.frame:
            self.frame[beside] = rest
        else:
            self.frame[f"{name}（附）"] = rest

    def _part_several_firms(self) -> None:
        """Give each of several enterprises in a cell a row of the demand: 甲公司、乙公司."""
        name = self.firm_column()
        if not name or self.own:
            return
        cells = self.frame[name].tolist()
        texts = self.frame["text"].tolist() if "text" in self.frame else [""] * len(cells)
        parts = [_several_firms(cell) for cell in cells]
        for i in [i for i, some in enumerate(parts) if len(some) > 1]:
            n = len(split_demands(texts[i])[0])
            if n > 1:  # each may be of one of them
                parts[i] = [cells[i]]
                why = message("beside {n} demands; say which belongs to which", n=n)
                self.ask(i, name, cells[i], why, status="unmatched")
            elif "\n" in cells[i]:  # lines may as well be a name and its branch
                parts[i] = [cells[i]]
                why = message("several enterprises in a cell; write a row for each")
                self.ask(i, name, cells[i], why, status="unmatched")
            else:
                why = message("several enterprises in a cell; each has a row of the demand")
                self.ask(i, name, cells[i], why, status="part")
        rows = [i for i, some in enumerate(parts) for _ in some]
        if len(rows) == len(cells):
            return
        frame = self.frame.iloc[rows].reset_index(drop=True)
        frame[name] = [one for some in parts for one in some]
        if "demand_id" in frame:
            numbers = [k if len(some) > 1 else 0 for some in parts for k, _ in enumerate(some, 1)]
            ids = frame["demand_id"].tolist()
            frame["demand_id"] = [f"{a}-{k}" if a and k else a for a, k in zip(ids, numbers, strict=True)]
        self.at = [self.at[i] for i in rows]
        self.frame = frame

    def _leave_failed_firms(self) -> None:
        """Ask about names that are formula errors."""
        name = self.firm_column()
        if not name or self.own:
            return
        cells = self.frame[name].tolist()
        failed = [i for i, cell in enumerate(cells) if cell.startswith("#") and FAILED.fullmatch(cell)]
        for i in failed:
            self.leave(i, name, cells[i], message(FORMULA_FAILED))
            self.ask(i, name, cells[i], message(FORMULA_FAILED), status="missing")
            cells[i] = ""
        if failed:
            self.frame[name] = cells

    def _leave_none_given(self) -> None:
        """Leave out signs for none (/, 无) in columns where they would be taken for a department or firm."""
        names = [
            *_NAMED,
            *(column.name for column in TABLES["demands"].columns if column.kind == "date"),
        ]
        firm = self.place.get("enterprise")
        if firm is not None:
            names.append(own_name(self.block.headers[firm], "demands"))
        for name in names:
            if name not in self.frame or (self.own and name not in {"owner", "transferred_to", "kind"}):
                continue
            cells = self.frame[name].tolist()
            signs = {**states_explained(self), **self.options.states} if name == "status" else {}
            none = [
                i
                for i, cell in enumerate(cells)
                if 0 < len(cell) <= _LONGEST_NONE and cell not in signs and asks_nothing(cell)
            ]
            for i in none:
                self.leave(i, name, cells[i], message("says that there is none"))
                cells[i] = ""
            if none:
                self.frame[name] = cells

    def _take_leading_offices(self) -> None:
        """Take the department that leads or that a person is of; the whole cell stays in a column beside."""
        if self.own or "owner" not in self.frame:
            return
        cells = self.frame["owner"].tolist()
        leading = [leading_office(cell) for cell in cells]
        of_persons = [office_of_person(cell) for cell in cells]
        if _PERSONS_SHARE * sum(map(bool, cells)) <= sum(map(bool, of_persons)):
            leading = [one or other for one, other in zip(leading, of_persons, strict=True)]
        if not any(leading):
            return
        header = self.block.headers[self.place["owner"]] if "owner" in self.place else ""
        name = "原" + own_name(header or spoken_name("owner"), "demands")
        if name in self.frame:
            return
        self.frame[name] = [cell if one else "" for cell, one in zip(cells, leading, strict=True)]
        self.frame["owner"] = [one or cell for cell, one in zip(cells, leading, strict=True)]

    def _leave_answered_no(self) -> None:
        """Leave out rows of which a column says that they hold no demand; ask about a request among them."""
        keys = {str(name): header_key(name) for name in self.frame.columns}
        column = next((name for name, key in keys.items() if _IS_DEMAND.match(key)), "")
        if not column or self.own:
            return
        kept = [True] * len(self.frame)
        answers = zip(self.frame[column].tolist(), self.frame["text"].tolist(), strict=True)
        for i, (answer, text) in enumerate(answers):
            if answer not in _NO or not text or asks_nothing(text):
                continue
            why = message("{column} says {answer}", column=column, answer=answer)
            if REQUEST.search(text):
                self.ask(i, "text", text, why, status="contradicts")
            else:
                self.leave_row(i, why)
                kept[i] = False
        self.keep(kept)

    def _leave_nothing_asked(self) -> None:
        if "text" not in self.frame:
            return
        self._leave_answered_no()
        nothing = [asks_nothing(cell) or bool(AS_USUAL.match(cell)) for cell in self.frame["text"]]
        for i in [i for i, one in enumerate(nothing) if one]:
            self.leave_row(i, message("nothing asked"))
        if any(nothing):
            self.out.quiet.append(self.frame.loc[nothing])
            self.out.notes.append(
                message(
                    "sheet {sheet!r}: {n} visits at which nothing was asked",
                    sheet=self.block.sheet.name,
                    n=sum(nothing),
                )
            )
        self.keep([not one for one in nothing])
        if self.own:
            return
        blank = [not cell for cell in self.frame["text"]]
        for i in [i for i, one in enumerate(blank) if one]:
            self.leave_row(i, message("no demand in this row"))
            why = message("a row without a demand; fill it in or delete the row")
            self.ask(i, "text", "", why, status="missing")
        self.keep([not one for one in blank])
