"""The page's scripts, styles, font and data in one file that needs no request."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from liaison_analysis._outputs import writer
from liaison_analysis.report.fonts import font_face
from liaison_analysis.report.tables import vocabulary, word

if TYPE_CHECKING:
    from collections.abc import Mapping

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function (\w+)|const (\w+))", re.MULTILINE)

# Characters of a table's JSON above which it is read only when a view asks for it (judgement: reading so many
# takes about a millisecond).
_LARGE = 50_000


def bundled(modules: Mapping[str, str], entry: str) -> str:
    r"""Join ES modules into one script: each in a scope of its own, after those that it imports from.

    Parameters
    ----------
    modules
        Source by name. Imports are named, one a line at the top, and go one way; exports are functions and
        constants.
    entry
        Module that is run last.

    Raises
    ------
    ValueError
        Modules import each other in a cycle, or a module is missing.

    Examples
    --------
    >>> modules = {"a": "export const n = 1;\n", "b": 'import { n } from "./a.js";\nalert(n);\n'}
    >>> print(bundled(modules, "b"))
    "use strict";
    const a_js = (() => {
    const n = 1;
    return { n };
    })();
    const b_js = (() => {
    const { n } = a_js;
    alert(n);
    return {  };
    })();
    """
    order: list[str] = []
    path: list[str] = []

    def visit(name: str) -> None:
        if name in order:
            return
        if name in path or name not in modules:
            raise ValueError(f"expected modules that import one way, got {' → '.join([*path, name])}")
        path.append(name)
        for _, imported in _IMPORT.findall(modules[name]):
            visit(imported)
        path.pop()
        order.append(name)

    visit(entry)
    parts = ['"use strict";']
    for name in order:
        source = modules[name]
        exported = ", ".join(function or constant for function, constant in _EXPORT.findall(source))
        body = _EXPORT.sub("", _IMPORT.sub(r"const {\1} = \2_js;\n", source)).strip()
        parts.append(f"const {name}_js = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();")
    return "\n".join(parts)


def page_html(data: dict[str, Any]) -> str:
    """Make the page.

    Parameters
    ----------
    data
        As ``page_data`` gives it.

    Returns
    -------
    str
        HTML whose content security policy admits this script and these styles by their hashes, data URIs of
        pictures and fonts, and nothing else.
    """
    import jinja2

    assets = files("liaison_analysis.report").joinpath("assets")
    scripts = {
        path.name.removesuffix(".js"): path.read_text("utf-8")
        for path in assets.iterdir()
        if path.name.endswith(".js")
    }
    script = bundled(scripts, "main")
    first, later = _set_apart({**data, "words": vocabulary()})
    payload = "".join([first, *later])
    style = assets.joinpath("page.css").read_text("utf-8")
    style = f"{font_face(payload)}\n{style}" if payload else style
    language = data["meta"]["language"]
    template = jinja2.Template(
        assets.joinpath("page.html.j2").read_text("utf-8"), autoescape=True, undefined=jinja2.StrictUndefined
    )
    html: str = template.render(
        generator=writer(),
        language=language,
        title=word("title", language),
        style=style,
        script=script,
        data=first,
        later=later,
        style_hash=_hash(style),
        script_hash=_hash(script),
    )
    return html


def _set_apart(data: dict[str, Any]) -> tuple[str, list[str]]:
    """JSON of what the first screen needs, and of each large table, which is read when a view asks for it.

    The first names under ``later`` where each of the others belongs.
    """
    later: list[str] = []
    places: list[list[str]] = []

    def without_large(values: dict[str, Any], place: list[str]) -> dict[str, Any]:
        kept = {}
        for name, value in values.items():
            text = _as_json(value) if isinstance(value, dict | list) else ""
            if len(text) < _LARGE:
                kept[name] = value
            elif name == "tables":
                kept[name] = without_large(value, [*place, name])
            else:
                later.append(text)
                places.append([*place, name])
        return kept

    views = {name: without_large(part, ["views", name]) for name, part in data.get("views", {}).items()}
    return _as_json({**data, "views": views, "later": places}), later


def _as_json(data: Any) -> str:
    """JSON that ends no script element and holds no line separator of JavaScript."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _hash(source: str) -> str:
    digest = hashlib.sha256(source.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
