"""Words, phrases and the table of themes."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from liaison_analysis.text import person_words, words

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Stop words: they say how a demand is worded, not what it is about.
_STOP_LIST = (
    "不足 太少 太多 太高 太贵 困难 "
    "问题 咨询 建议 反映 希望 请问 如何 怎么 怎样 什么 为什么 为何 关于 投诉 举报 要求 "
    "请求 恳请 情况 能否 是否 可否 可以 没有 有关 相关 进行 解决 严重 我们 你们 他们 "
    "她们 它们 自己 大家 这个 那个 这些 那些 这里 那里 这样 那样 一个 一些 一下 一直 "
    "一点 一样 一次 两个 几个 不是 不能 不会 不了 不到 不要 不知 不够 现在 目前 已经 "
    "还是 还有 就是 只是 只有 只能 如果 因为 所以 但是 而且 或者 以及 时候 什么时候 多少 "
    "哪里 哪些 有没有 能不能 是不是 需要 应该 可能 觉得 知道 出来 起来 下来 上来 过来 "
    "过去 以后 以前 之后 之前 每天 每次 今年 去年 明年 今天 昨天 明天 最近 近期 企业 "
    "公司 我司 我厂 单位 有人 帮忙 协助 麻烦 谢谢 盼望 尽快 及时 相应 其他 其它 部分 "
    "方面 比较 非常 特别 真的 到底 究竟 还要 都是 也是 又是 这么 那么 这边 那边 东西 "
    "园区 厂区 厂里 本地 外地 附近 周边 当地 "
    "事情 地方 人家 别人 只好 不少 很多 许多 好几 之间 以来 左右 上下 起码 至少 根本 "
    "完全 总是 经常 有时 几次 而是 于是 然后 甚至 毕竟 居然 竟然 不过 可是 虽然 尽管 "
    "即使 只要 除了 按照 根据 通过 由于 为了 对于 至于 当时 同时 其中 the and for are "
    "you with this that have from not can our "
    # Masks that ``privacy`` writes in the place of personal data.
    "手机号 身份证号 身份证 银行卡号 银行卡 固定电话 邮箱 车牌号 微信号 qq "
)

STOP_WORDS = frozenset(_STOP_LIST.split())
_NUMBER = re.compile(r"^[\d.,%a-z]*\d[\d.,%a-z]*$|^[一二两三四五六七八九十百千万亿几半][^体]?[^体]?$")
CLAUSE = re.compile(r"[,。;!?:、…\s]+")
_SHORTEST, _LONGEST = 4, 14  # characters of a phrase (judgement)


def theme_words(
    texts: Sequence[str],
    labels: np.ndarray[Any, Any],
    *,
    n_themes: int,
    k: int = 10,
) -> list[list[str]]:
    """List up to ``k`` words of each theme, best first, by class-based TF-IDF (Grootendorst 2022).

    A word's weight in a theme is its frequency there × log(1 + average words per theme / its frequency in
    all), https://arxiv.org/abs/2203.05794; a word counts once per text. Words of two characters and more
    outside the stop list count, but no names of persons, and words of a single text only where a theme has
    no others.

    Examples
    --------
    >>> texts = ["停车位不足", "停车位太少", "贷款利率高", "贷款审批慢"]
    >>> theme_words(texts, np.array([0, 0, 1, 1]), n_themes=2, k=1)
    [['停车位'], ['贷款']]
    """
    counts = [Counter[str]() for _ in range(n_themes)]
    persons = set().union(*map(person_words, texts))
    for tokens, label in zip(words(list(texts)), labels, strict=True):
        if label >= 0:
            counts[label].update({w for w in tokens if is_content(w) and w not in persons})
    total: Counter[str] = Counter()
    for count in counts:
        total.update(count)
    mean = max(1.0, sum(total.values()) / max(1, n_themes))
    ranked = []
    for count in counts:
        score = {w: (c > 1, round(c * float(np.log1p(mean / total[w])), 9)) for w, c in count.items()}
        best = sorted(score.items(), key=lambda item: (not item[1][0], -item[1][1], item[0]))
        ranked.append([word for word, _ in best[:k]])
    return ranked


def is_content(word: str) -> bool:
    """Whether a word of two characters or more says what a text is about."""
    return len(word) > 1 and word not in STOP_WORDS and not _NUMBER.match(word)


def short_phrase(texts: Sequence[str], terms: Sequence[str]) -> str:
    """Pick the clause of 4 to 14 characters that holds most of a theme's words; ties: the first.

    Examples
    --------
    >>> short_phrase(["班车太少,厂区停车位不够", "停车位不够用,盼解决"], ["停车位", "厂区"])
    '厂区停车位不够'
    """
    clauses = [c for text in texts for c in CLAUSE.split(text) if _SHORTEST <= len(c) <= _LONGEST]
    clauses = [c for c in clauses if not person_words(c)]
    if not clauses:
        return "、".join(terms[:2])
    weight = {term: 1 / (rank + 2) for rank, term in enumerate(terms)}
    return max(clauses, key=lambda c: round(sum(w for term, w in weight.items() if term in c.lower()), 9))


def theme_table(
    names: Sequence[str],
    terms: Sequence[Sequence[str]],
    phrases: Sequence[str],
    sizes: Sequence[int],
) -> pd.DataFrame:
    """Give themes as DataFrame[theme, name, terms, size, share, phrase], one row for each, by number."""
    total = max(1, sum(sizes))
    return pd.DataFrame(
        {
            "theme": np.arange(len(names), dtype=np.int64),
            "name": pd.Series(list(names), dtype="str"),
            "terms": pd.Series(["、".join(t) for t in terms], dtype="str"),
            "size": np.asarray(sizes, dtype=np.int64),
            "share": np.asarray(sizes, dtype=np.float64) / total,
            "phrase": pd.Series(list(phrases), dtype="str"),
        },
    )
