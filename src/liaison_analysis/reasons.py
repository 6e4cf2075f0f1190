"""Say in words why two enterprises should meet, with the shares of the evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd

    from liaison_analysis.ledger import Ledger

#: Weights of the evidence: the chain's paths, what the seeker's demand asks for, what the counterpart's
#: demand asks for. They sum to one, so that a score lies between 0 and 1.
WEIGHTS: Final = {"chain": 0.45, "asked": 0.40, "back": 0.15}


_PHRASES: Final = {
    "zh": {
        "path": "{maker}的{start}{via}用于{user}的{end}",
        "via": "经{}",
        "asked": "诉求{}要找{}，{}可提供",
        "back": "{}的诉求{}也在找{}",
        "rival": "注意：双方都做{}",
        "financier": "融资",
        "tester": "检测认证",
        "research partner": "科研合作",
        "chain_share": "产业链",
        "asked_share": "本方诉求",
        "back_share": "对方诉求",
        "list": "、",
        "comma": "，",
        "semicolon": "；",
        "whole": "{}（{}）",
    },
    "en": {
        "path": "{start} of {maker} goes{via} into {end} of {user}",
        "via": " via {}",
        "asked": "demand {} asks for {}, which {} offers",
        "back": "demand {1} of {0} asks for {2}",
        "rival": "mind: both offer {}",
        "financier": "finance",
        "tester": "testing",
        "research partner": "research",
        "chain_share": "chain ",
        "asked_share": "own demand ",
        "back_share": "their demand ",
        "list": ", ",
        "comma": ", ",
        "semicolon": "; ",
        "whole": "{} ({})",
    },
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
    rows = ranked.astype(object).where(ranked.notna(), None).to_dict("records")
    ranked["reason"] = [_say(row, names, made, role, language) for row in rows]
    ranked = ranked.assign(role=role)
    texts = ["path", "product", "demand_id", "back_product", "back_demand_id"]
    ranked[texts] = ranked[texts].fillna("").astype("str")
    return ranked.astype(
        {"rank": "int64", "score": "float64", "competitor": "bool", "reason": "str", "role": "str"}
    )


def _say(row: dict[Any, Any], names: pd.Series, made: dict[Any, set[str]], role: str, language: str) -> str:
    """Tell the path, then what each side asks for, then what stands against it, then the shares."""
    words = _PHRASES[language]
    seeker, counterpart = names[row["seeker_id"]], names[row["counterpart_id"]]
    maker, user = (seeker, counterpart) if role == "customer" else (counterpart, seeker)
    said = []
    if row["path"]:
        start, *middle, end = row["path"].split("→")
        via = words["via"].format(words["list"].join(middle)) if middle else ""
        said.append(words["path"].format(maker=maker, start=start, via=via, user=user, end=end))
    if row["demand_id"]:
        wanted = row["product"] or words.get(role, "")
        said.append(words["asked"].format(row["demand_id"], wanted, counterpart))
    if row["back_demand_id"]:
        said.append(words["back"].format(counterpart, row["back_demand_id"], row["back_product"]))
    if row["competitor"]:
        both = sorted(made[row["seeker_id"]] & made[row["counterpart_id"]])
        said.append(words["rival"].format(words["list"].join(both)))
    shares = [(words[f"{part}_share"], row[f"{part}_share"]) for part in WEIGHTS if row[f"{part}_share"]]
    told = words["comma"].join(f"{label}{share:.0%}" for label, share in shares)
    return words["whole"].format(words["semicolon"].join(said), told)
