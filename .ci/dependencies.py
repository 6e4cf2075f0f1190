"""Write environment.yml and requirements.txt from pyproject.toml: `environment` or `pins`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent


def wanted() -> list[str]:
    """List what `make report` and `make test` need: what the package, its tests and its lint require."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    return sorted({*project["project"]["dependencies"], *groups["test"], *groups["lint"]})


def environment() -> str:
    """Text of environment.yml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [
        "# Written by `make environment` from pyproject.toml.",
        f"name: {project['name']}",
        "channels:",
        "  - conda-forge",
        "dependencies:",
        f"  - python{project['requires-python']}",
        "  - pip",
        "  - pip:",
        *[f"      - {requirement}" for requirement in wanted()],
        "      - -e .",
    ]
    return "\n".join(lines) + "\n"


def pins() -> str:
    """Text of requirements.txt: the newest versions that agree, as pip finds them today."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet"]
    report = subprocess.run([*command, "--report", "-", *wanted()], check=True, stdout=subprocess.PIPE)  # noqa: S603 - the command is ours
    packages = [entry["metadata"] for entry in json.loads(report.stdout)["install"]]
    # What some systems have no wheel of keeps its condition.
    conditions = {
        _normal(re.split(r"[^\w.-]", name)[0]): f"; {condition.strip()}"
        for name, found, condition in (one.partition(";") for one in wanted())
        if found
    }
    names = {_normal(package["name"]): package["version"] for package in packages}
    lines = {f"{name}=={version}{conditions.get(name, '')}" for name, version in names.items()}
    return "\n".join(["# Written by `make pins` from pyproject.toml.", *sorted(lines), "-e ."]) + "\n"


def _normal(name: str) -> str:
    """Name of a package as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["environment"]:
            (ROOT / "environment.yml").write_text(environment(), encoding="utf-8")
        case ["pins"]:
            (ROOT / "requirements.txt").write_text(pins(), encoding="utf-8")
        case _:
            sys.exit(f"usage: {Path(__file__).name} environment|pins")
