import importlib.util
import io
import re
import string
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo

from liaison_analysis import _messages
from liaison_analysis._messages import in_both_languages, message, message_language, plural_message, speaking
from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.spoken import spoken_name

ROOT = Path(__file__).parents[1]
SPEC = importlib.util.spec_from_file_location("catalogues", ROOT / ".ci" / "catalogues.py")
catalogues = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(catalogues)


def fields(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def as_texts(entry):
    return [entry] if isinstance(entry, str) else list(entry)


@pytest.fixture(params=catalogues.CATALOGUES, ids=lambda path: path.parent.parent.name)
def catalogue(request):
    return request.param, catalogues.read(request.param)


def test_every_message_of_the_code_has_a_translation_and_no_other(catalogue):
    _, read = catalogue
    known = {entry.id for entry in read if entry.id}
    in_code = {text for text, _ in catalogues.messages()}
    assert (in_code - known, known - in_code) == (set(), set()), "run .ci/catalogues.py update"
    assert [entry.id for entry in read if entry.id and not all(as_texts(entry.string))] == []


def test_translations_have_the_fields_of_their_messages(catalogue):
    _, read = catalogue
    for entry in read:
        for translation in as_texts(entry.string) if entry.id else []:
            assert fields(translation) == fields(as_texts(entry.id)[-1]), entry.id


def test_translations_are_in_chinese(catalogue):
    _, read = catalogue
    words = [t for e in read if e.id for t in as_texts(e.string) if not re.search(r"[\u4e00-\u9fff]", t)]
    assert words == []


def test_the_compiled_catalogue_is_the_one_that_is_read(catalogue):
    path, read = catalogue
    compiled = io.BytesIO()
    write_mo(compiled, read)
    assert path.with_suffix(".mo").read_bytes() == compiled.getvalue(), "run .ci/catalogues.py compile"


def test_fields_are_filled_in_and_values_are_not_read_as_fields():
    with speaking("en"):
        assert message("row {row}", row="{n}") == "row {n}"
        assert [plural_message("{n} problem", "{n} problems", n) for n in (1, 2)] == [
            "1 problem",
            "2 problems",
        ]
    with speaking("zh"):
        assert message("row {row}", row=3) == "第 3 行"
        assert plural_message("{n} problem", "{n} problems", 2) == "2 个问题"
        assert message("no such message") == "no such message"


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LIAISON_LANGUAGE": "en"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LIAISON_LANGUAGE": "zh"}, "zh"),
    ],
)
def test_the_locale_gives_the_language_unless_it_is_set(monkeypatch, variables, language):
    for name in (_messages.VARIABLE, "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert message_language() == language
    with speaking("en"):
        assert message_language() == "en"


def test_an_error_speaks_the_language_of_its_reader():
    error = LedgerError.of_file("a.xlsx", "损坏")
    several = LedgerError("", error.problems.loc[[0] * 7].assign(row=2))
    with speaking("zh"):
        assert str(several).splitlines()[0] == "台账：7 个问题"
        assert str(several).splitlines()[1] == "  第 2 行：损坏"
        assert str(several).splitlines()[-1] == "  另有 2 个；全部见 .problems"


def test_messages_of_a_block_are_collected_in_both_languages_with_what_stands_in_them():
    with speaking("zh"), in_both_languages() as collected:
        inner = message("its {name} is missing or cannot be read", name=spoken_name("raised_on"))
        outer = message("sheet {sheet!r}: {note}", sheet="settled", note=inner)
    assert outer == "工作表'settled'：“提出日期”空缺或无法读出"
    assert collected[outer]["zh"] == outer
    assert collected[outer]["en"] == "sheet 'settled': its raised_on is missing or cannot be read"
    with speaking("zh"):
        assert type(message("row {row}", row=1)) is str, "outside of such a block messages are plain texts"
