"""Replace one benchmark's section of RESULTS.md and leave the others alone."""

from __future__ import annotations

import re
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
# Order of the sections: names and files, themes, the chain and introductions, salons, follow-up.
ORDER = (
    *("before_after", "layouts", "privacy", "kill", "names", "fuzz", "themes", "graph", "introductions"),
    *("suppliers", "supply_links", "salons", "followup", "routing", "policies", "sensitivity", "speed"),
)
SECTION = re.compile(r"<!-- (?P<name>\S+) -->\n(?P<text>.*?)\n<!-- /(?P=name) -->\n*", re.DOTALL)
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


def write_section(name: str, markdown: str) -> None:
    """Put ``markdown`` between ``<!-- name -->`` and ``<!-- /name -->``, at its place; list all above."""
    text = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
    sections = {found["name"]: found["text"] for found in SECTION.finditer(text)}
    sections[name] = markdown.strip()
    contents, body = [], []
    for key in sorted(sections, key=lambda key: (_place(key), key)):
        body.append(f"<!-- {key} -->\n{sections[key]}\n<!-- /{key} -->")
        contents += [f"- [{title}](#{_anchor(title)})" for title in HEADING.findall(sections[key])]
    RESULTS.write_text("\n\n".join(["# Results", "\n".join(contents), *body]) + "\n", encoding="utf-8")


def _place(name: str) -> int:
    """Position of a section: by the entry of the order that its name begins with."""
    return next((i for i, start in enumerate(ORDER) if name.startswith(start)), len(ORDER))


def _anchor(title: str) -> str:
    """Make the anchor that a heading gets on GitHub."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def table(frame):
    """Markdown table of a frame, without its index."""
    lines = [list(map(str, frame.columns)), ["---"] * frame.shape[1]]
    lines += [list(map(str, row)) for row in frame.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def targets(*rows):
    """Table of targets: (name, measured, sign, goal), the sign ``>=`` or ``<=``, met or not."""
    lines = ["| target | wanted | measured | |", "| --- | --- | --- | --- |"]
    for name, measured, sign, goal in rows:
        met = measured >= goal if sign == ">=" else measured <= goal
        shown = {">=": "≥", "<=": "≤"}[sign]
        verdict = "met" if met else "**not met**"
        lines.append(f"| {name} | {shown} {goal:g} | {measured:.4g} | {verdict} |")
    return "\n".join(lines)
