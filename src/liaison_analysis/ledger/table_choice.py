"""Which table of the ledger a block of a sheet is, by the name of its sheet and by its headers."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from liaison_analysis.ledger.cell_looks import FIRM_NAME
from liaison_analysis.ledger.cells import one_line
from liaison_analysis.ledger.column_choice import column_meanings
from liaison_analysis.ledger.headers import NAME_COLUMNS, Meaning, is_known, meaning_of
from liaison_analysis.ledger.layout import Block
from liaison_analysis.ledger.schema import TABLES, table_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from liaison_analysis.ledger.records import Options

#: A block, the table that it is of, if any, and what its columns mean.
Chosen = tuple[Block, str | None, dict[int, Meaning]]

# Share of the names in a list that end as those of firms do; judgement.
_FIRMS: Final = 0.8
# Length up to which a header may need its group: 时间 alone may be any.
_SHORT: Final = 2


def with_register_of_names(found: list[Chosen]) -> list[Chosen]:
    """Take a sheet with only names of firms as the register, where there is no other."""
    if any(table == "enterprises" for _, table, _ in found):
        return found
    alone = [i for i, (block, table, _) in enumerate(found) if table is None and _holds_names(block)]
    if len(alone) != 1:
        return found
    block = found[alone[0]][0]
    meanings = column_meanings(block.headers, block.cells, "enterprises")
    return [(block, "enterprises", meanings) if i == alone[0] else one for i, one in enumerate(found)]


def _holds_names(block: Block) -> bool:
    """Whether a table has names of enterprises under their header, and numbers or contacts at most beside."""
    meanings = column_meanings(block.headers, block.cells, "enterprises")
    filled = {j for j, cells in enumerate(block.cells) if any(cells)}
    names = [cell for j, m in meanings.items() if m.column == "name" for cell in block.cells[j] if cell]
    beside = {meanings[j].column if j in meanings else "" for j in filled}
    beside -= {"name", "number", "note", "contact"}
    firms = sum(bool(FIRM_NAME.search(one_line(name))) for name in names)
    return bool(names) and not beside and firms >= _FIRMS * len(names)


def choose_table(block: Block, options: Options) -> tuple[str | None, dict[int, Meaning]]:
    """Table that a block belongs to, by the name of its sheet and its headers, and what each column means."""
    named = table_of(block.sheet.name)
    headers = _full_headers(block)
    if named is not None:
        meanings = column_meanings(headers, block.cells, named.name, options.headers)
        if _fits(named.name, meanings) and not (named.name == "visits" and _asks(headers, block)):
            return named.name, meanings
    every = {
        name: column_meanings(headers, block.cells, name, options.headers)
        for name, table in TABLES.items()
        if not table.by_name
    }
    fit = {name: meanings for name, meanings in every.items() if _fits(name, meanings)}
    if not fit:
        return None, {}
    order = list(TABLES)

    def score(name: str) -> tuple[int, int, int]:
        own = sum(m.evidence in {"header", "mapping"} for m in fit[name].values())
        named_here = sum(
            m.column in TABLES[name].headers().values() or m.column in NAME_COLUMNS
            for m in fit[name].values()
        )
        return named_here, own, -order.index(name)

    best = max(fit, key=score)
    if "demands" in fit and best in {"enterprises", "visits"}:
        best = "demands"
    return best, fit[best]


def _asks(headers: Sequence[str], block: Block) -> bool:
    """Whether a table of visits has a column of what enterprises asked for: then its rows are demands."""
    return any(
        (meaning := meaning_of(header, "demands")) is not None and meaning.column == "text" and any(cells)
        for header, cells in zip(headers, block.cells, strict=True)
        if header
    )


def _full_headers(block: Block) -> list[str]:
    """Headers; generic ones (时间, 单位, 办结) together with their group."""
    again = {one for one, n in Counter(filter(None, block.headers)).items() if n > 1}
    pairs = zip(block.headers, block.groups, strict=True)
    return [_full_header(header, group, again=header in again) for header, group in pairs]


def _full_header(header: str, group: str, *, again: bool) -> str:
    if not (group and header) or (len(one_line(header)) > _SHORT and is_known(header)):
        return header
    # 时间 under several groups is of its own group only, known or not.
    other = f"{group}{header}" if again else header
    return next((one for one in (f"{group}{header}", f"{header}{group}") if is_known(one)), other)


def _fits(name: str, meanings: Mapping[int, Meaning]) -> bool:
    """Whether a block has what a table needs, with names in the place of ids."""
    have = {m.column for m in meanings.values()}
    have |= {NAME_COLUMNS[column] for column in have & set(NAME_COLUMNS)}
    if name == "demands":
        looked = {m.column for m in meanings.values() if m.evidence == "look"}
        if "raised_on" not in have and not (
            have & {"enterprise_id"} and looked.isdisjoint({"text", "enterprise"})
        ):
            return False  # what has neither days nor headed names is hardly a list of demands
        return "text" in have and len(have - {"text", "number", "note"}) >= (2 if "text" in looked else 1)
    if name == "enterprises":
        return "name" in have and len(have - {"number", "note", "contact"}) >= 2
    table = TABLES[name]
    key = {table.key[0]} if name == "visits" else set()
    return set(table.required_columns) - key <= have


def is_own_layout(table: str, meanings: Mapping[int, Meaning]) -> bool:
    """Whether all required columns of a table stand under the schema's own headers."""
    own = {m.column for m in meanings.values() if m.evidence == "header"}
    needed = {c.name for c in TABLES[table].columns if c.required and c.references != "enterprises"}
    return needed <= own
