"""What is packaged agrees with pyproject.toml, and names nothing of the machine it was made on."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
USERS = {"jupyterlab", "pandas", "networkx", "matplotlib", "scikit-learn", "pytest", "nbval"}

# Character classes keep these patterns from finding themselves.
MACHINE_PATH = re.compile(r"(?<![\w.:/~$-])/(?:[r]oot|[h]ome|[U]sers|[w]ork|[o]pt|[m]nt)/\w[\w./-]*")
INDEX_HOST = re.compile(
    r"[p]ypi\.org|[p]ythonhosted|[p]ypi\.tuna|[m]irrors\.\w+|--[i]ndex-url|--[e]xtra-index-url|--[f]ind-links"
    r"|[f]ile:///|[l]ocalhost:\d"
)


@pytest.fixture(scope="module")
def dependencies():
    spec = importlib.util.spec_from_file_location("dependencies", ROOT / ".ci" / "dependencies.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def pins():
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert lines[-1] == "-e ."
    lines = [line for line in lines[:-1] if not line.startswith("#")]
    for line in lines:
        assert re.fullmatch(r"[a-z0-9-]+==[\w.!+]+(; .+)?", line), line
    pinned = dict(line.partition(";")[0].split("==") for line in lines)
    assert len(pinned) == len(lines)
    return pinned


def tracked() -> list[Path]:
    """Files that git holds or would take."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("not a git checkout")
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\0")  # noqa: S603 - the command is the test's own
    return [path for name in names if name and (path := ROOT / name).is_file()]


def test_environment_is_the_generated_one(dependencies):
    written = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert written == dependencies.environment(), "run `make environment`"


def test_every_requirement_is_pinned_within_its_bounds(dependencies, pins):
    wrong = [
        text
        for text in dependencies.wanted()
        if not (need := Requirement(text)).specifier.contains(pins.get(canonicalize_name(need.name), "0"))
    ]
    assert wrong == [], "run `make pins`"


def test_core_packages_are_wanted(dependencies):
    wanted = {canonicalize_name(Requirement(text).name) for text in dependencies.wanted()}
    assert wanted >= USERS


def test_imports_are_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {canonicalize_name(Requirement(text).name) for text in project["dependencies"]}
    for extra in project.get("optional-dependencies", {}).values():
        declared |= {canonicalize_name(Requirement(text).name) for text in extra}
    packages = importlib.metadata.packages_distributions()
    missing = set()
    for file in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            for top in (
                {name.split(".")[0] for name in names} - sys.stdlib_module_names - {"liaison_analysis"}
            ):
                if not {canonicalize_name(name) for name in packages.get(top, [top])} & declared:
                    missing.add(f"{file.name}: {top}")
    assert missing == set()


def test_nothing_names_a_machine_path_or_an_index_host():
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for pattern in (MACHINE_PATH, INDEX_HOST):
            found += [f"{path.relative_to(ROOT)}: {match[0]}" for match in pattern.finditer(text)]
    assert found == []


def test_patterns_find_what_they_should():
    assert MACHINE_PATH.search("data = '/" + "home/li/ledger.xlsx'")
    assert MACHINE_PATH.search(" /" + "root/x")
    assert not MACHINE_PATH.search("https://example.org/" + "home/page and ~/" + "work/x")
    assert INDEX_HOST.search("https://" + "pypi" + ".org/simple")


def test_links_in_documents_lead_somewhere():
    documents = [path for path in tracked() if path.suffix == ".md"]
    assert documents
    broken = []
    for path in documents:
        text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            file = unquote(target.partition("#")[0])
            if (
                file
                and "://" not in file
                and not file.startswith("mailto:")
                and not (path.parent / file).exists()
            ):
                broken.append(f"{path.relative_to(ROOT)}: {target}")
    assert broken == []
