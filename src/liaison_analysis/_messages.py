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
    from collections.abc import Iterator

MessageLanguage = Literal["en", "zh"]

#: Environment variable that sets the language of messages, ``en`` or ``zh``.
VARIABLE: Final = "LIAISON_LANGUAGE"
DOMAIN: Final = "liaison_analysis"
LOCALE: Final = Path(__file__).with_name("locale")
_CATALOGUES: Final = {"zh": "zh_CN"}
_CHINESE_ON_WINDOWS: Final = 0x04  # primary language of a Windows language identifier

_CHOSEN: ContextVar[MessageLanguage | None] = ContextVar("liaison_message_language", default=None)


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
    return _catalogue(message_language()).gettext(text).format(**values)


def plural_message(one: str, many: str, n: int, /, **values: object) -> str:
    """Write a message whose wording depends on a number, which is the field ``{n}``.

    Examples
    --------
    >>> with speaking("en"):
    ...     print(plural_message("{n} problem", "{n} problems", 2))
    2 problems
    """
    return _catalogue(message_language()).ngettext(one, many, n).format(n=n, **values)


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


# In the order in which gettext asks them.
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
