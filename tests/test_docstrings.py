"""Public docstrings say what goes in, what comes out and what is raised, and show an example that is run."""

import ast
import importlib
import inspect
import re
import textwrap

import pytest
from test_structure import PACKAGES

SECTION = re.compile(r"^([A-Z][\w ]+)\n-{3,}\n", re.MULTILINE)


def public_callables():
    """Name and object of every public function and class, and of the public methods of these classes."""
    for package in PACKAGES:
        face = importlib.import_module(f"liaison_analysis.{package}")
        for name in sorted(face.__all__):
            thing = getattr(face, name)
            if inspect.isfunction(thing) or inspect.isclass(thing):
                yield f"{package}.{name}", thing
            if inspect.isclass(thing):
                for method, entry in vars(thing).items():
                    plain = entry.__func__ if isinstance(entry, classmethod | staticmethod) else entry
                    if not method.startswith("_") and inspect.isfunction(plain):
                        yield f"{package}.{name}.{method}", plain


def sections(thing):
    parts = SECTION.split(inspect.getdoc(thing) or "")
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def described(section):
    """Names that a section of parameters describes: what stands before a comma or colon at the margin."""
    heads = [line for line in section.split("\n") if line and not line.startswith(" ")]
    return {name.strip().lstrip("*") for head in heads for name in re.split("[,:]", head)}


def raises_of_its_own(function):
    source = ast.parse(textwrap.dedent(inspect.getsource(function)))
    return any(isinstance(node, ast.Raise) and node.exc is not None for node in ast.walk(source))


CALLABLES = dict(public_callables())
FUNCTIONS = {name: thing for name, thing in CALLABLES.items() if inspect.isfunction(thing)}


@pytest.mark.parametrize("name", CALLABLES)
def test_every_public_name_shows_an_example(name):
    assert ">>>" in sections(CALLABLES[name]).get("Examples", "")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_parameter_of_a_public_function_is_described(name):
    taken = set(inspect.signature(FUNCTIONS[name]).parameters) - {"self", "cls"}
    assert taken <= described(sections(FUNCTIONS[name]).get("Parameters", ""))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_a_public_function_returns_and_raises_is_described(name):
    given = sections(FUNCTIONS[name])
    if inspect.signature(FUNCTIONS[name]).return_annotation not in {"None", "NoReturn", "Never"}:
        assert given.get("Returns") or given.get("Yields")
    if raises_of_its_own(FUNCTIONS[name]):
        assert given.get("Raises")
