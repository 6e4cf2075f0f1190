"""The register of enterprises: as given or made from the names in rows, and the ids that rows get by it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis._messages import message
from liaison_analysis.ledger.headers import meaning_of
from liaison_analysis.ledger.records import PLACE, ROW, SHEET, Gathered
from liaison_analysis.ledger.register_ids import RegisterIds
from liaison_analysis.ledger.schema import TABLES
from liaison_analysis.ledger.spoken import spoken_name
from liaison_analysis.ledger.stable_ids import give_demand_ids, give_visit_ids, name_key, stable_id

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Name of the enterprise of demands that name none.
NOBODY: Final = "（未写明企业）"
# A running number before a name: 2.甲公司.
_NUMBERED: Final = re.compile(r"^(?:\d{1,3}\s*[.、．)）]\s*|[(（]\d{1,3}[)）]\s*)(?=[\u4e00-\u9fff])")
#: Evidence of a column of demands that the register of enterprises is completed by.
OF_REGISTER: Final = "read for the register of enterprises"
# Columns of an enterprise that a flat sheet may hold beside its demands.
_ATTRIBUTES: Final = ("town", "category", "uscc", "industry_code", "headcount", "main_business")


def make_roster(gathered: Gathered, *, aliases: pd.DataFrame | None = None) -> None:
    """Give every table enterprise ids: those of the register, or of a register made from the names.

    Changes ``gathered`` in place. Rows whose enterprise cannot be matched with the register are left out and
    asked about.
    """
    named = {
        table: columns for table, columns in gathered.named.items() if columns and table in gathered.texts
    }
    register = gathered.texts.get("enterprises")
    if register is not None and "enterprise_id" not in register and "name" in register:
        _give_ids(gathered, register)
    register = gathered.texts.get("enterprises")
    if register is None:
        _register_from_names(gathered, named)
    elif named:
        index = RegisterIds(gathered, register, aliases)
        for table, columns in named.items():
            for target, column in columns.items():
                if column in gathered.texts[table]:
                    index.resolve(table, target, column)
    _resolve_codes(gathered)
    _complete_attributes(gathered)
    give_demand_ids(gathered)
    give_visit_ids(gathered)


def _resolve_codes(gathered: Gathered) -> None:
    """Give demands that name no enterprise the one with the credit code in their row; else ask."""
    demands, register = gathered.texts.get("demands"), gathered.texts.get("enterprises")
    if demands is None or register is None or "enterprise_id" in demands:
        return
    column = next((str(c) for c in demands.columns if c not in PLACE and _is_code(str(c))), "")
    known: dict[str, str] = {}
    if column and "uscc" in register:
        pairs = zip(register["uscc"], register["enterprise_id"], strict=True)
        known = {name_key(code): one for code, one in pairs if code}
    codes = demands[column].tolist() if column else [""] * len(demands)
    ids = [known.get(name_key(code), "") for code in codes]
    if not all(ids):
        _stand_for_nobody(gathered, register)
    for i in [i for i, one in enumerate(ids) if not one]:
        place = demands.iloc[i]
        ids[i] = stable_id("E", NOBODY)
        why = message("a row without an enterprise; fill it in")
        gathered.ask(place[SHEET], int(place[ROW]), column or "enterprise", codes[i], why, status="missing")
    demands["enterprise_id"] = ids


def _is_code(header: str) -> bool:
    meaning = meaning_of(header, "enterprises")
    return meaning is not None and meaning.column == "uscc"


def _stand_for_nobody(gathered: Gathered, register: pd.DataFrame) -> None:
    """Add the enterprise under which demands stand that name none."""
    place = (
        dict(zip(PLACE, register[PLACE].iloc[0], strict=True)) if len(register) else dict.fromkeys(PLACE, "")
    )
    row = (
        dict.fromkeys(register.columns, "")
        | {"enterprise_id": stable_id("E", NOBODY), "name": NOBODY}
        | place
    )
    gathered.texts["enterprises"] = pd.concat([register, pd.DataFrame([row])], ignore_index=True)


def _give_ids(gathered: Gathered, register: pd.DataFrame) -> None:
    """Ids of a register without any; a second row of the same name is left out."""
    keys = register["name"].map(name_key)
    again = keys.duplicated() & keys.ne("")
    for _, row in register[again].iterrows():
        gathered.leave_row(row, message("its enterprise is in the register already"))
    register = register[~again].reset_index(drop=True)
    ids = [stable_id("E", key) if key else "" for key in register["name"].map(name_key)]
    gathered.texts["enterprises"] = register.assign(enterprise_id=ids)
    gathered.own["enterprises"] = False


def _register_from_names(  # noqa: C901 - one register out of all columns of names
    gathered: Gathered, named: Mapping[str, Mapping[str, str]]
) -> None:
    """Make a register of all enterprises that are named anywhere."""
    rows: dict[str, dict[str, Any]] = {}
    for table, columns in named.items():
        frame = gathered.texts[table]
        for target, column in columns.items():
            if column not in frame:
                continue
            names = [_NUMBERED.sub("", one.strip()) for one in frame[column]]
            keys = [name_key(one) for one in names]
            if table == "demands" and not all(keys):
                names = [one or NOBODY for one in names]
                keys = [name_key(one) for one in names]
                nobody = [i for i, one in enumerate(names) if one == NOBODY]
                n = len(nobody)
                asked = {(one["sheet"], one["row"]) for one in gathered.review if one["column"] == column}
                for i in nobody if n < len(names) else nobody[:1]:
                    if (frame[SHEET].iloc[i], int(frame[ROW].iloc[i])) in asked:
                        continue
                    gathered.ask(
                        frame[SHEET].iloc[i], int(frame[ROW].iloc[i]), column, "",
                        message("a row without an enterprise; fill it in"), status="missing",
                    )  # fmt: skip
                gathered.notes.append(
                    message("{n} demands name no enterprise; they stand under {nobody}", n=n, nobody=NOBODY)
                )
            places = frame[PLACE].itertuples(index=False, name=None)
            for name, key, place in zip(names, keys, places, strict=True):
                if key and key not in rows:
                    rows[key] = {"enterprise_id": stable_id("E", key), "name": name} | dict(
                        zip(PLACE, place, strict=True)
                    )
            frame[target] = [rows[key]["enterprise_id"] if key else "" for key in keys]
    demands = gathered.texts.get("demands")
    if demands is not None and gathered.beside_ids in demands:
        _add_ids_with_names(gathered, demands, rows)
    if demands is not None and "enterprise_id" not in demands:
        first = (
            dict(zip(PLACE, demands[PLACE].iloc[0], strict=True))
            if len(demands)
            else dict.fromkeys(PLACE, "")
        )
        rows[NOBODY] = {"enterprise_id": stable_id("E", NOBODY), "name": NOBODY} | first
        demands["enterprise_id"] = rows[NOBODY]["enterprise_id"]
        gathered.notes.append(
            message("no column names enterprises; all demands stand under {nobody}", nobody=NOBODY)
        )
        why = message("no column names enterprises; say which column does, or add one headed 企业名称")
        sheet, header = gathered.sheets["demands"], gathered.headers.get("demands", 1)
        gathered.ask(sheet, max(header, 1), "enterprise", "", why, status="missing")
    if rows:
        gathered.texts["enterprises"] = pd.DataFrame(list(rows.values()))
        gathered.texts = {name: gathered.texts[name] for name in TABLES if name in gathered.texts}
        gathered.own["enterprises"] = False
        gathered.sheets.setdefault("enterprises", next(iter(gathered.sheets.values()), "enterprises"))
        n = len(rows)
        gathered.decide("register", "", "", "enterprises", "made from the names in the rows", n=n)


def _add_ids_with_names(gathered: Gathered, demands: pd.DataFrame, rows: dict[str, dict[str, Any]]) -> None:
    """Make a register of the ids in demands and the names beside them; ask about a second name of an id."""
    ids, names = demands["enterprise_id"].tolist(), demands[gathered.beside_ids].tolist()
    of_name = {name_key(name): one for one, name in zip(ids, names, strict=True) if one and name}
    ids = [one or of_name.get(name_key(name), "") for one, name in zip(ids, names, strict=True)]
    ids = [
        one or (stable_id("E", name_key(name)) if name else "") for one, name in zip(ids, names, strict=True)
    ]
    demands["enterprise_id"] = ids
    places: list[dict[str, Any]] = demands[PLACE].to_dict("records")  # type: ignore[assignment]  # names of columns
    for one, name, place in zip(ids, names, places, strict=True):
        known = rows.setdefault(one, {"enterprise_id": one, "name": name} | place) if one else None
        if known and not known["name"]:
            known["name"] = name
        elif known and name and name_key(known["name"]) != name_key(name):
            why = message("{key} has several values; say which is right", key=one)
            written = f"{known['name']} / {name}"
            gathered.ask(
                place[SHEET], int(place[ROW]), gathered.beside_ids, written, why, status="contradicts"
            )
    for known in rows.values():
        known["name"] = known["name"] or known["enterprise_id"]


def _with_quiet_rows(gathered: Gathered, demands: pd.DataFrame) -> pd.DataFrame:
    """Demands and the rows of visits at which nothing was asked, which describe enterprises as well."""
    column = gathered.named.get("demands", {}).get("enterprise_id", "")
    register = gathered.texts["enterprises"]
    if not column or "name" not in register:
        return demands
    ids = {name_key(name): one for name, one in zip(register["name"], register["enterprise_id"], strict=True)}
    quiet = [
        frame.assign(enterprise_id=[ids.get(name_key(name), "") for name in frame[column]])
        for frame in gathered.quiet
        if column in frame
    ]
    quiet = [frame[frame["enterprise_id"].ne("")] for frame in quiet]
    return pd.concat([demands, *quiet], ignore_index=True).fillna("") if quiet else demands


def _complete_attributes(gathered: Gathered) -> None:
    """Take town, category and main business of a register that was made from the rows that name them."""
    register, demands = gathered.texts.get("enterprises"), gathered.texts.get("demands")
    if (
        register is None
        or demands is None
        or "enterprise_id" not in demands
        or gathered.own.get("enterprises")
    ):
        return
    demands = _with_quiet_rows(gathered, demands)
    for name in demands.columns:
        meaning = meaning_of(str(name), "enterprises") if name not in PLACE else None
        if (
            meaning is None
            or meaning.column not in _ATTRIBUTES
            or name in TABLES["demands"].headers().values()
        ):
            continue
        if meaning.column in register and register[meaning.column].ne("").any():
            continue
        filled = demands[demands[name].ne("")]
        values = filled.groupby("enterprise_id")[name].agg(lambda cells: list(dict.fromkeys(cells)))
        one = {key: cells[0] for key, cells in values.items() if len(cells) == 1}
        register[meaning.column] = [one.get(key, "") for key in register["enterprise_id"]]
        for decision in gathered.decisions:
            if (decision["kind"], decision["written"], decision["meaning"]) == ("header", str(name), ""):
                decision["evidence"] = OF_REGISTER
        several = {key: cells for key, cells in values.items() if len(cells) > 1}
        for key, cells in sorted(several.items()):
            first = filled[filled["enterprise_id"] == str(key)].iloc[0]
            gathered.ask(
                first[SHEET],
                int(first[ROW]),
                str(name),
                " / ".join(cells[:5]),
                message("{key} has several values; say which is right", key=spoken_name(str(key))),
                status="contradicts",
            )
