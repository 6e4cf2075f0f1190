"""Policy documents of a folder as rows of the ledger's ``policies`` table."""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from liaison_analysis._messages import message
from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger import TABLES, typed, write_workbook
from liaison_analysis.policies.clauses import Document, split_clauses
from liaison_analysis.policies.closings import attachment_names
from liaison_analysis.policies.conditions import FIELDS, read_conditions
from liaison_analysis.policies.dates import Condition, names_itself, read_validity
from liaison_analysis.policies.documents import read_document, shown_name
from liaison_analysis.policies.formats import SUFFIXES
from liaison_analysis.policies.particulars import (
    Numbering,
    Particulars,
    act_of,
    read_numbering,
    read_particulars,
)
from liaison_analysis.policies.source import SourceDocument, plain
from liaison_analysis.policies.windows import read_windows
from liaison_analysis.privacy import Masker, mask_personal_data

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

# Unreadable documents are an error: if they were skipped, their clauses would seem not to exist.
_UNREAD: Final = {".ofd", ".pages"}
_COLUMNS: Final = [
    "clause_id", "policy", "article", "text", "town", "industry_prefix", "category", "min_headcount",
    "valid_from", "valid_to", "benefit", "chapter", "file", "place", "apply_from", "apply_to", "stacking",
    "issuer", "document_number", "issued_on", "notes",
]  # fmt: skip
_DOCUMENT_COLUMNS: Final = [
    "file", "policy", "issuer", "document_number", "issued_on", "published_on", "valid_from", "valid_to",
    "clauses", "articles", "numbering", "attachments", "footnotes", "note",
]  # fmt: skip
_CHINESE: Final = {
    "chapter": "章节", "file": "文件", "place": "位置", "apply_from": "申报开始", "apply_to": "申报截止",
    "stacking": "不重复享受", "issuer": "发文机关", "document_number": "文号", "issued_on": "成文日期",
    "published_on": "发布日期", "clauses": "条款数", "articles": "条数", "numbering": "条文编号",
    "attachments": "附件", "footnotes": "文件注释", "notes": "注释",
    "note": "说明",
}  # fmt: skip
# Parts of a document have validities of their own only if at least this many parts state one.
_FEWEST_CARDS: Final = 2


_ANNEX: Final = re.compile(r"(?:^|\s)附[件录表]")


class _Read(NamedTuple):
    name: str
    source: SourceDocument
    document: Document
    particulars: Particulars
    numbering: Numbering

    @property
    def stem(self) -> str:
        """The file's name without its suffix."""
        return self.name.rpartition(".")[0] or self.name


def read_policies(folder: str | Path, *, towns: Iterable[str] = ()) -> pd.DataFrame:
    """Cut the policy documents of a folder into clauses, and read out their conditions by rules.

    The conditions are proposals: ``policy_evidence`` lists each with the words it came from, for a person to
    confirm or delete before the table goes into a ledger.

    Parameters
    ----------
    folder
        A folder of ``.docx``, ``.pdf``, ``.html``, ``.md`` or ``.txt`` documents, or one such file. Files
        whose names begin with a dot or ``~``, subfolders, and files that are not documents are skipped.
    towns
        Names of towns that conditions may name, such as the ledger's.

    Returns
    -------
    DataFrame
        One row for each clause, in the order of the files' names: the ledger's columns ``clause_id`` (the
        file's name and the article's number), ``policy``, ``article``, ``text``, ``town``,
        ``industry_prefix``, ``category`` (several joined by ``、``), ``min_headcount``, ``valid_from``,
        ``valid_to``, ``benefit``, then ``chapter``, ``file``, ``place`` (page or paragraph), ``apply_from``,
        ``apply_to`` (of several periods the first and the last day; ``application_windows`` lists each),
        ``stacking``, ``issuer``, ``document_number``, ``issued_on`` and ``notes`` (the clause's footnotes,
        one per line).

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


def policy_documents(folder: str | Path) -> pd.DataFrame:
    """List the documents of a folder, their metadata, and whether every article was read.

    Parameters
    ----------
    folder
        As for ``read_policies``.

    Returns
    -------
    DataFrame
        One row for each document, in the order of the files' names: file, policy (its title), issuer,
        document_number, issued_on, published_on, valid_from, valid_to, clauses (how many), articles (how many
        第…条), numbering (first and last article, and missing ones), attachments (names of linked files, else
        of those that the document lists, joined by ``；``), footnotes (of the title, of the preamble, or
        without a reference in the text) and note, such as that a page only lists links, or that a link leads
        out of the folder.

    Raises
    ------
    LedgerError
        As for ``read_policies``.

    Examples
    --------
    >>> from liaison_analysis.ledger import shipped
    >>> documents = policy_documents(shipped("data/liangjiang") / "policies")
    >>> documents.loc[1, "numbering"]
    '第一条…第八条, none missing'
    """
    return _documents_frame(_read_all(Path(folder)))


def policy_evidence(folder: str | Path, *, towns: Iterable[str] = ()) -> pd.DataFrame:
    r"""List what ``read_policies`` reads out of each clause, and from which words.

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

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> folder = Path(tempfile.mkdtemp())
    >>> text = "# 某区技改办法\n\n第一条 对购置设备的规上工业企业，给予10%的补助。\n"
    >>> written = (folder / "a.md").write_text(text, encoding="utf-8")
    >>> "category" in set(policy_evidence(folder)["field"])
    True
    """
    _, evidence = _read(Path(folder), tuple(towns))
    return evidence


def write_policies(folder: str | Path, path: str | Path, *, towns: Iterable[str] = ()) -> Path:
    r"""Write the results of ``read_policies`` and ``policy_evidence`` to a workbook, for a person to review.

    Parameters
    ----------
    folder, towns
        As for ``read_policies``.
    path
        Workbook to write: the sheet 政策条款 can be used in a ledger unchanged, 条件依据 lists every
        condition with its words.

    Returns
    -------
    Path
        ``path``.

    Raises
    ------
    LedgerError
        As for ``read_policies``.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> folder = Path(tempfile.mkdtemp())
    >>> text = "# 某区技改办法\n\n第一条 对购置设备的规上工业企业，给予10%的补助。\n"
    >>> written = (folder / "a.md").write_text(text, encoding="utf-8")
    >>> write_policies(folder, folder / "policies.xlsx").name
    'policies.xlsx'
    """
    read = _read_all(Path(folder))
    frame, evidence = _clauses(read, tuple(towns))
    headers = {column.name: column.chinese[0] for column in TABLES["policies"].columns} | _CHINESE
    translated = evidence.assign(field=evidence["field"].map(headers).fillna("其他条件"))
    sheets = {
        "政策条款": frame.rename(columns=headers),
        "条件依据": translated.set_axis(["条款编号", "条件", "读出的值", "原文"], axis=1),
        "政策文件": _documents_frame(read).rename(columns=headers),
    }
    return write_workbook(Path(path), sheets)


def _read(folder: Path, towns: tuple[str, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    return _clauses(_read_all(folder), towns)


def _read_all(folder: Path) -> list[_Read]:
    """Read every document; one error lists all that cannot be read."""
    read: list[_Read] = []
    problems = []
    paths = _documents(folder)
    # File names become ids of clauses, so that different names must stay different.
    names = Masker().keys([shown_name(path) for path in paths], "policies")
    for path, name in zip(paths, names, strict=True):
        try:
            source = _outside() if _leads_out(path, folder) else _masked(read_document(path))
        except LedgerError as error:
            problems.append(error.problems.assign(sheet=name))
            continue
        document = split_clauses(source.paragraphs, title=source.stated.get("title", ""))
        particulars, numbering = read_particulars(source, document), read_numbering(document.clauses)
        read.append(_Read(name, source, document, particulars, numbering))
    if not problems and read and not any(one.document.clauses for one in read):
        reasons = [
            LedgerError.of_file(one.name, one.source.note or message("holds no clause")).problems
            for one in read
        ]
        problems = [reason.assign(sheet=one.name) for one, reason in zip(read, reasons, strict=True)]
    if problems:
        raise LedgerError(mask_personal_data([shown_name(folder)])[0], pd.concat(problems, ignore_index=True))
    return read


def _masked(source: SourceDocument) -> SourceDocument:
    """Mask personal data in a document, such as names and numbers of contact persons."""
    texts = mask_personal_data(paragraph.text for paragraph in source.paragraphs)
    notes = iter(mask_personal_data(note.text for paragraph in source.paragraphs for note in paragraph.notes))
    paragraphs = [
        p._replace(text=text, notes=tuple(note._replace(text=next(notes)) for note in p.notes))
        for p, text in zip(source.paragraphs, texts, strict=True)
    ]
    stated = mask_personal_data(source.stated.values())
    return source._replace(
        paragraphs=paragraphs,
        stated=dict(zip(source.stated, stated, strict=True)),
        attachments=mask_personal_data(source.attachments),
        note=mask_personal_data([source.note])[0],
        footnotes=mask_personal_data(source.footnotes),
    )


def _clauses(read: list[_Read], towns: tuple[str, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows, evidence = [], []
    used: Counter[str] = Counter()
    for one in read:
        stated = {
            "issuer": one.particulars.issuer or None,
            "document_number": one.particulars.document_number or None,
            "issued_on": one.particulars.issued_on,
        }
        head = ""
        for clause, validity in zip(one.document.clauses, _validities(one), strict=True):
            base = f"{one.stem}-{clause.article}"
            used[base] += 1
            clause_id = base if used[base] == 1 else f"{base}~{used[base]}"
            conditions = [*read_conditions(clause.text, towns=towns, heading=clause.chapter), *validity]
            head = _table_head(clause.text, head)
            if head and "\n" not in clause.text:  # a row whose header stands in the first row's clause
                conditions += read_windows(f"{head}\n{clause.text}")
            rows.append(_row(one, clause_id, conditions) | stated | clause._asdict())
            evidence += [(clause_id, *condition) for condition in conditions]
    frame = typed("policies", pd.DataFrame(rows, columns=_COLUMNS))
    days = ["apply_from", "apply_to", "issued_on"]
    frame[days] = frame[days].astype("datetime64[s]")
    sources = pd.DataFrame(evidence, columns=["clause_id", *Condition._fields], dtype="str")
    return frame, sources


def _table_head(text: str, above: str) -> str:
    """Header of the table that a clause is a row of: its own first row, or that of the clause above."""
    rows = [line for line in text.split("\n") if line.startswith("|")]
    if not text.startswith("|"):
        return rows[0] if len(rows) > 1 and text.endswith(rows[-1]) else ""
    return rows[0] if len(rows) > 1 else above


def _days(one: _Read) -> dict[str, dt.date | None]:
    """Days from which 自印发之日起 and 自公布之日起 count."""
    stated = one.particulars
    return {"issued_on": stated.issued_on, "published_on": stated.published_on if stated.own_page else None}


def _whole_validity(one: _Read) -> list[Condition]:
    texts = [one.document.preamble, *(clause.text for clause in one.document.clauses)]
    return read_validity(texts, **_days(one))


def _validities(one: _Read) -> list[list[Condition]]:
    """Give the validity of each clause: the document's, or its part's in a collection of cards."""
    clauses = one.document.clauses
    acts = [act_of(clause.chapter) for clause in clauses]
    keys = [clause.chapter.partition(" ")[0] for clause in clauses]
    has_acts = bool(one.numbering.n and len(set(acts)) > 1)
    if has_acts:
        keys = acts
    elif not one.numbering.n:
        labels = [re.split(r"[（(]", clause.article)[0] for clause in clauses]
        keys = [key or label for key, label in zip(keys, labels, strict=True)]
    parts: dict[str, list[str]] = defaultdict(list)
    for key, clause in zip(keys, clauses, strict=True):
        parts[key].append(clause.text)
    is_collection = not one.numbering.n or bool(one.numbering.repeated) or has_acts
    if is_collection and len(parts) >= _FEWEST_CARDS:
        own = {key: read_validity(texts, **_days(one)) for key, texts in parts.items()}
        stating = [found for found in own.values() if found]
        # A notice that states its own once, and the period of something else, is no collection.
        is_notice = not one.numbering.n and sum(map(names_itself, parts.values())) == 1
        differ = len(stating) >= _FEWEST_CARDS and len({tuple(found) for found in stating}) > 1
        if differ and not is_notice:
            # An annex that does not state its own is in force as long as its act.
            above = {key: _ANNEX.split(key)[0].strip() for key in own if _ANNEX.search(key)}
            return [own[key] or (own.get(above[key]) or stating[0] if key in above else []) for key in keys]
    whole = _whole_validity(one)
    return [whole] * len(clauses)


def _documents_frame(read: list[_Read]) -> pd.DataFrame:
    rows = []
    for one in read:
        parts = _validities(one)
        differ = len({tuple(part) for part in parts if part}) > 1  # a collection has none as a whole
        stated = [] if differ else _whole_validity(one)
        validity = {condition.field: condition.value for condition in stated}
        n = len(one.document.clauses)
        rows.append({
            "file": one.name, "policy": one.particulars.title or one.stem * bool(n),
            "issuer": one.particulars.issuer, "document_number": one.particulars.document_number,
            "issued_on": one.particulars.issued_on, "published_on": one.particulars.published_on, **validity,
            "clauses": n, "articles": one.numbering.n,
            "numbering": one.numbering.text, "attachments": "；".join(_attachments(one.source)),
            "footnotes": "；".join((*one.document.notes, *one.source.footnotes)), "note": one.source.note,
        })  # fmt: skip
    frame = pd.DataFrame(rows, columns=_DOCUMENT_COLUMNS)
    days = ["issued_on", "published_on", "valid_from", "valid_to"]
    frame[days] = frame[days].astype("datetime64[s]")
    return frame


def _attachments(source: SourceDocument) -> list[str]:
    """Names of the files that a page links to, else of the attachments that the document lists."""
    return source.attachments or attachment_names([paragraph.text for paragraph in source.paragraphs])


def _outside() -> SourceDocument:
    return plain([])._replace(note=message("is a link that leads out of the folder and was not followed"))


def _leads_out(path: Path, folder: Path) -> bool:
    return path.is_symlink() and path != folder and not path.resolve().is_relative_to(folder.resolve())


def _documents(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise LedgerError.of_file(
            shown_name(folder), message("does not exist; name a folder of policy documents, or one of them")
        )
    paths = sorted(folder.iterdir(), key=lambda path: os.fsencode(path.name))
    paths = [path for path in paths if path.is_file() and path.name[0] not in ".~"]
    paths = [path for path in paths if path.suffix.lower() in SUFFIXES | _UNREAD]
    if not paths:
        known = ", ".join(sorted(SUFFIXES))
        raise LedgerError.of_file(
            shown_name(folder),
            message("holds no policy document; put files of {known} into the folder", known=known),
        )
    return paths


def _row(one: _Read, clause_id: str, conditions: list[Condition]) -> dict[str, object]:
    known = {c.field: c.value for c in conditions if c.field in FIELDS and c.field != "threshold"}
    # Of several periods for applications the row gives the span; ``application_windows`` lists each.
    for name, choose in (("apply_from", min), ("apply_to", max)):
        if name in known:
            known[name] = choose(c.value for c in conditions if c.field == name)
    row: dict[str, object] = dict.fromkeys(_COLUMNS) | known
    return row | {
        "clause_id": clause_id,
        "policy": one.particulars.title or one.stem,
        "file": one.name,
    }
