"""Passports, and identity cards and phone numbers of Hong Kong, Macau and Taiwan."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from liaison_analysis.privacy.context import has_unit
from liaison_analysis.privacy.kinds import Found

if TYPE_CHECKING:
    from collections.abc import Iterator

# Passports have one to three letters and six to nine digits (ICAO 9303 allows nine characters).
_PASSPORT = re.compile(
    r"(?:护照|passport)(?:件?号码?|编号|\s?(?:numbers?|no\.?|#))?[\s::,是为(]{0,4}"
    r"((?:[A-Z]\s?){1,3}(?:[0-9]\s?){5,8}[0-9]|[0-9]{7,9}|(?=(?:[A-Z]*[0-9]){4})[A-Z][A-Z0-9]{7,8})(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_CARD_WORD = r"(?:身[份分][证證]|[证證]件|香港|台[湾灣]|HKID|(?<![A-Za-z])ID)[^\W0-9A-Za-z]{0,4}\W{0,3}"
# Taiwan: a letter, 1 or 2 for the sex (8 or 9 for residents), eight digits; Hong Kong: a check digit in
# brackets.
_TAIWAN = re.compile(_CARD_WORD + r"([A-Z][1289][0-9]{8})(?![0-9A-Za-z])")
_HONG_KONG = re.compile(r"(?<![0-9A-Za-z])([A-Z]{1,2}[0-9]{6}\([0-9A]\))(?![0-9A-Za-z])")
_HONG_KONG_LABELLED = re.compile(_CARD_WORD + r"([A-Z]{1,2}[0-9]{6}\(?[0-9A]?\)?)(?![0-9A-Za-z])")
# With the code of the place, or as they are written there.
_PHONES = re.compile(
    r"(?<![0-9A-Za-z-])(?:85[23]-[2-9][0-9]{3}[\s-]?[0-9]{4}"
    r"|(?:\+|00)?886[\s-]0?9[0-9]{2}[\s-]?[0-9]{3}[\s-]?[0-9]{3}"
    r"|09[0-9]{2}([\s-])[0-9]{3}\1[0-9]{3}"
    r"|001[\s-]\(?[2-9][0-9]{2}\)?[\s-][0-9]{3}[\s-][0-9]{4})(?![0-9])"
)


_LABELLED_PHONE = re.compile(
    r"(?:[港澳]方?|门|电话|電話|手[机機]|hk|macau|tel|phone|whatsapp)[^0-9A-Za-z]{0,3}(?:tel|phone)?[^0-9A-Za-z]{0,3}"
    r"(85[23]\s?[2-9][0-9]{3}\s?[0-9]{4})(?![0-9])",
    re.IGNORECASE,
)


# A cheap test that most texts fail.
_HINT = re.compile(
    r"护照|passport|[证證](?!明)|香港|台[湾灣]|ID|85[23]|886[\s-]|09[0-9]{2}[\s-]|001[\s-]|[A-Z][0-9]{6}\(",
    re.IGNORECASE,
)


def find_foreign(plain: str) -> Iterator[Found]:
    """Passports, identity cards and phones of other places in a plain reading of a text.

    Examples
    --------
    >>> [one.kind for one in find_foreign("passport no. EK1234567, 香港852-91234567")]
    ['identity card', 'mobile']
    """
    if not _HINT.search(plain):
        return
    for pattern in (_PASSPORT, _TAIWAN, _HONG_KONG, _HONG_KONG_LABELLED):
        for match in pattern.finditer(plain):
            yield Found(*match.span(1), "identity card")
    for match in _LABELLED_PHONE.finditer(plain):
        yield Found(*match.span(1), "mobile")
    for match in _PHONES.finditer(plain):
        if not has_unit(plain, match.end()):
            yield Found(*match.span(), "mobile")
