import importlib.util
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
SPEC = importlib.util.spec_from_file_location("readme_tables", ROOT / ".ci" / "readme_tables.py")
readme_tables = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(readme_tables)


def test_the_chinese_readme_lists_the_commands_headers_and_states_of_the_code():
    text = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    assert readme_tables.with_tables(text) == text, "run .ci/readme_tables.py"


def test_the_chinese_readme_names_every_function_and_figure_that_the_english_one_does():
    english, chinese = (
        (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.zh-CN.md")
    )
    names = r"`([a-z_]+|[A-Z]\w+)`"
    functions = set(re.findall(names, english.partition("## In Python")[2]))
    assert functions - set(re.findall(names, chinese)) <= {"data_dir", "view_table"}
    figures = set(re.findall(r"(?<![\w.])\.\d+", english.partition("## How well")[2].partition("## The")[0]))
    assert figures - set(re.findall(r"(?<![\d])\.\d+", chinese)) == set()
