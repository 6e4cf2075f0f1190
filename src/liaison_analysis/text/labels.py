"""Names of groups that are never empty and never alike."""

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
    """Name each group by its words: the first two, more where two groups would have the same name.

    Parameters
    ----------
    candidates
        Words of each group, the best first; a group may have none.
    taken
        Names that are in use already.
    fallback
        What a group without words is called, followed by its number from 1.

    Returns
    -------
    list[str]
        One name for each group, in their order; a number in brackets distinguishes names with the same words.

    Examples
    --------
    >>> distinct_names([["停车位", "充电桩"], ["停车位", "充电桩"], []])
    ['停车位、充电桩', '停车位、充电桩(2)', '主题3']
    """
    used, names = set(taken), []
    for i, words in enumerate(candidates):
        choices = ["、".join(words[:n]) for n in range(2, len(words) + 1)] or ["、".join(words)]
        choices = [c for c in choices if c] or [f"{fallback}{i + 1}"]
        free = [c for c in choices if c not in used]
        name, n = (free or choices)[0], 1
        while name in used:
            n += 1
            name = f"{choices[0]}({n})"
        used.add(name)
        names.append(name)
    return names
