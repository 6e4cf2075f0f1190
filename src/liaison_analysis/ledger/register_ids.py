"""Names of enterprises in rows, resolved to the ids of the ledger's own register."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from liaison_analysis._messages import message
from liaison_analysis.ledger.headers import meaning_of
from liaison_analysis.ledger.records import PLACE, ROW, SHEET, Gathered
from liaison_analysis.ledger.schema import TABLES
from liaison_analysis.ledger.spoken import spoken_name
from liaison_analysis.ledger.stable_ids import name_key, stable_id
from liaison_analysis.ledger.validation import parse
from liaison_analysis.names import SURE, NameIndex

if TYPE_CHECKING:
    from collections.abc import Sequence


class RegisterIds:
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

    @cached_property
    def index(self) -> NameIndex:
        """Index of the register, made when a name is not written as the register writes it."""
        return NameIndex(self.roster, self.aliases)

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
                    frame[SHEET].iloc[i], int(frame[ROW].iloc[i]), column, "",
                    message("a row without an enterprise; fill it in"), status="missing",
                )  # fmt: skip
            self.gathered.leave_row(frame.iloc[i], why)
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
                    {"sheet": frame[SHEET].iloc[i], "row": int(frame[ROW].iloc[i]), "column": target,
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
