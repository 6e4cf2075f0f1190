"""Enterprises and ids: a register made from names, names resolved to a register, stable ids."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis._messages import message
from liaison_analysis.ledger.headers import meaning_of
from liaison_analysis.ledger.records import PLACE, Gathered
from liaison_analysis.ledger.schema import TABLES
from liaison_analysis.ledger.spoken import spoken_name
from liaison_analysis.ledger.validation import parse
from liaison_analysis.names import SURE, NameIndex

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Name of the enterprise of demands that name none.
NOBODY: Final = "（未写明企业）"
# A running number before a name: 2.甲公司.
_NUMBERED: Final = re.compile(r"^(?:\d{1,3}\s*[.、．)）]\s*|[(（]\d{1,3}[)）]\s*)(?=[\u4e00-\u9fff])")
# Columns of an enterprise that a flat sheet may hold beside its demands.
#: Evidence of a column of demands that the register of enterprises is completed by.
OF_REGISTER: Final = "read for the register of enterprises"
_ATTRIBUTES: Final = ("town", "category", "uscc", "industry_code", "headcount", "main_business")
_CORE: Final = ("enterprise_id", "name")


def name_key(name: str) -> str:
    """Name without what differs between two writings of the same name: width, blanks, kind of brackets.

    Examples
    --------
    >>> name_key("嘉禾源食品（重庆） 有限公司") == name_key("嘉禾源食品(重庆)有限公司")
    True
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).casefold()


def stable_id(prefix: str, *parts: str) -> str:
    """Id that depends on the parts alone, so that the same row has the same id in next month's file.

    Examples
    --------
    >>> stable_id("E", "甲公司") == stable_id("E", "甲公司"), len(stable_id("D", "甲公司", "停车难"))
    (True, 9)
    """
    return prefix + hashlib.blake2b("\0".join(parts).encode(), digest_size=4).hexdigest()


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
        index = _Register(gathered, register, aliases)
        for table, columns in named.items():
            for target, column in columns.items():
                if column in gathered.texts[table]:
                    index.resolve(table, target, column)
    _complete_attributes(gathered)
    _demand_ids(gathered)
    _visit_ids(gathered)


def _give_ids(gathered: Gathered, register: pd.DataFrame) -> None:
    """Ids of a register without any; a second row of the same name is left out."""
    keys = register["name"].map(name_key)
    again = keys.duplicated() & keys.ne("")
    for _, row in register[again].iterrows():
        _leave_row(gathered, row, message("its enterprise is in the register already"))
    register = register[~again].reset_index(drop=True)
    ids = [stable_id("E", key) if key else "" for key in register["name"].map(name_key)]
    gathered.texts["enterprises"] = register.assign(enterprise_id=ids)
    gathered.own["enterprises"] = False


def _leave_row(gathered: Gathered, row: pd.Series, why: str) -> None:
    for name, value in row.items():
        if name not in PLACE and isinstance(value, str) and value:
            place = (row["\0file"], row["\0sheet"], int(row["\0row"]), str(name), value, why)
            keys = ("file", "sheet", "row", "column", "value", "why")
            gathered.left_out.append(dict(zip(keys, place, strict=True)))


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
                    if (frame["\0sheet"].iloc[i], int(frame["\0row"].iloc[i])) in asked:
                        continue
                    gathered.ask(
                        frame["\0sheet"].iloc[i], int(frame["\0row"].iloc[i]), column, "",
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
    if rows:
        gathered.texts["enterprises"] = pd.DataFrame(list(rows.values()))
        gathered.texts = {name: gathered.texts[name] for name in TABLES if name in gathered.texts}
        gathered.own["enterprises"] = False
        gathered.sheets.setdefault("enterprises", next(iter(gathered.sheets.values()), "enterprises"))
        n = len(rows)
        gathered.decide("register", "", "", "enterprises", "made from the names in the rows", n=n)


class _Register:
    """Resolves written names to the register's ids."""

    def __init__(self, gathered: Gathered, register: pd.DataFrame, aliases: pd.DataFrame | None) -> None:
        self.gathered = gathered
        known = register[register["enterprise_id"].ne("") & register["name"].ne("")].drop_duplicates(
            "enterprise_id"
        )
        self.ids = set(known["enterprise_id"])
        keys = Counter(known["name"].map(name_key))
        pairs = zip(known["name"].map(name_key), known["enterprise_id"], strict=True)
        self.exact = {key: one for key, one in pairs if keys[key] == 1}
        columns = [c for c in ("enterprise_id", "name", "town", "uscc") if c in known]
        self.roster = known[columns]
        given = gathered.texts.get("aliases")
        tables = [] if aliases is None else [aliases[aliases["enterprise_id"].isin(self.ids)]]
        if given is not None and {"enterprise_id", "alias"} <= set(given):
            dated = {
                c: parse(given[c], TABLES["aliases"][c]) for c in ("valid_from", "valid_to") if c in given
            }
            tables.append(given.assign(**dated)[["enterprise_id", "alias", *dated]])
        self.aliases = pd.concat(tables, ignore_index=True) if tables else None
        self._index: NameIndex | None = None

    @property
    def index(self) -> NameIndex:
        """Index of the register, made when a name is not written as the register writes it."""
        if self._index is None:
            self._index = NameIndex(self.roster, self.aliases)
        return self._index

    def resolve(self, table: str, target: str, column: str) -> None:
        """Give a table the ids of the enterprises that a column names."""
        frame = self.gathered.texts[table]
        written = frame[column].tolist()
        ids = [one if one in self.ids else self.exact.get(name_key(one), "") for one in written]
        if table in self.gathered.derived:
            known = self._ids_of_demands()
            frame[target] = [
                one or known.get(name_key(name), "") for one, name in zip(ids, written, strict=True)
            ]
            self.gathered.texts[table] = frame[frame[target].ne("")].reset_index(drop=True)
            return
        open_rows = [i for i, one in enumerate(ids) if not one and written[i]]
        if open_rows:
            self._resolve_open(frame, column, target, ids, open_rows)
        frame[target] = ids
        if table == "demands":
            self._keep_unsure(frame, written, ids)
        gone = [i for i, one in enumerate(ids) if not one]
        for i in gone:
            why = (
                message("its enterprise could not be matched with the register")
                if written[i]
                else message("it names no enterprise")
            )
            if not written[i]:
                self.gathered.ask(
                    frame["\0sheet"].iloc[i], int(frame["\0row"].iloc[i]), column, "",
                    message("a row without an enterprise; fill it in"), status="missing",
                )  # fmt: skip
            _leave_row(self.gathered, frame.iloc[i], why)
        if gone:
            self.gathered.notes.append(
                message(
                    "{n} rows of {table} name no enterprise of the register and were left out",
                    n=len(gone),
                    table=spoken_name(table),
                )
            )
            self.gathered.texts[table] = frame[[bool(one) for one in ids]].reset_index(drop=True)

    def _ids_of_demands(self) -> dict[str, str]:
        """Ids of the names that demands are written under, once these are resolved."""
        demands = self.gathered.texts.get("demands")
        column = self.gathered.named.get("demands", {}).get("enterprise_id")
        if demands is None or column not in demands or "enterprise_id" not in demands:
            return {}
        return dict(zip(map(name_key, demands[column]), demands["enterprise_id"], strict=True))

    def _keep_unsure(self, frame: pd.DataFrame, written: Sequence[str], ids: list[str]) -> None:
        """Keep demands with uncertain names under the name as written."""
        town = _town_column(frame)
        added: dict[str, dict[str, Any]] = {}
        n = 0
        for i, one in enumerate(ids):
            if one or not written[i]:
                continue
            key = name_key(written[i])
            place = {name: frame[name].iloc[i] for name in PLACE}
            row = {
                "enterprise_id": stable_id("E", key),
                "name": written[i],
                "town": frame[town].iloc[i] if town else "",
            }
            added.setdefault(key, row | place)
            ids[i] = added[key]["enterprise_id"]
            n += 1
        if added:
            frame["enterprise_id"] = ids
            register = self.gathered.texts["enterprises"]
            more = pd.DataFrame(list(added.values()))
            more = more[[c for c in more if c in register or more[c].ne("").any()]]
            self.gathered.texts["enterprises"] = pd.concat([register, more], ignore_index=True).fillna("")
            self.gathered.notes.append(
                message(
                    "{n} demands of {names} names that are not surely one of the register stand under the "
                    "name as written; see .review",
                    n=n,
                    names=len(added),
                )
            )

    def _resolve_open(
        self, frame: pd.DataFrame, column: str, target: str, ids: list[str], rows: Sequence[int]
    ) -> None:
        town = _town_column(frame)
        dated = next((c for c in ("raised_on", "visited_on", "since", "held_on") if c in frame), None)
        asked: dict[tuple[str, str, str], list[int]] = {}
        for i in rows:
            day = frame[dated].iloc[i] if dated and self.aliases is not None else ""
            key = (
                frame[column].iloc[i],
                frame[town].iloc[i] if town and target == "enterprise_id" else "",
                day,
            )
            asked.setdefault(key, []).append(i)
        keys = list(asked)
        found = self.index.resolve(
            [name for name, _, _ in keys],
            on=[_day(day) for _, _, day in keys],
            town=[place or None for _, place, _ in keys],
            crowd=False,
        )
        for key, answer in zip(keys, found.itertuples(index=False), strict=True):
            certain = answer.status in SURE
            for i in asked[key]:
                if certain:
                    ids[i] = str(answer.enterprise_id)
                    continue
                if key[0] in self.gathered.strangers:
                    continue
                self.gathered.review.append(
                    {"sheet": frame["\0sheet"].iloc[i], "row": int(frame["\0row"].iloc[i]), "column": target,
                     "written": key[0], "status": answer.status,
                     "enterprise_id": answer.enterprise_id if isinstance(answer.enterprise_id, str) else "",
                     "score": answer.score, "candidates": answer.candidates, "why": answer.why}
                )  # fmt: skip
            self.gathered.decide(
                "name",
                "",
                key[0],
                str(answer.enterprise_id) if certain else "",
                str(answer.why),
                n=len(asked[key]),
            )


def _day(written: str) -> pd.Timestamp | None:
    day = pd.to_datetime(written, errors="coerce")
    return None if pd.isna(day) else day


def _town_column(frame: pd.DataFrame) -> str | None:
    for name in frame.columns:
        meaning = meaning_of(str(name), "enterprises") if name not in PLACE else None
        if meaning and meaning.column == "town":
            return str(name)
    return None


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
                first["\0sheet"],
                int(first["\0row"]),
                str(name),
                " / ".join(cells[:5]),
                message("{key} has several values; say which is right", key=spoken_name(str(key))),
                status="contradicts",
            )


def _demand_ids(gathered: Gathered) -> None:
    """Ids of demands: those written, a running number that is unique in the whole file, or stable hashes."""
    frame = gathered.texts.get("demands")
    if frame is None:
        return
    if "demand_id" in frame:
        if gathered.own.get("demands"):
            return
        written = frame["demand_id"].tolist()
        if all(written) and len(set(written)) == len(written):
            return
        frame["demand_id (原)"] = written
    else:
        number = next(
            (
                c
                for c in frame.columns
                if c not in PLACE and (m := meaning_of(str(c), "demands")) and m.column == "number"
            ),
            None,
        )
        cells = frame[number].tolist() if number is not None else []
        if cells and all(cells) and len(set(cells)) == len(cells):
            frame["demand_id"] = cells
            return
    seen: Counter[str] = Counter()
    ids = []
    day = frame["raised_on"] if "raised_on" in frame else [""] * len(frame)
    for one, on, text in zip(frame["enterprise_id"], day, frame["text"], strict=True):
        made = stable_id("D", one, on, text)
        seen[made] += 1
        ids.append(made if seen[made] == 1 else f"{made}-{seen[made]}")
    frame["demand_id"] = ids


def _visit_ids(gathered: Gathered) -> None:
    frame = gathered.texts.get("visits")
    if frame is not None and "visit_id" not in frame:
        parts = zip(
            frame["enterprise_id"], frame["officer_id"], frame["visited_on"], frame["\0row"], strict=True
        )
        frame["visit_id"] = [stable_id("V", *map(str, one)) for one in parts]
