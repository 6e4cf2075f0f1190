"""Replace names of enterprises by ids, and list the names that a clerk has to decide."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from liaison_analysis.ledger.schema import TABLES, Column, Table, header_key, table_of
from liaison_analysis.ledger.tables import find_header
from liaison_analysis.ledger.validation import parse
from liaison_analysis.names import SURE, NameIndex

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from liaison_analysis.ledger.sheets import Sheet

    Mask = Callable[[Iterable[str]], list[str]]

#: One row for each name that is not an id and could not be resolved to one enterprise with confidence.
REVIEW_COLUMNS: Final = [
    "sheet", "row", "column", "written", "status", "enterprise_id", "score", "candidates", "why",
]  # fmt: skip
# Headers of columns that hold names where the schema wants ids.
_NAMED: Final = {
    "enterprise_id": ("企业名称", "单位名称", "公司名称", "企业", "单位", "enterprise", "enterprise_name"),
    "supplier_id": ("供应商", "供应商名称", "供方", "供方名称", "supplier", "supplier_name"),
    "customer_id": ("客户", "客户名称", "需方", "需方名称", "customer", "customer_name"),
    "seeker_id": ("发起企业", "发起企业名称", "需求方", "seeker", "seeker_name"),
    "counterpart_id": ("对接企业", "对接企业名称", "对接方", "counterpart", "counterpart_name"),
}


def resolve_sheets(
    sheets: Sequence[Sheet], extra: pd.DataFrame | None = None, *, mask: Mask | None = None
) -> tuple[list[Sheet], pd.DataFrame]:
    """Replace names of enterprises by ids; rows with an uncertain enterprise are left out and listed.

    A column of names (企业名称, 供应商, …) stands for a missing column of ids, which is added behind the
    others; names that stand among ids are replaced. Names are resolved on the row's own date, with the
    aliases of the file. Where a table has one enterprise per row and a column of towns (所属新城, town, …),
    the row's town decides between enterprises that match equally well.

    Parameters
    ----------
    sheets
        Sheets as ``read_sheets`` gives them.
    extra
        Aliases besides the file's, such as ``read_review`` gives them; they are used only for names that are
        uncertain without them.
    mask
        Masks names before they are compared and listed, so that answers to a masked list fit.

    Returns
    -------
    tuple
        The sheets, and DataFrame[sheet, row, column, written, status, enterprise_id, score, candidates,
        why], sorted by sheet and row, of what was left out; ``row`` counts as Excel does, enterprise_id is
        the best candidate or ``""``.

    Examples
    --------
    >>> from liaison_analysis.ledger.sheets import Sheet
    >>> roster = Sheet("企业", [["企业编号", "企业名称"], ["E1", "重庆云岫机器人有限公司"]])
    >>> demands = Sheet("诉求", [["编号", "企业名称", "提出日期", "诉求内容"],
    ...     ["D1", "云岫机器人", "2022-03-01", "停车难"], ["D2", "隔壁那家", "2022-03-02", "用电"]])
    >>> sheets, review = resolve_sheets([roster, demands])
    >>> sheets[1].rows[1], sheets[1].rows[2]
    (['D1', '云岫机器人', '2022-03-01', '停车难', 'E1'], [])
    >>> review[["row", "written", "status"]].to_numpy().tolist()
    [[3, '隔壁那家', 'unknown']]
    """
    named = {table.name: sheet for sheet in reversed(sheets) if (table := table_of(sheet.name))}
    roster = _texts(named.get("enterprises"), TABLES["enterprises"], ("enterprise_id", "name"))
    empty = pd.DataFrame(columns=REVIEW_COLUMNS)
    if roster is None:
        return list(sheets), empty
    roster = roster[roster["enterprise_id"].ne("") & roster["name"].ne("")].drop_duplicates("enterprise_id")
    known = set(roster["enterprise_id"])
    aliases = _texts(named.get("aliases"), TABLES["aliases"], ("enterprise_id", "alias"))
    if aliases is not None:
        aliases = aliases[aliases["enterprise_id"].isin(known) & aliases["alias"].ne("")]
        for name in {"valid_from", "valid_to"} & set(aliases):
            aliases = aliases.assign(**{name: parse(aliases[name], TABLES["aliases"][name])})
    turns = [aliases]
    if extra is not None and len(extra):
        answers = extra[extra["enterprise_id"].isin(known)]
        turns.append(answers if aliases is None else pd.concat([aliases, answers]))
    if mask:
        roster = roster.assign(name=mask(roster["name"]))
        turns = [a if a is None else a.assign(alias=mask(a["alias"])) for a in turns]
    indices = [NameIndex(roster, a) for a in turns]
    out, reviews = [], []
    for sheet in sheets:
        table = table_of(sheet.name)
        if table is None or table.name == "enterprises" or sheet is not named[table.name]:
            out.append(sheet)
            continue
        resolved, unsure = _resolve_sheet(sheet, table, indices, known, mask)
        out.append(resolved)
        reviews.append(unsure)
    review = pd.concat([empty, *[r for r in reviews if len(r)]], ignore_index=True) if reviews else empty
    review["enterprise_id"] = review["enterprise_id"].fillna("")
    return out, review.astype({"row": "int64", "score": "float64"})


def _texts(sheet: Sheet | None, table: Table, needed: tuple[str, ...]) -> pd.DataFrame | None:
    """Cells of the table's columns, as text; None where a needed column is missing."""
    at = -1 if sheet is None else find_header(sheet, table)
    if sheet is None or at < 0:
        return None
    places = _places(sheet.rows[at], table)
    if not set(needed) <= set(places):
        return None
    body = sheet.rows[at + 1 :]
    return pd.DataFrame(
        {name: [_cell(row, place) for row in body] for name, place in places.items()}, dtype="str"
    )


def _places(header: Sequence[str], table: Table) -> dict[str, int]:
    known = table.headers()
    places: dict[str, int] = {}
    for place, written in enumerate(header):
        name = known.get(header_key(written)) if written else None
        if name:
            places.setdefault(name, place)
    return places


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _resolve_sheet(
    sheet: Sheet, table: Table, indices: Sequence[NameIndex], known: set[str], mask: Mask | None
) -> tuple[Sheet, pd.DataFrame]:
    empty = pd.DataFrame(columns=REVIEW_COLUMNS)
    at = find_header(sheet, table)
    if at < 0:
        return sheet, empty
    header, rows = list(sheet.rows[at]), [list(row) for row in sheet.rows]
    places = _places(header, table)
    days = _row_days(rows[at + 1 :], places, table)
    columns = [c for c in table.columns if c.references == "enterprises"]
    # Where a row names two enterprises, the town may be either's.
    towns = _row_towns(rows[at + 1 :], header) if len(columns) == 1 else [None] * len(days)
    width = max(map(len, rows[at:]))
    reviews, left_out = [], set()
    for column in columns:
        source = places.get(column.name, _named_column(header, column))
        if source is None:
            continue
        target = places.get(column.name)
        if target is None:  # the names stay, the ids are added after them
            target, width = width, width + 1
            rows[at] += [""] * (target - len(rows[at])) + [column.name]
        asked = [
            i for i in range(at + 1, len(rows)) if (cell := _cell(rows[i], source)) and cell not in known
        ]
        names = [_cell(rows[i], source) for i in asked]
        resolved = _resolve_in_turn(
            indices,
            mask(names) if mask else names,
            [days[i - at - 1] for i in asked],
            [towns[i - at - 1] for i in asked],
        )
        answers = dict(zip(asked, resolved.itertuples(index=False), strict=True))
        for i in range(at + 1, len(rows)):
            answer = answers.get(i)
            certain = answer is None or answer.status in SURE
            value = _cell(rows[i], source) if answer is None else str(answer.enterprise_id) if certain else ""
            if value:
                rows[i] += [""] * (target + 1 - len(rows[i]))
                rows[i][target] = value
            if not certain:
                left_out.add(i)
        unsure = resolved[~resolved["status"].isin(SURE)]
        where = {"sheet": sheet.name, "column": column.name, "row": [asked[j] + 1 for j in unsure.index]}
        reviews.append(unsure.assign(**where)[REVIEW_COLUMNS])
    for i in left_out:
        rows[i] = []
    review = pd.concat(reviews, ignore_index=True) if reviews else empty
    return replace(sheet, rows=rows), review.sort_values(["row", "column"], ignore_index=True)


def _resolve_in_turn(
    indices: Sequence[NameIndex], names: Sequence[str], on: Sequence[object], town: Sequence[str | None]
) -> pd.DataFrame:
    """Answer by the first index, uncertain names by the next: answers do not change certain ones."""
    resolved = indices[0].resolve(names, on=on, town=town, crowd=False)
    for index in indices[1:]:
        open_rows = np.flatnonzero(~resolved["status"].isin(SURE)).tolist()
        later = index.resolve(
            [names[i] for i in open_rows],
            on=[on[i] for i in open_rows],
            town=[town[i] for i in open_rows],
            crowd=False,
        )
        resolved = pd.concat([resolved.drop(index=open_rows), later.set_axis(open_rows, axis=0)]).sort_index()
    return resolved


def _named_column(header: Sequence[str], column: Column) -> int | None:
    """Position of the column with the names whose ids belong in ``column``."""
    wanted = {header_key(written) for written in _NAMED.get(column.name, ())}
    return next((place for place, written in enumerate(header) if header_key(written) in wanted), None)


def _row_days(rows: Sequence[Sequence[str]], places: Mapping[str, int], table: Table) -> list[object]:
    """Date of each row: what aliases must be valid on."""
    dated = next((c for c in table.columns if c.kind == "date" and c.name in places), None)
    if dated is None or table.name == "aliases":
        return [None] * len(rows)
    cells = pd.Series([_cell(row, places[dated.name]) for row in rows], dtype="str")
    return [None if pd.isna(day) else day for day in parse(cells, dated)]


def _row_towns(rows: Sequence[Sequence[str]], header: Sequence[str]) -> list[str | None]:
    """Town of each row, None where the table has none: a column headed as the roster's is."""
    place = _places(header, TABLES["enterprises"]).get("town")
    return [None if place is None else _cell(row, place) or None for row in rows]
