"""Labels that are never empty and never alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def distinct_names(
    candidates: Sequence[Sequence[str]],
    *,
    taken: Iterable[str] = (),
    fallback: str = "主题",
) -> list[str]:
    """One name a theme out of its words: the first two, more where two themes would be called alike.

    Examples
    --------
    >>> distinct_names([["停车位", "充电桩"], ["停车位", "充电桩"], []])
    ['停车位、充电桩', '停车位、充电桩(2)', '主题3']
    """
    used, names = set(taken), []
    for i, found in enumerate(candidates):
        choices = ["、".join(found[:n]) for n in range(2, len(found) + 1)] or ["、".join(found)]
        choices = [c for c in choices if c] or [f"{fallback}{i + 1}"]
        free = [c for c in choices if c not in used]
        name, n = (free or choices)[0], 1
        while name in used:
            n += 1
            name = f"{choices[0]}({n})"
        used.add(name)
        names.append(name)
    return names
