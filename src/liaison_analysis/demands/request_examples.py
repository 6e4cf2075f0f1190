"""Demands written for this package, with what each part of them asks for marked in the text."""

from __future__ import annotations

import csv
import functools
import re
from importlib.resources import files
from typing import Final, NamedTuple

from liaison_analysis.demands.asking import Span, asking_sentences

#: Letter of each mark, and the intent of the words before the mark.
MARKS: Final = {
    "c": "customer", "s": "supplier", "f": "finance", "t": "test", "r": "research", "h": "staff",
    "p": "policy", "l": "site", "u": "utilities",
}  # fmt: skip

_PART: Final = re.compile(r"(.*?)/([a-z]+)(?: |$)|(.+)$")
_THING: Final = re.compile(r"\[(.*?)\]")


class Part(NamedTuple):
    """Words of an example.

    Attributes
    ----------
    words
        As they stand in the text, without marks.
    intents
        What they ask for; empty for background and for settled matters.
    live
        False for what is settled, negated or unwanted.
    things
        Words of the things asked for, where they are marked.
    """

    words: str
    intents: frozenset[str]
    live: bool
    things: tuple[str, ...]


class Example(NamedTuple):
    """One demand: what the enterprise does, and the parts of what it says."""

    business: str
    parts: tuple[Part, ...]
    theme: str = ""

    @property
    def text(self) -> str:
        """The whole demand."""
        return "".join(part.words for part in self.parts)

    @property
    def intents(self) -> set[str]:
        """Everything that it asks for."""
        return set().union(*(part.intents for part in self.parts))

    def intents_at(self, spans: list[Span]) -> set[str]:
        """Collect the intents of the parts that overlap some places of the text."""
        start, intents = 0, set[str]()
        for part in self.parts:
            end = start + len(part.words)
            if any(start < b and a < end for a, b in spans):
                intents |= part.intents
            start = end
        return intents

    def sentences(self) -> list[tuple[str, set[str]]]:
        """Sentences that ask for something, and what each asks for; none where only the whole is marked."""
        if len(self.parts) == 1:
            return []
        text = self.text
        return [
            ("".join(text[a:b] for a, b in clauses), self.intents_at(clauses))
            for clauses in asking_sentences(text)
        ]


@functools.cache
def request_examples() -> tuple[Example, ...]:
    """Read ``request_examples.csv`` and ``further_examples.csv``; the README beside them explains the marks.

    Examples
    --------
    >>> example = request_examples()[0]
    >>> example.text
    '订单排到十月了，不缺客户，就缺会开圆机的师傅。'
    >>> [(part.words, sorted(part.intents), part.live) for part in example.parts]
    [('订单排到十月了，不缺客户，', [], False), ('就缺会开圆机的师傅。', ['staff'], True)]
    """
    return (*_read_table("request_examples.csv"), *_read_table("further_examples.csv"))


@functools.cache
def intent_examples() -> tuple[Example, ...]:
    """Read all tables of demands whose parts are marked: also ``region_examples.csv``.

    Examples
    --------
    >>> len(intent_examples()) > len(request_examples())
    True
    """
    return (*request_examples(), *_read_table("region_examples.csv"))


@functools.cache
def examples_with_things() -> tuple[Example, ...]:
    """Read the examples in which a text that has marked things has all of them marked.

    These are ``request_examples.csv`` and ``region_examples.csv``. In ``further_examples.csv`` only the
    clearest thing of a text is marked.

    Examples
    --------
    >>> examples_with_things()[3].parts[1].things
    ('灰铁小件',)
    """
    return (*_read_table("request_examples.csv"), *_read_table("region_examples.csv"))


def _read_table(name: str) -> tuple[Example, ...]:
    table = files("liaison_analysis.demands").joinpath(name).read_text("utf-8")
    rows = csv.DictReader(table.splitlines())
    return tuple(_read(row["business"], row["text"], row.get("theme") or "") for row in rows)


def _read(business: str, marked: str, theme: str = "") -> Example:
    parts = []
    for words, letters, rest in _PART.findall(marked):
        written = (words or rest).strip()
        parts.append(
            Part(
                words=_THING.sub(r"\1", written),
                intents=frozenset(MARKS[letter] for letter in letters if letter in MARKS),
                live="x" not in letters,
                things=tuple(_THING.findall(written)),
            )
        )
    return Example(business, tuple(part for part in parts if part.words), theme)
