"""Say in words why two enterprises should meet, with the shares of the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd

    from liaison_analysis.ledger import Ledger

#: Weights of the evidence: the chain's paths, what the seeker's demand asks for, what the counterpart's
#: demand asks for. They sum to one, so that a score lies between 0 and 1.
WEIGHTS: Final = {"chain": 0.45, "asked": 0.40, "back": 0.15}


_LABELS: Final = {
    "zh": {"chain": "产业链", "asked": "本方诉求", "back": "对方诉求"},
    "en": {"chain": "chain", "asked": "own demand", "back": "their demand"},
}
_SERVICE_WORDS: Final = {
    "zh": {"financier": "融资", "tester": "检测认证", "research partner": "科研合作"},
    "en": {"financier": "finance", "tester": "testing", "research partner": "research"},
}


def with_reasons(ranked: pd.DataFrame, ledger: Ledger, role: str, language: str) -> pd.DataFrame:
    """Add the shares of the evidence, and the reason in words.

    Parameters
    ----------
    ranked
        Columns seeker_id, counterpart_id, score, chain, asked, back, path, product, demand_id, back_product,
        back_demand_id, competitor; one row an introduction.
    ledger
        Names the enterprises and says what both offer.
    role
        What the counterpart would be to the seeker.
    language
        ``zh`` or ``en``.

    Returns
    -------
    DataFrame
        The rows with role, reason, chain_share, asked_share and back_share (summing to 1); missing texts are
        empty.
    """
    for part, weight in WEIGHTS.items():
        ranked[f"{part}_share"] = (ranked[part] * weight / ranked["score"]).round(6)
    names = ledger.names()
    made = ledger.offers.groupby("enterprise_id")["product"].agg(set).to_dict()
    say = _say_zh if language == "zh" else _say_en
    rows = ranked.astype(object).where(ranked.notna(), None).to_dict("records")
    ranked["reason"] = [say(row, names, made, role) for row in rows]
    ranked = ranked.assign(role=role)
    texts = ["path", "product", "demand_id", "back_product", "back_demand_id"]
    ranked[texts] = ranked[texts].fillna("").astype("str")
    return ranked.astype(
        {"rank": "int64", "score": "float64", "competitor": "bool", "reason": "str", "role": "str"}
    )


def _shares(row: dict[Any, Any], language: str) -> str:
    label = _LABELS[language]
    parts = [
        f"{label[p]}{' ' if language == 'en' else ''}{row[f'{p}_share']:.0%}"
        for p in WEIGHTS
        if row[f"{p}_share"]
    ]
    return "，".join(parts) if language == "zh" else ", ".join(parts)


def _say_zh(row: dict[Any, Any], names: pd.Series, made: dict[Any, set[str]], role: str) -> str:
    seeker, counterpart = names[row["seeker_id"]], names[row["counterpart_id"]]
    maker, user = (seeker, counterpart) if role == "customer" else (counterpart, seeker)
    said = []
    if row["path"]:
        start, *middle, end = row["path"].split("→")
        via = f"经{'、'.join(middle)}" if middle else ""
        said.append(f"{maker}的{start}{via}用于{user}的{end}")
    if row["demand_id"]:
        wanted = f"要找{row['product']}" if row["product"] else f"要找{_SERVICE_WORDS['zh'].get(role, '')}"
        said.append(f"诉求{row['demand_id']}{wanted}，{counterpart}可提供")
    if row["back_demand_id"]:
        said.append(f"{counterpart}的诉求{row['back_demand_id']}也在找{row['back_product']}")
    if row["competitor"]:
        both = sorted(made[row["seeker_id"]] & made[row["counterpart_id"]])
        said.append(f"注意：双方都做{'、'.join(both)}")
    return f"{'；'.join(said)}（{_shares(row, 'zh')}）"


def _say_en(row: dict[Any, Any], names: pd.Series, made: dict[Any, set[str]], role: str) -> str:
    seeker, counterpart = names[row["seeker_id"]], names[row["counterpart_id"]]
    maker, user = (seeker, counterpart) if role == "customer" else (counterpart, seeker)
    said = []
    if row["path"]:
        start, *middle, end = row["path"].split("→")
        via = f" via {', '.join(middle)}" if middle else ""
        said.append(f"{start} of {maker} goes{via} into {end} of {user}")
    if row["demand_id"]:
        wanted = row["product"] or _SERVICE_WORDS["en"].get(role, "")
        said.append(f"demand {row['demand_id']} asks for {wanted}, which {counterpart} offers")
    if row["back_demand_id"]:
        said.append(f"demand {row['back_demand_id']} of {counterpart} asks for {row['back_product']}")
    if row["competitor"]:
        both = sorted(made[row["seeker_id"]] & made[row["counterpart_id"]])
        said.append(f"mind: both offer {', '.join(both)}")
    return f"{'; '.join(said)} ({_shares(row, 'en')})"
