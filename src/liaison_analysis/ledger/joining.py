"""Join lists about the same demands (问题清单 · 责任清单 · 销号清单) into one row for each demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liaison_analysis._messages import message
from liaison_analysis.ledger.headers import meaning_of
from liaison_analysis.ledger.records import PLACE
from liaison_analysis.ledger.stable_ids import name_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from liaison_analysis.ledger.records import Gathered

# Share of a list's demands that another must have before the two are one; judgement.
_SHARE: Final = 0.5
_, _SHEET, _ROW = PLACE


def joined_lists(pieces: Sequence[pd.DataFrame], out: Gathered) -> list[pd.DataFrame]:
    """Join lists without a day of their own to the list that has the same demands with their days.

    Parameters
    ----------
    pieces
        Demands as text, a frame a table of the file.
    out
        Takes the cells of the joined rows, and what does not go together.

    Returns
    -------
    list of DataFrame
        The frames that remain, with what the others say in blank cells and further columns.
    """
    dated = [piece for piece in pieces if "raised_on" in piece and len(piece)]
    kept: list[pd.DataFrame] = []
    for piece in pieces:
        base = None if "raised_on" in piece or "text" not in piece else _same(piece, dated)
        if base is None:
            kept.append(piece)
        else:
            _join(base, piece, out)
    return kept


def _same(piece: pd.DataFrame, dated: Sequence[pd.DataFrame]) -> pd.DataFrame | None:
    """Find the list that has most of a list's demands."""
    keys = keys_of(piece)
    for base in dated:
        have = set(keys_of(base))
        if keys and sum(key in have for key in keys) >= _SHARE * len(keys):
            return base
    return None


def keys_of(piece: pd.DataFrame) -> list[tuple[str, str]]:
    """Name of the enterprise and words of the demand, by which two lists hold the same."""
    name = next((str(column) for column in piece.columns if _means(str(column)) == "enterprise"), None)
    name = "enterprise_id" if "enterprise_id" in piece else name
    names = [name_key(one) for one in piece[name]] if name else [""] * len(piece)
    return list(zip(names, ("".join(text.split()) for text in piece["text"]), strict=True))


def _means(column: str) -> str:
    meaning = None if column in PLACE else meaning_of(column, "demands")
    return meaning.column if meaning else ""


def _join(base: pd.DataFrame, piece: pd.DataFrame, out: Gathered) -> None:
    places = {key: i for i, key in enumerate(keys_of(base))}
    n = 0
    rows: list[dict[str, str]] = [dict(one) for one in piece.to_dict("records")]  # type: ignore[arg-type]
    for key, row in zip(keys_of(piece), rows, strict=True):
        at = places.get(key, -1)
        if at >= 0:
            n += 1
            why = message(
                "goes with row {row} of {sheet!r}", row=base[_ROW].iloc[at], sheet=base[_SHEET].iloc[at]
            )
            _fill(base, at, row, out)
        else:
            why = message("no demand of these words in the list that has the days")
            out.ask(row[_SHEET], int(row[_ROW]), "text", row["text"], why, status="unmatched")
        out.leave_row(row, why)
    other = ", ".join(sorted({repr(sheet) for sheet in base[_SHEET]}))
    out.notes.append(
        message(
            "sheet {sheet!r}: {n} rows go with demands of {other}",
            sheet=piece[_SHEET].iloc[0],
            n=n,
            other=other,
        )
    )


def _fill(base: pd.DataFrame, at: int, row: dict[str, str], out: Gathered) -> None:
    """Put what a row says into the blank cells of its demand; what contradicts is asked about."""
    for column, value in row.items():
        kept = column in PLACE or column in {"text", "enterprise_id"} or not value
        if kept or _means(column) in {"number", "enterprise", "note"}:
            continue
        if column not in base:
            base[column] = ""
        old = base[column].iloc[at]
        if not old:
            base.loc[at, column] = value
        elif old != value:
            why = message("another list has {old!r} for this demand; say which is right", old=old)
            out.ask(row[_SHEET], int(row[_ROW]), column, value, why, status="contradicts")
