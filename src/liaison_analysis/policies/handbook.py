"""A handbook of policies for enterprises: who may apply, for what, how, until when, and the source."""

from __future__ import annotations

import html
import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pandas as pd

from liaison_analysis._files import replacing
from liaison_analysis._messages import message
from liaison_analysis._outputs import workbook_properties, writer
from liaison_analysis.policies.conditions import read_conditions
from liaison_analysis.policies.dates import read_windows

if TYPE_CHECKING:
    from collections.abc import Iterable

_TITLE: Final = "惠企政策汇编"
_HOW: Final = re.compile(r"申报|申请|提交|受理|材料|网上|平台|窗口|备案|审核")
_LABELS: Final = (
    ("who", "适用对象"),
    ("what", "支持内容"),
    ("how", "申报方式"),
    ("until", "申报和有效期限"),
    ("source", "出处"),
)


def handbook_entries(policies: pd.DataFrame, *, towns: Iterable[str] = ()) -> pd.DataFrame:
    """Make the entries of a handbook: one a clause that grants something.

    Parameters
    ----------
    policies
        What ``read_policies`` gives, or the ledger's ``policies``.
    towns
        Names of towns that conditions may name.

    Returns
    -------
    DataFrame
        theme (the chapter where there is one, else the policy), policy, article, who (the words that state
        conditions, joined by ``；``), what (the words that grant), how (sentences on applying),
        until (days to
        apply and of validity), source (policy, article, file and place) and text (the whole clause).

    Examples
    --------
    >>> clause = {"clause_id": "A", "policy": "某办法", "article": "第二条", "text": "小巨人企业奖励20万元。"}
    >>> entry = handbook_entries(pd.DataFrame([clause])).iloc[0]
    >>> entry["who"], entry["what"], entry["source"]
    ('小巨人企业', '奖励20万元', '《某办法》第二条')
    """
    rows = []
    clauses: list[dict[str, Any]] = policies.to_dict("records")  # type: ignore[assignment]
    for clause in clauses:
        text = str(clause.get("text") or "")
        conditions = read_conditions(text, towns=towns)
        grants = [c.words for c in conditions if c.field == "benefit"]
        if not grants:
            continue
        who = [
            c.words
            for c in conditions
            if c.field in {"town", "industry_prefix", "category", "min_headcount", "threshold"}
        ]
        sentences = [part.strip() for part in re.split(r"(?<=[。；;\n])", text) if part.strip()]
        rows.append({
            "theme": _text(clause, "chapter") or _text(clause, "policy"), "policy": _text(clause, "policy"),
            "article": _text(clause, "article"), "who": "；".join(dict.fromkeys(who)) or "未另设条件",
            "what": "；".join(grants), "how": "\n".join(part for part in sentences if _HOW.search(part)),
            "until": _until(clause, text), "source": _source(clause), "text": text,
        })  # fmt: skip
    return pd.DataFrame(rows, columns=["theme", "policy", "article", *dict(_LABELS), "text"])


def _text(clause: dict[str, Any], name: str) -> str:
    value = clause.get(name)
    return "" if value is None or pd.isna(value) else str(value)


def _day(clause: dict[str, Any], name: str) -> str:
    value = clause.get(name)
    if value is None or pd.isna(value):
        return ""
    day = pd.Timestamp(value)
    return f"{day.year}年{day.month}月{day.day}日"


def _until(clause: dict[str, Any], text: str) -> str:
    words = [f"申报：{c.words}" for c in read_windows(text) if c.field == "apply_to"]
    first, last = _day(clause, "valid_from"), _day(clause, "valid_to")
    if first or last:
        words.append(f"有效期：{first or '……'}至{last or '……'}")
    return "；".join(words) or "未注明期限"


def _source(clause: dict[str, Any]) -> str:
    number = _text(clause, "document_number")
    where = " ".join(part for part in (_text(clause, "file"), _text(clause, "place")) if part)
    return (
        f"《{_text(clause, 'policy')}》{f'（{number}）' * bool(number)}{_text(clause, 'article')}"
        + f"，{where}" * bool(where)
    )


def write_handbook(
    policies: pd.DataFrame, folder: str | Path, *, title: str = _TITLE, towns: Iterable[str] = ()
) -> list[Path]:
    """Write the handbook as ``handbook.docx`` and ``handbook.html``.

    Parameters
    ----------
    policies, towns
        As for ``handbook_entries``.
    folder
        Where to write; made if it is missing.
    title
        Title of the handbook.

    Returns
    -------
    list[Path]
        The two files.

    Raises
    ------
    ValueError
        No clause grants anything.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from liaison_analysis import load_liangjiang
    >>> paths = write_handbook(load_liangjiang().policies, Path(tempfile.mkdtemp()))
    >>> sorted(path.name for path in paths)
    ['handbook.docx', 'handbook.html']
    """
    entries = handbook_entries(policies, towns=towns)
    if entries.empty:
        raise ValueError(
            message("policies: no clause grants anything; read the documents with read_policies first")
        )
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / "handbook.docx", folder / "handbook.html"]
    for path, data in zip(paths, (_word(entries, title), _page(entries, title).encode()), strict=True):
        with replacing(path) as written:
            written.write_bytes(data)
    return paths


def _page(entries: pd.DataFrame, title: str) -> str:
    parts = [
        f"<!doctype html><html lang='zh-CN'><head><meta charset='utf-8'><title>{html.escape(title)}</title>",
        f'<meta name="generator" content="{writer()}">',
        (
            "<style>body{font-family:sans-serif;max-width:46em;margin:2em auto;padding:0 1em;line-height:1.7}"
            "dt{font-weight:bold}blockquote"
            "{color:#555;border-left:3px solid #ccc;margin:0;padding-left:1em}</style>"
        ),
        f"</head><body><h1>{html.escape(title)}</h1><p>共{entries['policy'].nunique()}份政策，{len(entries)}项支持。</p>",
    ]
    for policy, of_policy in entries.groupby("policy", sort=False):
        parts.append(f"<h2>{html.escape(str(policy))}</h2>")
        for theme, some in of_policy.groupby("theme", sort=False):
            if theme != policy:
                parts.append(f"<h3>{html.escape(str(theme))}</h3>")
            for entry in some.to_dict("records"):
                rows = "".join(
                    f"<dt>{label}</dt><dd>{html.escape(entry[name])}</dd>"
                    for name, label in _LABELS
                    if entry[name]
                )
                words = html.escape(entry["text"]).replace("\n", "<br>")
                parts.append(
                    f"<section><h4>{html.escape(entry['article'])}</h4><dl>{rows}</dl><blockquote>{words}</blockquote></section>"
                )
    return "".join([*parts, "</body></html>"])


def _word(entries: pd.DataFrame, title: str) -> bytes:
    import docx

    document = docx.Document()
    document.add_heading(title, 0)
    document.add_paragraph(f"共{entries['policy'].nunique()}份政策，{len(entries)}项支持。")
    for policy, of_policy in entries.groupby("policy", sort=False):
        document.add_heading(str(policy), 1)
        for theme, some in of_policy.groupby("theme", sort=False):
            if theme != policy:
                document.add_heading(str(theme), 2)
            for entry in some.to_dict("records"):
                document.add_heading(entry["article"], 3)
                for name, label in _LABELS:
                    if entry[name]:
                        paragraph = document.add_paragraph()
                        paragraph.add_run(f"{label}：").bold = True
                        paragraph.add_run(entry[name])
                document.add_paragraph(entry["text"], style="Quote")
    # The day of writing would make other bytes of the same entries; the mark says that a command wrote them.
    properties, mark = document.core_properties, workbook_properties()
    properties.created = properties.modified = mark["created"]
    properties.comments = str(mark["comments"])
    written, same = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(same, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name), source.read(name), zipfile.ZIP_DEFLATED)
    return same.getvalue()
