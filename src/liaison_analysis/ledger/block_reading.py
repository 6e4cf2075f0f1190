"""Read the rows of one block: ditto marks, rows without a request, several demands or products in a cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.headers import FIRM_NAME
from liaison_analysis.ledger.legends import states_by_sign
from liaison_analysis.ledger.records import PLACE, own_name
from liaison_analysis.ledger.schema import TABLES
from liaison_analysis.ledger.sheets import FORMULA_FAILED
from liaison_analysis.ledger.splitting import (
    has_ditto,
    is_ditto,
    leading_office,
    list_lengths,
    part_firm,
    split_demands,
    split_list,
    split_products,
)
from liaison_analysis.ledger.spoken import spoken_name
from liaison_analysis.ledger.validation import FAILED
from liaison_analysis.text import asks_nothing, read_number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from liaison_analysis.ledger.headers import Meaning
    from liaison_analysis.ledger.layout import Block
    from liaison_analysis.ledger.records import Gathered, Options

# Columns that a row of demands may share with others in one cell.
_PARALLEL: Final = ("owner", "status", "done", "kind", "in_remit", "assigned_on", "settled_on", "fed_back_on")
# Columns of names, in which a mark for "none" (/, 无) is not a name.
_NAMED: Final = ("owner", "transferred_to", "kind", "status")
_LONGEST_NONE: Final = 3
_CHINESE_ENDS: Final = re.compile(r"^[\u4e00-\u9fff（(）)].*[\u4e00-\u9fff（(）)]$|^[\u4e00-\u9fff]$")
_CODE: Final = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
# The number of a demand among those of its enterprise: （1）, 2、.
_ROW_NUMBER: Final = re.compile(
    r"^[(（](\d{1,2}|[一二三四五六七八九十])[)）]\s*(?=\D)|^(\d{1,2})[、.．]\s*(?=\D)"
)
# Mean length of texts from which a column holds letters rather than short entries; judgement.
_LETTER_LENGTH: Final = 120


def _on_one_line(name: str) -> str:
    """Join the lines of one name; lines that are names of their own, or no Chinese, stay."""
    lines = [line.strip() for line in name.split("\n") if line.strip()]
    broken = all(not FIRM_NAME.search(line) for line in lines[:-1]) and FIRM_NAME.search("".join(lines))
    chinese = all(_CHINESE_ENDS.search(line) for line in lines)
    return "".join(lines) if broken and chinese else name


class BlockReader:
    """Reads the rows of one block: ditto marks, rows without a request, several demands in a cell."""

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
        from liaison_analysis.ledger.cell_reading import read_all_days, read_answers, read_states

        self._leave_unfilled()
        self._repeat_dittos()
        self._join_lines_of_names()
        if self.table in {"demands", "visits"}:
            self._part_firms()
            self._leave_failed_firms()
        if self.table == "demands":
            self._leave_none_given()
            self._take_leading_offices()
            self._join_merged()
            self._leave_nothing_asked()
            self._split_demands()
            read_answers(self)
            read_states(self)
        if self.table == "offers":
            self._split_products()
        read_all_days(self)
        return self.frame

    def keep(self, kept: Sequence[bool]) -> None:
        """Keep some rows."""
        if not all(kept):
            self.at = [at for at, keep in zip(self.at, kept, strict=True) if keep]
            self.frame = self.frame.loc[list(kept)].reset_index(drop=True)

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

    def _repeat_dittos(self) -> None:
        """Replace 同上 by the value above."""
        for name in self.frame.columns:
            cells = self.frame[name].tolist()
            if name in PLACE or not has_ditto(cells):
                continue
            n = 0
            for i in range(1, len(cells)):
                if is_ditto(cells[i]) and (not self.own or cells[i][0] in "同〃"):
                    row = int(self.frame["\0row"].iloc[i]) - 1
                    self.out.leave(
                        self.block.sheet, row, str(name), cells[i], message("repeats the cell above")
                    )
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
        if number and name_at is not None and self.table == "demands":
            self._continue_names(
                own_name(self.block.headers[number[0]], "demands"),
                own_name(self.block.headers[name_at], "demands"),
            )

    def _continue_names(self, number: str, name: str) -> None:
        """Carry a name down to the rows below that have neither a number nor a name of their own."""
        if number not in self.frame or name not in self.frame or "text" not in self.frame:
            return
        numbers, names, texts = (self.frame[one].tolist() for one in (number, name, "text"))
        days = self.frame["raised_on"].tolist() if "raised_on" in self.frame else [""] * len(names)
        n = 0
        for i in range(1, len(names)):
            if not names[i] and not numbers[i] and texts[i] and names[i - 1]:
                names[i], n = names[i - 1], n + 1
                days[i] = days[i] or days[i - 1]
                self._ask_whether_continued(i)
        if n:
            self.frame[name] = names
            if "raised_on" in self.frame:
                self.frame["raised_on"] = days
            self.out.notes.append(
                message(
                    "sheet {sheet!r}: {n} rows without number and name go with the row above",
                    sheet=self.block.sheet.name,
                    n=n,
                )
            )

    def _ask_whether_continued(self, i: int) -> None:
        """Ask whether a row that holds nothing but a text continues the row above."""
        row = self.frame.iloc[i]
        others = [name for name, cell in row.items() if cell and name not in PLACE and name != "text"]
        above = self.frame.iloc[i - 1]
        if others or not any(above.get(name) for name in ("owner", "status")):
            return
        why = message(
            "stands alone in its row: a demand of its own, or the rest of the text above; write it there"
        )
        self.out.ask(self.block.sheet.name, int(row["\0row"]), "text", row["text"], why, status="unmatched")

    def _firm_column(self) -> str:
        """Column of enterprises' names, or ``""``."""
        place = self.place.get("enterprise")
        name = "" if place is None else own_name(self.block.headers[place], "demands")
        return name if name in self.frame else ""

    def _join_lines_of_names(self) -> None:
        """Write names of enterprises on one line that were broken to fit the column's width."""
        name = "name" if self.table == "enterprises" and "name" in self.frame else self._firm_column()
        if not name or not any("\n" in cell for cell in self.frame[name]):
            return
        self.frame[name] = [_on_one_line(cell) if "\n" in cell else cell for cell in self.frame[name]]

    def _part_firms(self) -> None:
        """Separate names of enterprises from a contact or code in the cell, which gets its own column."""
        name = self._firm_column()
        if not name:
            return
        parts = [part_firm(cell) for cell in self.frame[name]]
        rest = [other for _, other in parts]
        if not any(rest):
            return
        self.frame[name] = [firm for firm, _ in parts]
        codes = all(_CODE.fullmatch(one) for one in rest if one)
        beside = "统一社会信用代码" if codes else f"{name}（附）"
        if beside not in self.frame:
            self.frame[beside] = rest
        else:
            self.frame[f"{name}（附）"] = rest

    def _leave_failed_firms(self) -> None:
        """Ask about names that are formula errors."""
        name = self._firm_column()
        if not name or self.own:
            return
        cells = self.frame[name].tolist()
        failed = [i for i, cell in enumerate(cells) if cell.startswith("#") and FAILED.fullmatch(cell)]
        for i in failed:
            row, sheet = int(self.frame["\0row"].iloc[i]), self.block.sheet
            self.out.leave(sheet, row - 1, name, cells[i], message(FORMULA_FAILED))
            self.out.ask(sheet.name, row, name, cells[i], message(FORMULA_FAILED), status="missing")
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
            signs = states_by_sign(self.block.sheet) if name == "status" else {}
            none = [
                i
                for i, cell in enumerate(cells)
                if 0 < len(cell) <= _LONGEST_NONE and cell not in signs and asks_nothing(cell)
            ]
            for i in none:
                row = int(self.frame["\0row"].iloc[i]) - 1
                self.out.leave(self.block.sheet, row, name, cells[i], message("says that there is none"))
                cells[i] = ""
            if none:
                self.frame[name] = cells

    def _take_leading_offices(self) -> None:
        """Take the department that leads where a cell says so; the whole cell stays in a column beside."""
        if self.own or "owner" not in self.frame:
            return
        cells = self.frame["owner"].tolist()
        leading = [leading_office(cell) for cell in cells]
        if not any(leading):
            return
        header = self.block.headers[self.place["owner"]] if "owner" in self.place else ""
        name = "原" + own_name(header or spoken_name("owner"), "demands")
        if name in self.frame:
            return
        self.frame[name] = [cell if one else "" for cell, one in zip(cells, leading, strict=True)]
        self.frame["owner"] = [one or cell for cell, one in zip(cells, leading, strict=True)]

    def _join_merged(self) -> None:
        """Make one demand of rows whose text is one merged cell, of the same enterprise and day."""
        marks, j = self.block.sheet.marks, self.place.get("text")
        if j is None or not marks.merged or "text" not in self.frame or len(self.frame) < 2:
            return
        column = self.block.columns[j]
        range_of = {
            row: (top, low)
            for top, left, low, right in marks.merged
            if low > top and left <= column <= right
            for row in range(top, low + 1)
        }
        places = [range_of.get(self.block.rows[at]) for at in self.at]
        firm = self.place.get("enterprise")
        same = [
            "enterprise_id",
            "raised_on",
            own_name(self.block.headers[firm], "demands") if firm is not None else "",
        ]
        keys = self.frame[[name for name in same if name in self.frame]].to_numpy().tolist()
        kept, first = [True] * len(places), 0
        for i in range(1, len(places)):
            if places[i] is None or places[i] != places[first] or keys[i] != keys[first]:
                first = i
                continue
            kept[i] = False
            self._put_together(first, i)
        self.keep(kept)

    def _put_together(self, first: int, i: int) -> None:
        row = int(self.frame["\0row"].iloc[i]) - 1
        for name in [one for one in self.frame.columns if one not in PLACE]:
            old, new = self.frame[name].iloc[first], self.frame[name].iloc[i]
            if not new or new == old:
                continue
            self.out.leave(
                self.block.sheet, row, name, new, message("stands beside a demand of several rows")
            )
            if not old:
                self.frame.loc[first, name] = new
            elif name in {"owner", "status"}:
                self.frame.loc[first, name] = f"{old}、{new}"

    def _leave_nothing_asked(self) -> None:
        if "text" not in self.frame:
            return
        nothing = [asks_nothing(cell) for cell in self.frame["text"]]
        for i in [i for i, one in enumerate(nothing) if one]:
            self.leave_row(i, message("nothing asked"))
        if any(nothing):
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
            self.out.ask(
                self.block.sheet.name,
                int(self.frame["\0row"].iloc[i]),
                "text",
                "",
                message("a row without a demand; fill it in or delete the row"),
                status="missing",
            )
        self.keep([not one for one in blank])

    def _parallel(self) -> list[str]:
        names = [one for one in _PARALLEL if one in self.frame]
        return names + [
            own_name(self.block.headers[j], "demands")
            for j, m in self.meanings.items()
            if m.column == "done" and own_name(self.block.headers[j], "demands") in self.frame
        ]

    def _drop_numbers(self) -> None:
        """Drop numbers before demands that have a row each, where they count the demands of an enterprise."""
        texts = self.frame["text"].tolist()
        found = [_ROW_NUMBER.match(text) for text in texts]
        if 2 * sum(map(bool, found)) < len(texts):
            return
        firm = self._firm_column() or ("enterprise_id" if "enterprise_id" in self.frame else "")
        firms = self.frame[firm].tolist() if firm else [""] * len(texts)
        counted = [read_number(next(filter(None, one.groups()))) if one else 0 for one in found]
        runs = 0
        for i in range(1, len(texts)):
            goes_on = firms[i] == firms[i - 1] and counted[i - 1] and counted[i] == counted[i - 1] + 1
            if counted[i] and not (goes_on or counted[i] == 1):
                return
            runs += bool(goes_on)
        if runs and (not counted[0] or counted[0] == 1):
            self.frame["text"] = [
                text[one.end() :] if one else text for text, one in zip(texts, found, strict=True)
            ]

    def _split_demands(self) -> None:
        if not self.own:
            self._drop_numbers()
        texts = self.frame["text"].tolist()
        length = sum(map(len, texts)) / max(1, len(texts))
        letter = length > _LETTER_LENGTH or "title" in self.place
        parallel = self._parallel()
        columns = {name: self.frame[name].tolist() for name in parallel}
        parts_of: list[list[str]] = []
        for i, text in enumerate(texts):
            counts = (
                set().union(*(list_lengths(columns[name][i]) for name in parallel))
                if len(text) > 5
                else set()
            )
            parts, intro = split_demands(text, counts, letter=letter, lines=not self.own)
            parts_of.append(parts)
            if intro:
                self.out.leave(
                    self.block.sheet,
                    int(self.frame["\0row"].iloc[i]) - 1,
                    "text",
                    intro,
                    message("introduction to a list of demands"),
                )
        if all(len(parts) == 1 for parts in parts_of):
            return
        rows = [i for i, parts in enumerate(parts_of) for _ in parts]
        frame = self.frame.iloc[rows].reset_index(drop=True)
        frame["text"] = [part for parts in parts_of for part in parts]
        for name in parallel:
            frame[name] = [
                one
                for i, parts in enumerate(parts_of)
                for one in self._shared(name, columns[name][i], len(parts), i)
            ]
        if "demand_id" in frame:
            frame["demand_id"] = [
                f"{frame['demand_id'].iloc[at]}" if len(parts_of[i]) == 1 else "" for at, i in enumerate(rows)
            ]
            ids = self.frame["demand_id"].tolist()
            frame["demand_id"] = [
                ids[i] if len(parts) == 1 or not ids[i] else f"{ids[i]}-{k}"
                for i, parts in enumerate(parts_of) for k in range(1, len(parts) + 1)
            ]  # fmt: skip
        self.at = [self.at[i] for i in rows]
        self.frame = frame
        several = [len(parts) for parts in parts_of if len(parts) > 1]
        sheet = self.block.sheet.name
        note = message(
            "{n} cells held several demands; {rows} rows were made of them", n=len(several), rows=sum(several)
        )
        self.out.notes.append(message("sheet {sheet!r}: {note}", sheet=sheet, note=note))

    def _shared(self, name: str, cell: str, n: int, i: int) -> list[str]:
        parts = split_list(cell, n) if n > 1 else [cell]
        if parts:
            return parts
        row = int(self.frame["\0row"].iloc[i])
        self.out.ask(
            self.block.sheet.name,
            row,
            name,
            cell,
            message("beside {n} demands; say which belongs to which", n=n),
            status="unmatched",
        )
        if name.endswith("_on"):
            self.out.leave(
                self.block.sheet,
                row - 1,
                name,
                cell,
                message("number of days differs from the number of demands"),
            )
            return [""] * n
        return [cell] * n

    def _split_products(self) -> None:
        products = [split_products(cell) for cell in self.frame["product"]]
        if all(len(one) == 1 for one in products):
            return
        rows = [i for i, one in enumerate(products) for _ in one]
        frame = self.frame.iloc[rows].reset_index(drop=True)
        frame["product"] = [one for some in products for one in some]
        if "weight" in frame:
            for i, some in enumerate(products):
                if len(some) > 1:
                    self.out.leave(
                        self.block.sheet,
                        int(self.frame["\0row"].iloc[i]) - 1,
                        "weight",
                        self.frame["weight"].iloc[i],
                        message("share of several products together"),
                    )
            frame["weight"] = [
                "" if len(products[i]) > 1 else frame["weight"].iloc[at] for at, i in enumerate(rows)
            ]
        self.at = [self.at[i] for i in rows]
        key = frame[[c for c in ("enterprise_id", "product") if c in frame]]
        self.frame = frame
        if "enterprise_id" in frame:
            kept = ~key.duplicated() | frame["product"].isin([some[0] for some in products if len(some) == 1])
            self.keep(kept.tolist())
