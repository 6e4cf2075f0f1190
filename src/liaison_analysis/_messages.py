"""Messages in the user's language: English in the code, other languages from gettext catalogues.

A message is a plain format string with named fields, so that a translation can order them as it likes::

    raise LiaisonError(message("{file} is a folder; name a file", file=name))

``.ci/catalogues.py`` collects the messages of the code into ``locale/*/LC_MESSAGES/liaison_analysis.po`` and
compiles them; a test checks that none lacks a translation.
"""

from __future__ import annotations

import contextlib
import functools
import gettext
import os
import sys
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MessageLanguage = Literal["en", "zh"]

#: Environment variable that sets the language of messages, ``en`` or ``zh``.
VARIABLE: Final = "LIAISON_LANGUAGE"
DOMAIN: Final = "liaison_analysis"
LOCALE: Final = Path(__file__).with_name("locale")
_CATALOGUES: Final = {"zh": "zh_CN"}
_CHINESE_ON_WINDOWS: Final = 0x04  # primary language of a Windows language identifier

_CHOSEN: ContextVar[MessageLanguage | None] = ContextVar("liaison_message_language", default=None)
_COLLECTED: ContextVar[dict[str, dict[str, str]] | None] = ContextVar(
    "liaison_messages_collected", default=None
)


class Translated(str):
    """A text in the language of messages, together with its translation into the other one.

    Attributes
    ----------
    other
        The same in the other language.
    """

    __slots__ = ("other",)
    other: str

    @classmethod
    def of(cls, text: str, other: str) -> Translated:
        """Join a text with the same in the other language.

        Examples
        --------
        >>> Translated.of("demands", "诉求").other
        '诉求'
        """
        both = cls(text)
        both.other = other
        return both


def message(text: str, /, **values: object) -> str:
    """Write a message in the user's language.

    Parameters
    ----------
    text
        The English message, with a field ``{name}`` for each of ``values``.
    values
        What the fields are replaced by.

    Examples
    --------
    >>> with speaking("zh"):
    ...     print(message("{file} is a folder; name a file", file="台账"))
    台账 是文件夹；请指定一个文件
    """
    return _written(lambda language: _catalogue(language).gettext(text), values)


def plural_message(one: str, many: str, n: int, /, **values: object) -> str:
    """Write a message whose wording depends on a number, which is the field ``{n}``.

    Examples
    --------
    >>> with speaking("en"):
    ...     print(plural_message("{n} problem", "{n} problems", 2))
    2 problems
    """
    return _written(lambda language: _catalogue(language).ngettext(one, many, n), {"n": n, **values})


def _written(translated: Callable[[MessageLanguage], str], values: dict[str, object]) -> str:
    """Fill in a message, and in a block of ``in_both_languages`` the same in the other language."""
    text = translated(message_language()).format(**values)
    collected = _COLLECTED.get()
    if collected is None:
        return text
    theirs = {name: value.other if isinstance(value, Translated) else value for name, value in values.items()}
    other = translated(_other_language()).format(**theirs)
    collected[text] = {message_language(): text, _other_language(): other}
    return Translated.of(text, other)


def word_of(words: Callable[[MessageLanguage], str]) -> str:
    """Choose a word by the language of messages; in a block of ``in_both_languages`` it knows the other one.

    Parameters
    ----------
    words
        Gives the word in each language.

    Examples
    --------
    >>> with speaking("zh"):
    ...     word_of({"en": "demands", "zh": "企业诉求"}.__getitem__)
    '企业诉求'
    """
    word = words(message_language())
    return word if _COLLECTED.get() is None else Translated.of(word, words(_other_language()))


@contextlib.contextmanager
def in_both_languages() -> Iterator[dict[str, dict[str, str]]]:
    """Collect every message of the block in both languages, for a page that can be switched between them.

    Yields
    ------
    dict
        By text as it was written, the same in ``"en"`` and ``"zh"``.

    Examples
    --------
    >>> with speaking("en"), in_both_languages() as collected:
    ...     written = message("{file} is a folder; name a file", file="台账")
    >>> collected[written]["zh"]
    '台账 是文件夹；请指定一个文件'
    """
    collected: dict[str, dict[str, str]] = {}
    token = _COLLECTED.set(collected)
    try:
        yield collected
    finally:
        _COLLECTED.reset(token)


def _other_language() -> MessageLanguage:
    return "en" if message_language() == "zh" else "zh"


def marked(text: str, /) -> str:
    """Mark a text as a message that is translated where it is used, ``message(TEXT)``; give it as it is.

    Examples
    --------
    >>> marked("row {row}")
    'row {row}'
    """
    return text


def message_language() -> MessageLanguage:
    """Language of messages: that of the block (``speaking``), of ``LIAISON_LANGUAGE``, or of the locale."""
    chosen = _CHOSEN.get()
    if chosen is not None:
        return chosen
    return _of_locale(tuple(os.environ.get(name, "") for name in (VARIABLE, *_LOCALE_VARIABLES)))


@contextlib.contextmanager
def speaking(language: MessageLanguage | None) -> Iterator[None]:
    """Set the language of messages for a block; None leaves it as it is.

    Examples
    --------
    >>> with speaking("zh"):
    ...     message_language()
    'zh'
    """
    token = _CHOSEN.set(language or _CHOSEN.get())
    try:
        yield
    finally:
        _CHOSEN.reset(token)


# In gettext's order of precedence.
_LOCALE_VARIABLES: Final = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@functools.lru_cache(maxsize=8)
def _of_locale(values: tuple[str, ...]) -> MessageLanguage:
    for value in values:
        if value:
            return "zh" if value.lower().startswith(("zh", "chinese", "中")) else "en"
    if sys.platform == "win32":  # no such variables; ask the system
        import ctypes

        identifier: int = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return "zh" if identifier & 0x3FF == _CHINESE_ON_WINDOWS else "en"
    return "en"


@functools.lru_cache(maxsize=2)
def _catalogue(language: MessageLanguage) -> gettext.NullTranslations:
    if language not in _CATALOGUES:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, LOCALE, [_CATALOGUES[language]])
