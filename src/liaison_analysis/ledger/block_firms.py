"""Names of enterprises in the rows of one block: on one line, apart from contacts, one for each row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.cell_looks import FIRM_NAME
from liaison_analysis.ledger.names_in_cells import part_firm
from liaison_analysis.ledger.sheets import FORMULA_FAILED
from liaison_analysis.ledger.splitting import split_demands
from liaison_analysis.ledger.titles import PLACE_NAME, TOWN
from liaison_analysis.ledger.validation import FAILED

if TYPE_CHECKING:
    from liaison_analysis.ledger.block_rows import BlockRows

# Marks between the names of several enterprises in a cell.
_BETWEEN_FIRMS: Final = re.compile(r"[、；;\n，]\s*|,\s*(?=[\u4e00-\u9fff])")
_CHINESE_ENDS: Final = re.compile(r"^[\u4e00-\u9fff（(）)].*[\u4e00-\u9fff（(）)]$|^[\u4e00-\u9fff]$")
_CODE: Final = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")


def join_lines_of_names(rows: BlockRows) -> None:
    """Write names of enterprises on one line that were broken to fit the column's width."""
    name = "name" if rows.table == "enterprises" and "name" in rows.frame else rows.firm_column()
    if not name or not any("\n" in cell for cell in rows.frame[name]):
        return
    rows.frame[name] = [_on_one_line(cell) if "\n" in cell else cell for cell in rows.frame[name]]


def _on_one_line(name: str) -> str:
    """Join the lines of one name; lines that are names of their own, or no Chinese, stay."""
    lines = [line.strip() for line in name.split("\n") if line.strip()]
    broken = all(not FIRM_NAME.search(line) for line in lines[:-1]) and FIRM_NAME.search("".join(lines))
    chinese = all(_CHINESE_ENDS.search(line) for line in lines)
    return "".join(lines) if broken and chinese else name


def split_firm_cells(rows: BlockRows) -> None:
    """Separate names of enterprises from a contact or code in the cell, which gets its own column."""
    name = rows.firm_column()
    if not name:
        return
    parts = [part_firm(cell) for cell in rows.frame[name]]
    rest = [other for _, other in parts]
    if not any(rest):
        return
    rows.frame[name] = [firm for firm, _ in parts]
    codes = all(_CODE.fullmatch(one) for one in rest if one)
    towns = all(PLACE_NAME.search(one) for one in rest if one)
    beside = "统一社会信用代码" if codes else TOWN if towns else f"{name}（附）"
    if beside not in rows.frame:
        rows.frame[beside] = rest
    else:
        rows.frame[f"{name}（附）"] = rest


def leave_failed_firms(rows: BlockRows) -> None:
    """Ask about names that are formula errors."""
    name = rows.firm_column()
    if not name or rows.own:
        return
    cells = rows.frame[name].tolist()
    failed = [i for i, cell in enumerate(cells) if cell.startswith("#") and FAILED.fullmatch(cell)]
    for i in failed:
        rows.leave(i, name, cells[i], message(FORMULA_FAILED))
        rows.ask(i, name, cells[i], message(FORMULA_FAILED), status="missing")
        cells[i] = ""
    if failed:
        rows.frame[name] = cells


def split_several_firms(rows: BlockRows) -> None:
    """Give each of several enterprises in a cell a row of the demand: 甲公司、乙公司."""
    name = rows.firm_column()
    if not name or rows.own:
        return
    cells = rows.frame[name].tolist()
    texts = rows.frame["text"].tolist() if "text" in rows.frame else [""] * len(cells)
    parts = [_several_firms(cell) for cell in cells]
    for i in [i for i, some in enumerate(parts) if len(some) > 1]:
        n = len(split_demands(texts[i])[0])
        if n > 1:  # each may be of one of them
            parts[i] = [cells[i]]
            why = message("beside {n} demands; say which belongs to which", n=n)
            rows.ask(i, name, cells[i], why, status="unmatched")
        elif "\n" in cells[i]:  # lines may as well be a name and its branch
            parts[i] = [cells[i]]
            why = message("several enterprises in a cell; write a row for each")
            rows.ask(i, name, cells[i], why, status="unmatched")
        else:
            why = message("several enterprises in a cell; each has a row of the demand")
            rows.ask(i, name, cells[i], why, status="part")
    at = [i for i, some in enumerate(parts) for _ in some]
    if len(at) == len(cells):
        return
    frame = rows.frame.iloc[at].reset_index(drop=True)
    frame[name] = [one for some in parts for one in some]
    if "demand_id" in frame:
        numbers = [k if len(some) > 1 else 0 for some in parts for k, _ in enumerate(some, 1)]
        ids = frame["demand_id"].tolist()
        frame["demand_id"] = [f"{a}-{k}" if a and k else a for a, k in zip(ids, numbers, strict=True)]
    rows.at = [rows.at[i] for i in at]
    rows.frame = frame


def _several_firms(cell: str) -> list[str]:
    """Names of several enterprises in a cell; the cell itself where it is the name of one."""
    parts = [part.strip() for part in _BETWEEN_FIRMS.split(cell) if part.strip()] if cell else []
    different = len(parts) > 1 and len(set(parts)) == len(parts)
    return parts if different and all(map(FIRM_NAME.search, parts)) else [cell]
