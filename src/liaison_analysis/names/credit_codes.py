"""Unified social credit codes (GB 32100-2015): check digits, and the slip that explains a wrong one."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

import pandas as pd

from liaison_analysis._checks import check_frame
from liaison_analysis._messages import message

if TYPE_CHECKING:
    from collections.abc import Iterable

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE: Final = {letter: value for value, letter in enumerate(ALPHABET)}
_WEIGHTS: Final = tuple(pow(3, i, 31) for i in range(17))
# Organisation codes (GB 11714-1997), characters 9 to 17 of the code, have a check digit of their own.
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_VALUE: Final = {c: i for i, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")}
_NAMED: Final = 3  # codes that a note names; judgement: more would hide the other notes
# Characters that are easily confused when read, printed or scanned, listed by judgement; the first five are
# not in the alphabet.
_ALIKE: Final = {
    "I": "1LJ", "O": "0DQ", "Z": "27", "S": "58", "V": "UYW",
    "0": "DQ", "D": "0Q", "Q": "0D", "1": "L7J", "L": "1", "J": "1", "7": "1T2", "T": "7Y", "2": "7",
    "5": "6", "6": "5G8", "G": "6C", "C": "G", "8": "B36", "B": "8R", "3": "8", "R": "BP", "P": "R",
    "U": "WY", "W": "U", "Y": "TU", "X": "KY", "K": "X", "M": "N", "N": "M", "E": "F", "F": "E",
    "4": "9", "9": "4", "H": "N", "A": "4",
}  # fmt: skip


def plain_code(written: object) -> str:
    """Write a code in capitals of one width, without blanks and hyphens.

    Examples
    --------
    >>> plain_code(" 9150 0000-mä")
    '91500000MÄ'
    """
    text = unicodedata.normalize("NFKC", str(written)).upper()
    return "".join(c for c in text if c.isalnum())


def looks_like_code(code: str) -> bool:
    """Whether a plain text looks like a code: 17 to 19 capitals and digits, at least nine digits.

    Examples
    --------
    >>> looks_like_code("91350100M000100Y43"), looks_like_code("重庆华数机器人")
    (True, False)
    """
    return code.isascii() and 17 <= len(code) <= 19 and sum(c.isdigit() for c in code) > 8


def check_digit(first: str) -> str:
    """Eighteenth character of a code, from its first seventeen (GB 32100-2015: weights 3^i, modulus 31).

    Raises
    ------
    ValueError
        Not 17 characters, or characters outside the alphabet.

    Examples
    --------
    >>> check_digit("91350100M000100Y4")
    '3'
    """
    if len(first) != 17 or not set(first) <= set(ALPHABET):
        raise ValueError(
            f"expected 17 characters out of {ALPHABET}, got {first!r}; leave the check digit off"
        )
    total = sum(weight * _VALUE[c] for weight, c in zip(_WEIGHTS, first, strict=True))
    return ALPHABET[-total % 31]


def is_valid(code: str) -> bool:
    """Whether a plain code has 18 characters of the alphabet and the right last one.

    Examples
    --------
    >>> is_valid("91350100M000100Y43"), is_valid("91350100M000100Y34")
    (True, False)
    """
    return len(code) == 18 and set(code) <= set(ALPHABET) and check_digit(code[:17]) == code[17]


def _organisation_is_valid(code: str) -> bool:
    """Whether the organisation's own check digit fits: this halves the number of possible slips."""
    total = sum(w * _ORGANISATION_VALUE[c] for w, c in zip(_ORGANISATION_WEIGHTS, code[8:16], strict=True))
    return "0123456789X0"[-total % 11] == code[16]


def likely_slips(code: str) -> list[str]:
    """Codes that one slip turns into this one: a look-alike character, or two neighbours exchanged.

    Both check digits must fit, the code's (GB 32100-2015) and the organisation's inside it (GB 11714-1997).

    Examples
    --------
    >>> likely_slips("91350100M0O0100Y43")
    ['91350100M000100Y43']
    """
    if len(code) != 18:
        return []
    tries = {code[:i] + other + code[i + 1 :] for i, c in enumerate(code) for other in _ALIKE.get(c, "")} | {
        code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(17)
    }
    return sorted(t for t in tries - {code} if is_valid(t) and _organisation_is_valid(t))


def one_slip_apart(a: str, b: str) -> bool:
    """Whether two codes of one length differ in one character, or in two neighbours exchanged.

    Examples
    --------
    >>> one_slip_apart("ABCD", "ABXD"), one_slip_apart("ABCD", "ACBD"), one_slip_apart("ABCD", "AXYD")
    (True, True, False)
    """
    if len(a) != len(b):
        return False
    at = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    return len(at) == 1 or (
        len(at) == 2 and at[1] == at[0] + 1 and a[at[0]] + a[at[1]] == b[at[1]] + b[at[0]]
    )


def check_codes(codes: Iterable[object]) -> pd.DataFrame:
    """Check unified social credit codes; a wrong digit is a warning, never a reason to reject a row.

    Parameters
    ----------
    codes
        Codes as written; missing ones are skipped.

    Returns
    -------
    DataFrame
        Columns row (place in ``codes``, from 0), written, problem, likely (the one code that a slip explains,
        else missing): one row for each code that does not fit. No rows: all fit.

    Examples
    --------
    >>> wrong = check_codes(["91350100M000100Y43", "91350100M000100Y34", "9135"])
    >>> wrong["row"].tolist(), wrong["likely"].tolist()
    ([1, 2], ['91350100M000100Y43', nan])
    >>> wrong["problem"].iloc[0]
    'check digit does not fit (GB 32100-2015): 4 stands there, 0 fits'
    """
    rows = []
    for row, written in enumerate(codes):
        if not isinstance(written, str) or not written.strip():
            continue
        code = plain_code(written)
        if not is_valid(code):
            slips = likely_slips(code)
            rows.append((row, written, _problem(code), slips[0] if len(slips) == 1 else None))
    wrong = pd.DataFrame(rows, columns=["row", "written", "problem", "likely"])
    return wrong.astype({"row": "int64", "written": "str", "problem": "str", "likely": "str"})


def credit_code_notes(enterprises: pd.DataFrame) -> list[str]:
    """Note on credit codes whose check digit does not fit; a warning, since the slip may be the roster's.

    Codes of synthetic rows are left out, since they belong to no enterprise on purpose, and so are masked
    ones, which cannot be checked.

    Parameters
    ----------
    enterprises
        Columns enterprise_id, uscc and is_synthetic.

    Returns
    -------
    list of str
        One note that names the first three, or nothing where all codes fit.

    Examples
    --------
    >>> roster = {"enterprise_id": ["E1"], "uscc": ["91350100M000100Y34"], "is_synthetic": [False]}
    >>> print(credit_code_notes(pd.DataFrame(roster))[0])
    codes that do not fit GB 32100-2015: E1 '91350100M000100Y34', likely 91350100M000100Y43; compare ...
    """
    check_frame(enterprises, "enterprises", ["uscc", "is_synthetic"])
    asked = ~enterprises["is_synthetic"].fillna(value=False).astype(bool)
    asked &= ~enterprises["uscc"].fillna("").str.contains("[", regex=False)
    rows = enterprises[asked].reset_index(drop=True)
    wrong = check_codes(rows["uscc"])
    if wrong.empty:
        return []
    shown = [
        f"{rows['enterprise_id'][row]} {written!r}"
        + (message(", likely {code}", code=likely) if likely == likely else "")  # noqa: PLR0124 - NaN alone differs from itself
        for row, written, _, likely in wrong.head(_NAMED).itertuples(index=False)
    ]
    more = message(" and {n} more", n=len(wrong) - _NAMED) if len(wrong) > _NAMED else ""
    return [
        message(
            "codes that do not fit GB 32100-2015: {codes}{more}; compare them with the licences",
            codes="; ".join(shown),
            more=more,
        )
    ]


def _problem(code: str) -> str:
    if len(code) != 18:
        return message("{n} characters; a code has 18 (GB 32100-2015)", n=len(code))
    strange = sorted(set(code) - set(ALPHABET))
    if strange:
        return message("a code cannot contain {characters} (GB 32100-2015)", characters=", ".join(strange))
    fits = check_digit(code[:17])
    return message(
        "check digit does not fit (GB 32100-2015): {digit} stands there, {fits} fits",
        digit=code[17],
        fits=fits,
    )
