"""Entries of a handbook of policies: who may apply, for what, how, by when, and the source."""

from __future__ import annotations

import csv
import functools
import re
from collections import defaultdict
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pandas as pd

from liaison_analysis._calendar import as_day
from liaison_analysis._checks import check_frame
from liaison_analysis.policies.conditions import read_conditions
from liaison_analysis.policies.dates import read_validity
from liaison_analysis.policies.eligibility import OUT_OF_FORCE, validity_on
from liaison_analysis.policies.windows import clause_periods

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

#: Theme of a clause without any word of ``handbook_themes.csv``; the last chapter.
OTHER_THEME: Final = "其他"
# Weight of a word in the title of the act; a word of the clause itself has 1; judgement.
_TITLE_WEIGHT: Final = 0.75
_HOW: Final = re.compile(r"申报|申请|提交|受理|材料|网上|平台|窗口|备案|审核")
# Patterns of sentences that state, for all grants of a document, how to apply and who may.
_HOW_FOR_ALL: Final = re.compile(
    r"(?:申报|申请|办理|受理)(?:方式|程序|流程|材料|渠道|途径|单位|地点)|网上申报|线上申报|申报系统|申报平台"
    r"|(?:登录|通过)[^，。；]{1,30}(?:平台|系统|网站)|(?:提交|报送)[^，。；]{0,16}(?:材料|申请)"
)
_WHO_FOR_ALL: Final = re.compile(
    r"适用于|适用(?:对象|范围)|(?:申报|支持|扶持)(?:条件|对象|主体|范围)[:：为]|申报[^，。；]{0,8}(?:企业|单位|主体)[^，。；]{0,6}应"
)
_SENTENCE: Final = re.compile(r"(?<=[。；;\n])")
_MOST_FOR_ALL: Final = 4  # sentences taken from other clauses of the document; judgement
_CONDITION_FIELDS: Final = frozenset({"town", "industry_prefix", "category", "min_headcount", "threshold"})
NOTHING: Final = {"who": "未读出条件，见原文", "until": "未读出期限，见原文"}
_REGISTERED: Final = "引言或台账，条文中未见"
_COLUMNS: Final = [
    "theme",
    "policy",
    "article",
    "who",
    "what",
    "how",
    "until",
    "notes",
    "source",
    "closes",
    "text",
]


class Sentence(NamedTuple):
    """Words of one part of an entry (``who``, ``what``, ``how``, ``until``), and their article."""

    part: str
    words: str
    source: str


class Entry(NamedTuple):
    """One grant, with the words of each part and their articles."""

    theme: str
    policy: str
    article: str
    sentences: list[Sentence]
    notes: str
    source: str
    closes: pd.Timestamp | None
    text: str

    def part(self, name: str) -> list[Sentence]:
        """Give the words of a part."""
        return [one for one in self.sentences if one.part == name]

    def shown(self, name: str) -> str:
        """Give the words of a part, with the article where it is not the entry's own."""
        lines = [one.words + f"〔{one.source}〕" * (one.source != self.article) for one in self.part(name)]
        return "\n".join(lines) or NOTHING.get(name, "")


@functools.lru_cache(maxsize=1)
def themes() -> dict[str, tuple[str, ...]]:
    """Give the themes of a handbook in their order, and the words that assign a clause to each.

    Written for this package from the chapters of published handbooks of policies (惠企政策汇编); there is no
    option for another table.

    Examples
    --------
    >>> "贴息" in themes()["融资和上市"]
    True
    """
    table = files("liaison_analysis.policies").joinpath("handbook_themes.csv").read_text(encoding="utf-8")
    return {row["theme"]: tuple(row["words"].split()) for row in csv.DictReader(table.splitlines())}


def theme_of(text: str, *, title: str = "") -> str:
    """Choose the theme that most words of a clause, and of its document's title, belong to.

    Every word counts once, with its length minus one as weight, times three quarters in the title; ties: the
    first in ``themes``.

    Examples
    --------
    >>> theme_of("首次获评的，奖励20万元。", title="某区专精特新企业培育办法")
    '企业培育和认定'
    >>> theme_of("对贷款利息给予贴息。", title="某区支持专精特新企业若干措施")
    '融资和上市'
    >>> theme_of("给予奖励。")
    '其他'
    """
    best, most = OTHER_THEME, 0.0
    for theme, words in themes().items():
        weight = sum((len(word) - 1) * ((word in text) + _TITLE_WEIGHT * (word in title)) for word in words)
        if weight > most:
            best, most = theme, weight
    return best


def handbook_entries(
    policies: pd.DataFrame, *, towns: Iterable[str] = (), on: str | pd.Timestamp | None = None
) -> pd.DataFrame:
    """Make the entries of a handbook: one for each clause that grants something.

    Parameters
    ----------
    policies
        What ``read_policies`` gives, or the ledger's ``policies``.
    towns
        Names of towns that conditions may name.
    on
        The day; clauses that are not in force on it are left out.

    Returns
    -------
    DataFrame
        By theme, then as in the documents: theme (``theme_of``), policy, article, who (the words that state
        conditions), what (the words that grant), how (sentences on applying), until (days of applications and
        validity), each line followed by its article in ``〔〕`` where it is from another clause of the
        document; notes (the article's footnotes), source (policy, number, article, file and place), closes
        (the last day, after ``on`` if given, of the application period or of the policy, whichever is first)
        and text (the whole clause).

    Raises
    ------
    ValueError
        ``on`` is no date.

    Examples
    --------
    >>> clause = {"clause_id": "A", "policy": "某办法", "article": "第二条", "text": "小巨人企业奖励20万元。"}
    >>> entry = handbook_entries(pd.DataFrame([clause])).iloc[0]
    >>> entry["theme"], entry["who"], entry["what"], entry["source"]
    ('企业培育和认定', '小巨人企业', '奖励20万元', '《某办法》第二条')
    """
    check_frame(policies, "policies")
    day = None if on is None else as_day(on)
    rows = [
        [one.theme, one.policy, one.article, *map(one.shown, ("who", "what", "how", "until")),
         one.notes, one.source, one.closes, one.text]
        for one in entries_of(policies, towns=tuple(towns), day=day)
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=_COLUMNS)
    return frame.astype({"closes": "datetime64[s]"})


def entries_of(policies: pd.DataFrame, *, towns: Sequence[str], day: pd.Timestamp | None) -> list[Entry]:
    """Entries by theme, of the clauses that grant something and are in force on the day, if one is given."""
    documents: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    clauses: list[dict[str, Any]] = policies.to_dict("records")  # type: ignore[assignment]
    for clause in clauses:
        documents[_text(clause, "policy"), _text(clause, "file")].append(clause)
    entries = []
    for some in documents.values():
        for_all = _sentences_for_all(some)
        for clause in some:
            if day is not None and validity_on(clause, day) in OUT_OF_FORCE:
                continue
            entry = _entry(clause, for_all, towns, day)
            if entry:
                entries.append(entry)
    order = {theme: i for i, theme in enumerate([*themes(), OTHER_THEME])}
    return sorted(entries, key=lambda entry: order[entry.theme])


def _sentences_for_all(clauses: Sequence[dict[str, Any]]) -> list[Sentence]:
    """Sentences of a document that apply to all of its grants: who, how, when, how long."""
    found = []
    for clause in clauses:
        text, article = _text(clause, "text"), _text(clause, "article")
        grants = any(one.field == "benefit" for one in read_conditions(text))
        found += [Sentence("until", f"申报：{one.words}", article) for one in clause_periods(clause)]
        found += [Sentence("validity", one.words, article) for one in read_validity([text])]
        if grants:
            continue
        parts = [part.strip() for part in _SENTENCE.split(text) if part.strip()]
        for name, pattern in (("who", _WHO_FOR_ALL), ("how", _HOW_FOR_ALL)):
            here = [Sentence(name, part, article) for part in parts if pattern.search(part)]
            found += here[:_MOST_FOR_ALL]
    return list(dict.fromkeys(found))


def _entry(
    clause: dict[str, Any], for_all: Sequence[Sentence], towns: Sequence[str], day: pd.Timestamp | None
) -> Entry | None:
    text, article = _text(clause, "text"), _text(clause, "article")
    conditions = read_conditions(text, towns=towns)
    grants = [words for c in conditions if c.field == "benefit" for words in c.words.split("；")]
    if not grants:
        return None
    parts = [part.strip() for part in _SENTENCE.split(text) if part.strip()]
    periods = clause_periods(clause)
    own = [
        *(Sentence("who", c.words, article) for c in conditions if c.field in _CONDITION_FIELDS),
        *(Sentence("what", words, article) for words in grants),
        *(Sentence("how", part, article) for part in parts if _HOW.search(part)),
        *(Sentence("until", f"申报：{c.words}", article) for c in periods),
    ]
    has = {one.part for one in own}
    # Conditions for all grants are added to "who"; for "how" and "when" they are used where the clause has
    # none.
    shared = [one for one in for_all if one.source != article and (one.part == "who" or one.part not in has)]
    sentences = [*own, *(one for one in shared if one.part != "validity")]
    sentences += _validity(clause, for_all)
    windows = [period.closes for period in periods if period.closes]
    return Entry(
        theme_of(text, title=_text(clause, "policy")), _text(clause, "policy"), article,
        list(dict.fromkeys(sentences)), _text(clause, "notes"), _source(clause),
        _closes(clause, windows, day), text,
    )  # fmt: skip


def _validity(clause: dict[str, Any], for_all: Sequence[Sentence]) -> list[Sentence]:
    """Give the days of validity, with the article that states them."""
    first, last = _day(clause, "valid_from"), _day(clause, "valid_to")
    if not (first or last):
        return []
    stating = list(dict.fromkeys(one.source for one in for_all if one.part == "validity"))
    words = f"有效期：{first or '……'}至{last or '……'}"
    return [Sentence("until", words, "、".join(stating) or _REGISTERED)]


def _closes(
    clause: dict[str, Any], windows: Sequence[dt.date], day: pd.Timestamp | None
) -> pd.Timestamp | None:
    ends = [pd.Timestamp(value) for value in windows]
    ends += [pd.Timestamp(clause[name]) for name in ("apply_to", "valid_to") if _text(clause, name)]
    ahead = [end for end in ends if day is None or end >= day]
    return min(ahead, default=None)


def _text(clause: dict[str, Any], name: str) -> str:
    value = clause.get(name)
    return "" if value is None or pd.isna(value) else str(value)


def _day(clause: dict[str, Any], name: str) -> str:
    return written_day(pd.Timestamp(clause[name])) if _text(clause, name) else ""


def written_day(day: pd.Timestamp) -> str:
    """Write a day as Chinese texts do."""
    return f"{day.year}年{day.month}月{day.day}日"


def _source(clause: dict[str, Any]) -> str:
    number = _text(clause, "document_number")
    where = " ".join(part for part in (_text(clause, "file"), _text(clause, "place")) if part)
    return (
        f"《{_text(clause, 'policy')}》{f'（{number}）' * bool(number)}{_text(clause, 'article')}"
        + f"，{where}" * bool(where)
    )
