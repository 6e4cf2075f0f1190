"""The handbook as files: by theme, each sentence with its article, as Word and HTML."""

from __future__ import annotations

import html
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import pandas as pd

from liaison_analysis._calendar import as_day
from liaison_analysis._checks import check_frame
from liaison_analysis._files import replacing
from liaison_analysis._messages import message
from liaison_analysis._outputs import word_bytes, writer
from liaison_analysis.policies.handbook import NOTHING, Entry, entries_of, written_day

if TYPE_CHECKING:
    from collections.abc import Iterable

_TITLE: Final = "惠企政策汇编"
# A grant that ends within this number of days is listed at the front.
_SOON_DAYS: Final = 60
_LABELS: Final = (
    ("who", "适用对象"),
    ("what", "支持内容"),
    ("how", "申报方式"),
    ("until", "申报和有效期限"),
    ("notes", "注释"),
    ("source", "出处"),
)


def write_handbook(
    policies: pd.DataFrame,
    folder: str | Path,
    *,
    title: str = _TITLE,
    towns: Iterable[str] = (),
    on: str | pd.Timestamp | None = None,
) -> list[Path]:
    """Write the handbook as ``handbook.docx`` and ``.html``: by theme, each sentence with its article.

    Parameters
    ----------
    policies, towns
        As for ``handbook_entries``.
    folder
        Where to write; made if it is missing.
    title
        Title of the handbook.
    on
        The day; grants that are not in force on it are left out and counted, those that end within
        60 days are listed at the front.

    Returns
    -------
    list[Path]
        The two files.

    Raises
    ------
    ValueError
        No clause grants anything, or none on that day; or ``on`` is no date.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from liaison_analysis import load_liangjiang
    >>> paths = write_handbook(load_liangjiang().policies, Path(tempfile.mkdtemp()))
    >>> sorted(path.name for path in paths)
    ['handbook.docx', 'handbook.html']
    """
    check_frame(policies, "policies")
    day = None if on is None else as_day(on)
    known = tuple(towns)
    entries = entries_of(policies, towns=known, day=day)
    if not entries and day is not None:
        raise ValueError(
            message(
                "policies: no clause in force on {day} grants anything; choose another day",
                day=f"{day:%Y-%m-%d}",
            )
        )
    if not entries:
        raise ValueError(
            message("policies: no clause grants anything; read the documents with read_policies first")
        )
    n_ended = 0 if day is None else len(entries_of(policies, towns=known, day=None)) - len(entries)
    handbook = _Handbook(title, entries, day, n_ended)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / "handbook.docx", folder / "handbook.html"]
    for path, data in zip(paths, (_word(handbook), _page(handbook).encode()), strict=True):
        with replacing(path) as written:
            written.write_bytes(data)
    return paths


class _Handbook(NamedTuple):
    title: str
    entries: list[Entry]
    day: pd.Timestamp | None
    n_ended: int

    @property
    def summary(self) -> str:
        n_policies = len({entry.policy for entry in self.entries})
        lines = f"共{n_policies}份政策，{len(self.entries)}项支持，按主题排列；每句话后注明所在条文。"
        if self.day is not None:
            lines += f"截至{written_day(self.day)}。"
        if self.n_ended:
            lines += f"另有{self.n_ended}项当日不在有效期内，未收入。"
        return lines

    def soon(self) -> list[Entry]:
        """Grants whose application period or validity ends within 60 days, sorted by end."""
        if self.day is None:
            return []
        last = self.day + pd.Timedelta(days=_SOON_DAYS)
        ending = [entry for entry in self.entries if entry.closes is not None and entry.closes <= last]
        return sorted(ending, key=lambda entry: (entry.closes, entry.policy))

    def chapters(self) -> list[tuple[str, list[Entry]]]:
        by_theme: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            by_theme[entry.theme].append(entry)
        return list(by_theme.items())


def _lines(entry: Entry, name: str) -> list[str]:
    """Lines of one part, each followed by the article that it is quoted from."""
    if name in {"notes", "source"}:
        text = entry.notes if name == "notes" else entry.source
        return text.split("\n") if text else []
    lines = [f"{one.words}〔{one.source}〕" if one.source else one.words for one in entry.part(name)]
    return lines or ([NOTHING[name]] if name in NOTHING else [])


def _heading(entry: Entry) -> str:
    return f"《{entry.policy}》{entry.article}"


def _page(handbook: _Handbook) -> str:
    quoted = html.escape
    title = quoted(handbook.title)
    parts = [
        f"<!doctype html><html lang='zh-CN'><head><meta charset='utf-8'><title>{title}</title>",
        f'<meta name="generator" content="{writer()}">',
        (
            "<style>body{font-family:sans-serif;max-width:46em;margin:2em auto;padding:0 1em;line-height:1.7}"
            "dt{font-weight:bold}dd p{margin:0}blockquote"
            "{color:#555;border-left:3px solid #ccc;margin:0;padding-left:1em}</style>"
        ),
        f"</head><body><h1>{title}</h1><p>{quoted(handbook.summary)}</p>",
    ]
    number = {id(entry): i for i, entry in enumerate(handbook.entries, start=1)}
    soon = handbook.soon()
    if soon:
        rows = "".join(
            f'<li><a href="#e{number[id(one)]}">{quoted(_heading(one))}</a>：{_ending(one)}</li>'
            for one in soon
        )
        parts.append(f"<h2>{_SOON_DAYS}日内截止</h2><ul>{rows}</ul>")
    chapters = handbook.chapters()
    links = "".join(
        f'<li><a href="#t{i}">{quoted(theme)}</a>（{len(some)}项）</li>'
        for i, (theme, some) in enumerate(chapters, start=1)
    )
    parts.append(f"<nav aria-label='目录'><h2>目录</h2><ol>{links}</ol></nav>")
    for i, (theme, some) in enumerate(chapters, start=1):
        parts.append(f'<h2 id="t{i}">{quoted(theme)}</h2>')
        for entry in some:
            rows = "".join(
                f"<dt>{label}</dt><dd>{''.join(f'<p>{quoted(line)}</p>' for line in lines)}</dd>"
                for name, label in _LABELS
                if (lines := _lines(entry, name))
            )
            words = quoted(entry.text).replace("\n", "<br>")
            parts.append(
                f'<section id="e{number[id(entry)]}"><h3>{quoted(_heading(entry))}</h3><dl>{rows}</dl>'
                f"<blockquote>{words}</blockquote></section>"
            )
    return "".join([*parts, "</body></html>"])


def _ending(entry: Entry) -> str:
    return "" if entry.closes is None else f"{written_day(entry.closes)}止"


def _word(handbook: _Handbook) -> bytes:
    import docx

    document = docx.Document()
    document.add_heading(handbook.title, 0)
    document.add_paragraph(handbook.summary)
    soon = handbook.soon()
    if soon:
        document.add_heading(f"{_SOON_DAYS}日内截止", 1)
        for entry in soon:
            document.add_paragraph(f"{_heading(entry)}：{_ending(entry)}", style="List Bullet")
    for theme, some in handbook.chapters():
        document.add_heading(theme, 1)
        for entry in some:
            document.add_heading(_heading(entry), 2)
            for name, label in _LABELS:
                lines = _lines(entry, name)
                if lines:
                    paragraph = document.add_paragraph()
                    paragraph.add_run(f"{label}：").bold = True
                    paragraph.add_run("\n".join(lines))
            document.add_paragraph(entry.text, style="Quote")
    return word_bytes(document)
