"""Collect the messages of the code, and compile their translations: `update` or `compile`.

`update` adds new messages to the catalogues with an empty translation and drops those that the code no longer
has; a person fills in the translations. `compile` writes the `.mo` files that the package reads.
"""

from __future__ import annotations

import ast
import datetime as dt
import inspect
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "liaison_analysis"
CATALOGUES = sorted(SOURCE.glob("locale/*/LC_MESSAGES/liaison_analysis.po"))
HEAD = """\
# Written by .ci/catalogues.py, but for the translations.
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plurals}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""
# What Typer prints itself, as it looks it up.
TYPER = (
    *("Options", "Commands", "Arguments", "Aborted!", "required", "default: {default}", "env var: {var}"),
    *("Missing command.", "No such command {name!r}."),
)


def messages() -> Iterator[tuple[str | tuple[str, str], str]]:
    """Messages of the code with the module that each stands in; a pair has a singular and a plural."""
    for path in sorted(SOURCE.rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Name("message" | "marked"), args=[ast.Constant(str(text))]):
                    yield text, place
                case ast.Call(
                    func=ast.Name("plural_message"), args=[ast.Constant(str(one)), ast.Constant(str(many)), _]
                ):
                    yield (one, many), place
                case ast.Call(func=ast.Name("message"), args=[ast.Name()]):
                    pass  # marked where it is written
                case ast.Call(func=ast.Name("message" | "plural_message")) if path.name != "console.py":
                    raise SystemExit(f"{place}:{node.lineno}: a message must be written out, to be collected")
                case ast.keyword("help", ast.Constant(str(text))) if path.parent.name == "commands":
                    yield text, place
                case ast.FunctionDef() if path.parent.name == "commands" and _is_command(node):
                    yield inspect.cleandoc(ast.get_docstring(node) or ""), place
                case _:
                    pass
    yield from ((text, "typer") for text in TYPER)


def _is_command(node: ast.FunctionDef) -> bool:
    """Whether a function of the commands is one: all its arguments are annotated for typer."""
    return (
        not node.name.startswith("_")
        and not node.decorator_list
        and any(
            "Annotated" in ast.dump(a) or "Source" in ast.dump(a)
            for a in [*node.args.args, *node.args.kwonlyargs]
        )
    )


def read(path: Path) -> Catalog:
    """Read a catalogue; a fixed date makes the same messages give the same bytes."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parent.parent.name)
    catalogue.creation_date = catalogue.revision_date = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    return catalogue


def write(path: Path, catalogue: Catalog) -> None:
    """Write a catalogue, sorted and without a date, so that it changes only where messages do."""
    with path.open("wb") as file:
        head = HEAD.format(language=path.parent.parent.name, plurals=catalogue.plural_forms)
        file.write(head.encode())
        write_po(file, catalogue, width=100, omit_header=True, no_location=True, sort_output=True)


def update() -> None:
    """Bring every catalogue to the messages of the code."""
    for path in CATALOGUES:
        known = read(path)
        catalogue = Catalog(locale=known.locale, fuzzy=False)
        for text, place in messages():
            old = known.get(text if isinstance(text, str) else text[0])
            same = old is not None and old.id == text
            catalogue.add(text, old.string if same else None, [(place, None)])
        write(path, catalogue)


def compile_all() -> None:
    """Write the `.mo` file beside every catalogue."""
    for path in CATALOGUES:
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, read(path))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["update"]:
            update()
        case ["compile"]:
            compile_all()
        case _:
            sys.exit(__doc__)
