import ast
import re
import subprocess
import sys
from pathlib import Path

import liaison_analysis

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "liaison_analysis"


def told():
    """Modules in the order of the table in ARCHITECTURE.md."""
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `(\w+)` \|", text, flags=re.MULTILINE)


def imported(module):
    tree = ast.parse((SOURCE / f"{module}.py").read_text(encoding="utf-8"))
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    return {name.split(".")[1] for name in names if name.startswith("liaison_analysis.")}


def test_every_module_is_told_once():
    assert sorted(told()) == sorted(path.stem for path in SOURCE.glob("*.py") if path.stem != "__init__")


def test_imports_go_one_way():
    order = told()
    back = {
        module: wrong
        for i, module in enumerate(order)
        if (wrong := sorted(imported(module) - set(order[:i])))
    }
    assert back == {}


def test_every_module_has_tests():
    tests = {path.stem.removeprefix("test_") for path in (ROOT / "tests").glob("test_*.py")}
    untested = set(told()) - tests - {"__main__"}
    assert untested <= {"chapters", "name_inputs"}  # run by test_report; bad arguments in test_names
    assert "main" in tests


def test_every_public_name_leads_somewhere():
    for name in liaison_analysis.__all__:
        assert getattr(liaison_analysis, name).__name__ == name
    assert dir(liaison_analysis) == sorted(liaison_analysis.__all__)


def test_importing_the_package_loads_nothing_heavy():
    heavy = {"pandas", "sklearn", "ibis", "matplotlib"}
    code = f"import sys, liaison_analysis; print(sorted(set(sys.modules) & {heavy}))"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)  # noqa: S603 - our own code
    assert done.stdout == "[]\n"
