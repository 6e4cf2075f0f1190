"""The library is laid out as ARCHITECTURE.md says: packages with faces, and tests beside them."""

import ast
import configparser
import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import liaison_analysis

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "liaison_analysis"
PACKAGES = sorted(path.parent.name for path in SOURCE.glob("*/__init__.py"))
PUBLIC = ROOT / "tests" / "data" / "public_names.txt"


def modules(package):
    return {path.stem for path in (SOURCE / package).glob("*.py")} - {"__init__"}


def declared():
    """Public names of the library and of each package, a line each."""
    lines = []
    for package in ["", *PACKAGES]:
        face = importlib.import_module(f"liaison_analysis.{package}".rstrip("."))
        lines += [f"{face.__name__}.{name}" for name in sorted(face.__all__)]
    return lines


def test_public_names_are_the_frozen_ones():
    frozen = PUBLIC.read_text(encoding="utf-8").splitlines()
    now = declared()
    assert (sorted(set(now) - set(frozen)), sorted(set(frozen) - set(now))) == ([], []), (
        "a public name came or went: say so in CHANGELOG.md, and in tests/data/public_names.txt"
    )


@pytest.mark.parametrize("package", ["", *PACKAGES])
def test_every_public_name_leads_to_what_it_names(package):
    face = importlib.import_module(f"liaison_analysis.{package}".rstrip("."))
    for name in face.__all__:
        found = getattr(face, name)
        assert not inspect.ismodule(found)
        if inspect.isfunction(found) or inspect.isclass(found):
            assert found.__name__ == name
    assert set(face.__all__) <= set(dir(face))


@pytest.mark.parametrize("package", PACKAGES)
def test_no_public_name_hides_a_module_of_its_package(package):
    face = importlib.import_module(f"liaison_analysis.{package}")
    assert not set(face.__all__) & modules(package)


def test_each_name_is_declared_once():
    for package in ["", *PACKAGES]:
        tree = ast.parse((SOURCE / package / "__init__.pyi").read_text(encoding="utf-8"))
        names = [alias.name for node in tree.body for alias in getattr(node, "names", [])]
        assert len(names) == len(set(names)), package


def test_every_package_and_no_other_is_a_layer_in_the_order_of_architecture():
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter", encoding="utf-8")
    layers = contracts["importlinter:contract:layers"]["layers"].split("\n")
    ordered = [layer for layer in reversed(layers) if layer in PACKAGES]
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert re.findall(r"^### `(\w+)/`", text, flags=re.MULTILINE) == ordered
    assert sorted(ordered) == PACKAGES


def test_every_module_stands_in_the_chapter_of_its_package():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    chapters = dict(re.findall(r"^### `(\w+)/`(.*?)(?=^##)", text, flags=re.MULTILINE | re.DOTALL))
    for package in PACKAGES:
        assert set(re.findall(r"^\| `(\w+)` \|", chapters[package], flags=re.MULTILINE)) == modules(package)


def test_every_module_has_its_tests_in_the_same_place():
    untested = [
        f"{package}/{module}"
        for package in PACKAGES
        for module in sorted(modules(package))
        if not (ROOT / "tests" / package / f"test_{module}.py").exists()
    ]
    assert untested == []


def test_importing_the_library_loads_nothing_heavy():
    heavy = {"pandas", "numpy", "scipy", "sklearn", "ibis", "matplotlib", "networkx"}
    code = f"import sys, liaison_analysis; print(sorted(set(sys.modules) & {heavy}))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603 - our own code
    assert done.stdout == "[]\n"


def test_the_library_has_at_most_twenty_six_names():
    assert len(liaison_analysis.__all__) <= 26


def test_what_the_walks_of_architecture_name_is_there():
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    walks = text[text.index("## Three walks") : text.index("## Where files are")]
    named = {name for name in re.findall(r"`([a-z_]+(?:\.\w+)+)`", walks) if name.split(".")[0] in PACKAGES}
    assert len(named) > 20
    for name in sorted(named):
        package, first, *rest = name.split(".")
        place = f"liaison_analysis.{package}"
        found = importlib.import_module(f"{place}.{first}" if first in modules(package) else place)
        for part in rest if first in modules(package) else [first, *rest]:
            assert hasattr(found, part), name
            found = getattr(found, part)
