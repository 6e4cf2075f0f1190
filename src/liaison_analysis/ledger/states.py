"""Understand the words that bureaus use for the state of a demand.

``states.csv`` maps them to the schema's states, a line for each state, with ``|`` between the words;
``state_patterns.csv`` has regular expressions for short cells that no list can hold; the first that fits
counts.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from importlib import resources
from typing import TYPE_CHECKING, Final

from liaison_analysis.ledger.cells import simplified

if TYPE_CHECKING:
    from collections.abc import Collection

# A word inside a longer text counts from this length on: 是 or 办结 may be part of anything.
_INSIDE: Final = 3
_LONGEST: Final = 40
_DECORATION: Final = re.compile(r"[\s。.!！;；,，:：()\[\]【】\"'“”●○■□▲◆·]+")
# Pictures that systems for shared tables put before a word: 🔄进行中, ⏸ 暂缓.
_PICTURES: Final = re.compile(r"[\u2190-\u2bff\ufe0e\ufe0f\u200d\U0001f000-\U0001faff]+")
# A box with the word behind it, in cells that offer all states: ☑已办结 □办理中.
_BOX: Final = re.compile(
    r"([☑☒✅✔✓√■●◉▣]|\[[√✓]\]|\([√✓]\)|[□☐○◯◻▢]|\[\s*\]|\(\s*\))\s*([\w\u4e00-\u9fff]{1,12})"
)
_BOX_BEHIND: Final = re.compile(
    r"([\w\u4e00-\u9fff]{1,12})\s*([☑☒✅✔✓√■●◉▣]|\[[√✓]\]|\([√✓]\)|[□☐○◯◻▢]|\[\s*\]|\(\s*\))"
)
_EMPTY_BOX: Final = re.compile(r"[□☐○◯◻▢]|\[\s*\]|\(\s*\)")
# Variants that simplification keeps: 回覆, 答覆, 函覆.
_REPLY: Final = re.compile(r"(?<=[回答函批])覆")
# A state in both languages: 待处理 Pending.
_BILINGUAL: Final = re.compile(
    r"^([\u4e00-\u9fff]{2,10})[\s/|(（_]+[A-Za-z][A-Za-z .'\-]*[)）]?$|"
    r"^[A-Za-z][A-Za-z .'\-]*[\s/|(（_]+([\u4e00-\u9fff]{2,10})[)）]?$"
)
_CLAUSE: Final = "，。；,;:：!！\n"
# Words before a state by which it is not reached: 未按期办结, 预计8月办理完毕.
_NEGATED: Final = re.compile(r"(?:(?:未|没有?|不|难以|无法)(?:能|有|及时|完全|全部|彻底|再)?|部分|个别)$")
_FUTURE: Final = re.compile(
    rf"(?:预计|预期|计划|拟|力争|争取|将|确保|有望|可望|承诺|要求|尽快|尽早|待|下一步)[^{_CLAUSE}]*$"
)
# A share that is done: 已完成50%.
_SHARE: Final = re.compile(
    r"^(?:目前|已|约|总体|整体|累计|工程|形象|工作|进度|完成|办理|办结|推进|达到?|至|了|率|量|的)*(\d{1,3}(?:\.\d+)?)%(?:左右|以上)?$"
)
_WHOLE: Final = 100
_PARTLY: Final = re.compile(r"其余|剩余|余下|另外?\d|部分")
_CLOSED: Final = frozenset({"settled", "fed back"})
# A planned end in cells without a word of the list: 拟于年底前完成.
_TO_COME: Final = re.compile(
    rf"(?:预计|拟|计划|力争|争取|将|确保|有望)[^{_CLAUSE}]{{0,15}}(?:完成|办结|解决|落实|竣工|到位|修复|投用)"
)
# Longest cell that is matched with phrase patterns, in characters; judgement.
_LONGEST_PHRASE: Final = 16


# States of open demands, in the order of their steps.
_OPEN: Final = ("collected", "assigned", "solving")


@functools.cache
def state_words() -> dict[str, str]:
    """State of the schema by each word that is known, longest words first.

    Examples
    --------
    >>> state_words()["持续跟踪"], len(state_words()) > 60
    ('solving', True)
    """
    text = resources.files("liaison_analysis.ledger").joinpath("states.csv").read_text(encoding="utf-8")
    words = {
        _plain(word): status
        for status, written in (line.split(",", 1) for line in text.splitlines()[1:] if line)
        for word in written.split("|")
    }
    return dict(sorted(words.items(), key=lambda item: (-len(item[0]), item[0])))


def _plain(written: str) -> str:
    return _DECORATION.sub("", unicodedata.normalize("NFKC", written).casefold())


@functools.lru_cache(maxsize=8192)
def status_of(written: str, *, exact: bool = False) -> str | None:
    """State that a cell's words mean; None where they mean none, or several that differ.

    A word that is negated or lies ahead means that the demand is being solved.

    Parameters
    ----------
    written
        The cell.
    exact
        Whether the words must be all of the cell; else they may stand in a short sentence, or begin a
        longer one.

    Examples
    --------
    >>> status_of("正在推进"), status_of("√"), status_of("尚未办结。"), status_of("经协调，已办结")
    ('solving', 'settled', 'solving', 'settled')
    >>> status_of("不予受理"), status_of("解释说明") , status_of("下周再说") is None
    ('not accepted', 'cannot be solved', True)
    >>> status_of("未按期办结"), status_of("预计8月底办理完毕"), status_of("已辦結")
    ('solving', 'solving', 'settled')
    >>> status_of("⏸ 暂缓"), status_of("已回覆"), status_of("□已办结 ☑办理中 □未办理")
    ('solving', 'fed back', 'solving')
    """
    words = state_words()
    written = _REPLY.sub("复", simplified(written))
    plain = _plain(written)
    if plain in words:
        return words[plain]
    if (share := _SHARE.match(plain)) and not exact:
        return "settled" if float(share[1]) >= _WHOLE else "solving" if float(share[1]) else "collected"
    if (bare := _bare(written)) is not None:
        return status_of(bare, exact=exact) if bare else None
    if exact or not plain:
        return None
    text = "".join(unicodedata.normalize("NFKC", written).casefold().split())
    if len(written) > _LONGEST:
        lead = re.split(f"[{_CLAUSE}]", text, maxsplit=1)[0]
        return words.get(_plain(lead)) if len(lead) >= _INSIDE else None
    found: set[str] = set()
    rest = text
    for word, status in words.items():
        if len(word) < _INSIDE:
            break
        while (at := rest.find(word)) >= 0:
            before = rest[:at]
            ahead = status in _CLOSED and (_NEGATED.search(before) or _FUTURE.search(before))
            found.add("solving" if ahead else status)
            rest = f"{before}{' ' * len(word)}{rest[at + len(word) :]}"
    if not found:
        return "solving" if _TO_COME.search(text) else _by_phrase(text)
    return _of_several(found, text)


def _of_several(found: Collection[str], text: str) -> str | None:
    """State of a text with words for one state or more; None where they differ."""
    if len(found) == 1:
        return next(iter(found))
    # What was given back to the enterprise had been settled before.
    if found == _CLOSED:
        return "fed back"
    if found == {"cannot be solved", "fed back"}:  # 无法解决，已解释
        return "cannot be solved"
    if set(found) <= set(_OPEN):  # 已受理，正在审批: the step that is farther along
        return max(found, key=_OPEN.index)
    if "solving" in found and _PARTLY.search(text):  # 已完成8人，其余继续推进
        return "solving"
    return None


def _bare(written: str) -> str | None:
    """Word of a state without boxes, pictures or its translation; None where it stands alone already."""
    if (ticked := _ticked(written)) is not None:
        return ticked
    if (bare := _PICTURES.sub("", written).strip()) and bare != written.strip():
        return bare
    both = _BILINGUAL.match(written.strip())
    return both[1] or both[2] if both else None


def _ticked(written: str) -> str | None:
    """Word at the one ticked box of several; ``""`` where none or several are ticked, None without boxes."""
    text = unicodedata.normalize("NFKC", written).strip()
    boxes = _BOX.findall(text)
    if not _BOX.match(text):  # 已办结□ 办理中☑
        boxes = [(box, word) for word, box in _BOX_BEHIND.findall(text)]
    empty = [bool(_EMPTY_BOX.fullmatch(box)) for box, _ in boxes]
    if len(boxes) < 2 or not any(empty):
        return None
    ticked = [word for (_, word), blank in zip(boxes, empty, strict=True) if not blank]
    return ticked[0] if len(ticked) == 1 else ""


def _by_phrase(text: str) -> str | None:
    """State of a short cell by phrase patterns."""
    text = text.rstrip("。.!！;；")
    if len(text) > _LONGEST_PHRASE:
        return None
    return next((state for state, pattern in _phrases() if pattern.search(text)), "") or None


@functools.cache
def _phrases() -> list[tuple[str, re.Pattern[str]]]:
    """Patterns in their order; the first has no state: it is a promise, or a request to act."""
    file = resources.files("liaison_analysis.ledger").joinpath("state_patterns.csv")
    lines = [line.split(",", 1) for line in file.read_text(encoding="utf-8").splitlines()[1:] if line]
    return [(state, re.compile(pattern)) for state, pattern in lines]
