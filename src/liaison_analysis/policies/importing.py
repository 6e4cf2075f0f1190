"""Policy documents of a folder as rows of the ledger's ``policies`` table."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger import TABLES, typed, write_workbook
from liaison_analysis.policies.clauses import Document, split_clauses
from liaison_analysis.policies.conditions import FIELDS, Condition, read_conditions, read_validity
from liaison_analysis.policies.documents import read_paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterable

_SUFFIXES: Final = {".docx", ".pdf", ".html", ".htm", ".md", ".txt"}
# Documents that cannot be read are refused: passed over, their clauses would seem not to exist.
_UNREAD: Final = {".doc", ".docm", ".wps", ".rtf", ".odt", ".ofd", ".pages"}
_COLUMNS: Final = [
    "clause_id", "policy", "article", "text", "town", "industry_prefix", "category", "min_headcount",
    "valid_from", "valid_to", "benefit", "chapter", "file", "place",
]  # fmt: skip


def read_policies(folder: str | Path, *, towns: Iterable[str] = ()) -> pd.DataFrame:
    """Cut the policy documents of a folder into clauses, and read out their conditions by rules.

    What the rules read is a proposal: ``policy_evidence`` lists every condition with the words it came from,
    for a person to confirm or strike out before the table goes into a ledger.

    Parameters
    ----------
    folder
        A folder of ``.docx``, ``.pdf``, ``.html``, ``.md`` or ``.txt`` documents, or one such file. Files
        whose names begin with a dot or ``~`` are passed over, and so are folders inside and files that are
        no documents.
    towns
        Names of towns that conditions may name, such as the ledger's.

    Returns
    -------
    DataFrame
        One row a clause, in the order of the files' names: the ledger's columns ``clause_id`` (the file's
        name and the article's number), ``policy``, ``article``, ``text``, ``town``, ``industry_prefix``,
        ``category`` (several joined by ``、``), ``min_headcount``, ``valid_from``, ``valid_to``, ``benefit``,
        then ``chapter``, ``file`` and ``place`` (page or paragraph).

    Raises
    ------
    LedgerError
        There is no document, or some cannot be read, such as old ``.doc`` files: all of these at once.

    Examples
    --------
    >>> from liaison_analysis.ledger import shipped
    >>> clauses = read_policies(shipped("data/liangjiang") / "policies", towns=["鱼复", "水土", "龙兴"])
    >>> clauses[["article", "category", "valid_to"]].iloc[10].to_list()
    ['第三条', '专精特新', Timestamp('2025-02-28 00:00:00')]
    """
    frame, _ = _read(Path(folder), tuple(towns))
    return frame


def policy_evidence(folder: str | Path, *, towns: Iterable[str] = ()) -> pd.DataFrame:
    """List what ``read_policies`` reads out of each clause, and from which words.

    Parameters
    ----------
    folder, towns
        As for ``read_policies``.

    Returns
    -------
    DataFrame
        Columns clause_id, field (one of ``conditions.FIELDS``), value, words; a document's validity
        stands at each of its clauses.

    Raises
    ------
    LedgerError
        As for ``read_policies``.
    """
    _, evidence = _read(Path(folder), tuple(towns))
    return evidence


def write_policies(folder: str | Path, path: str | Path, *, towns: Iterable[str] = ()) -> Path:
    """Write what ``read_policies`` and ``policy_evidence`` find to a workbook, for a person to go through.

    Parameters
    ----------
    folder, towns
        As for ``read_policies``.
    path
        Workbook to write: the sheet 政策条款 is a table that a ledger takes as it is, 条件依据 lists every
        condition with its words.

    Raises
    ------
    LedgerError
        As for ``read_policies``.
    """
    frame, evidence = _read(Path(folder), tuple(towns))
    headers = {column.name: column.chinese[0] for column in TABLES["policies"].columns}
    headers |= {"chapter": "章节", "file": "文件", "place": "位置"}
    translated = evidence.assign(field=evidence["field"].map(headers).fillna("其他条件"))
    sheets = {
        "政策条款": frame.rename(columns=headers),
        "条件依据": translated.set_axis(["条款编号", "条件", "读出的值", "原文"], axis=1),
    }
    return write_workbook(Path(path), sheets)


def _read(folder: Path, towns: tuple[str, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    paths = _documents(folder)
    read: list[tuple[Path, Document]] = []
    problems = []
    for path in paths:
        try:
            read.append((path, split_clauses(read_paragraphs(path))))
        except LedgerError as error:
            problems.append(error.problems.assign(sheet=path.name))
    if problems:
        raise LedgerError(folder.name, pd.concat(problems, ignore_index=True))
    rows, evidence = [], []
    used: Counter[str] = Counter()
    for path, document in read:
        validity = read_validity([document.preamble, *(clause.text for clause in document.clauses)])
        for clause in document.clauses:
            base = f"{path.stem}-{clause.article}"
            used[base] += 1
            clause_id = base if used[base] == 1 else f"{base}~{used[base]}"
            conditions = [*read_conditions(clause.text, towns=towns), *validity]
            rows.append(_row(path, document, clause_id, conditions) | clause._asdict())
            evidence += [(clause_id, *condition) for condition in conditions]
    frame = typed("policies", pd.DataFrame(rows)[_COLUMNS])
    sources = pd.DataFrame(evidence, columns=["clause_id", *Condition._fields], dtype="str")
    return frame, sources


def _documents(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise LedgerError.of_file(
            folder.name, "does not exist; name a folder of policy documents, or one of them"
        )
    paths = sorted(folder.iterdir(), key=lambda path: path.name)
    paths = [path for path in paths if path.is_file() and path.name[0] not in ".~"]
    paths = [path for path in paths if path.suffix.lower() in _SUFFIXES | _UNREAD]
    if not paths:
        known = ", ".join(sorted(_SUFFIXES))
        raise LedgerError.of_file(
            folder.name, f"holds no policy document; put files of {known} into the folder"
        )
    return paths


def _row(path: Path, document: Document, clause_id: str, conditions: list[Condition]) -> dict[str, object]:
    known = {c.field: c.value for c in conditions if c.field in FIELDS and c.field != "threshold"}
    row: dict[str, object] = dict.fromkeys(_COLUMNS) | known
    return row | {"clause_id": clause_id, "policy": document.title or path.stem, "file": path.name}
