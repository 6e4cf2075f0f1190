"""Tables that commands print, with headers and codes in the user's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from liaison_analysis._messages import message

if TYPE_CHECKING:
    import pandas as pd


def in_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Frame whose headers, and whose columns ``kind`` and ``why``, are in the user's language.

    Examples
    --------
    >>> import pandas as pd
    >>> from liaison_analysis._messages import speaking
    >>> with speaking("zh"):
    ...     print(in_words(pd.DataFrame({"sheet": ["demands"], "kind": ["mobile"], "n": [2]})))
           工作表  类别  数量
    0  demands  手机   2
    """
    codes = _codes()
    written = {
        name: frame[name].map(lambda value: codes.get(value, value))
        for name in ("kind", "why")
        if name in frame
    }
    return frame.assign(**written).rename(columns=_headers())


def _headers() -> dict[str, str]:
    return {
        "sheet": message("sheet"),
        "row": message("row"),
        "column": message("column"),
        "value": message("value"),
        "reason": message("reason"),
        "kind": message("kind"),
        "n": message("n"),
        "why": message("why"),
        "enterprise_id": message("enterprise_id"),
        "other_id": message("other_id"),
        "name": message("name"),
        "other_name": message("other_name"),
    }


def _codes() -> dict[str, str]:
    return {
        "e-mail": message("e-mail"),
        "identity card": message("identity card"),
        "bank card": message("bank card"),
        "mobile": message("mobile"),
        "landline": message("landline"),
        "plate": message("plate"),
        "WeChat": message("WeChat"),
        "QQ": message("QQ number"),
        "same code": message("same code"),
        "same name": message("same name"),
        "alike": message("alike"),
    }
