"""Real notebooks run by Jupyter, and their page opened in a real browser."""

from __future__ import annotations

import base64
import io
import os
import re
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from helpers.notebooks import SCRIPT, write_notebook, write_source
from helpers.offers_tables import ledger_with_offers
from typer.testing import CliRunner

from liaison_analysis.__main__ import app
from liaison_analysis.errors import LedgerError
from liaison_analysis.ledger.reading import read_ledger
from liaison_analysis.ledger.workbooks import write_workbook
from liaison_analysis.report.appendix import ReportError, write_appendix

# The smallest PNG: one transparent point.
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

FIRST = (
    "# The ledger 台账\n\nSee [the gaps](02_gaps.ipynb).",
    "data_dir = 'nowhere'",
    "from liaison_analysis.ledger import Ledger, read_ledger\nledger = read_ledger(data_dir)\nledger.demands",
    "## Picture 图\n\n| town | share |\n|---|---|\n| 鱼复 | 12.5% |",
    (
        "from IPython.display import Image, Markdown, display\nimport base64\n"
        f"display(Image(base64.b64decode('{PNG}'), width=7))\n"
        f"display(Markdown('**bold** {SCRIPT}'))\nprint('\\x1b[31m{SCRIPT}\\x1b[0m')"
    ),
    (
        "import os, sys\nprint(os.environ['PYTHONHASHSEED'], os.environ['TQDM_DISABLE'])\n"
        "print(sys.executable)\nprint('a remark', file=sys.stderr)"
    ),
)
FAILING = (
    "# Chain gaps",
    "data_dir = 'nowhere'",
    "print('before the fault')",
    "raise KeyError('缺链')",
    "Words after the fault",
    "print('after the fault')",
)
ANSWERING = (
    "# The ledger 台账",
    "data_dir = 'nowhere'",
    (
        "from liaison_analysis.analysis import Text\n"
        "from liaison_analysis.ledger import read_ledger\n"
        "Text(f'{len(read_ledger(data_dir).enterprises)} enterprises.', '三家企业。')"
    ),
)
LACKING = (
    "# Offers",
    "data_dir = 'nowhere'",
    "from liaison_analysis.ledger import Ledger, read_ledger\nread_ledger(data_dir).require('offers')",
)
DYING = ("No heading", "data_dir = 'nowhere'", "print('alive', flush=True)", "import os\nos._exit(3)", "1")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A report with a good, a failing, a lacking and a dying chapter, and the error it ended with."""
    folder = tmp_path_factory.mktemp("report {braces}")
    source = write_source(folder / "台账 2022")
    for name, cells in (
        ("01_ledger", FIRST),
        ("02_gaps", FAILING),
        ("03_offers", LACKING),
        ("10_dying", DYING),
    ):
        write_notebook(folder / "notebooks" / f"{name}.ipynb", cells)
    write_notebook(folder / "notebooks" / "draft.ipynb", ("# Draft", "print('DRAFT')"))
    stale = folder / "out" / "introductions.xlsx"
    stale.parent.mkdir()
    write_workbook(stale, {"of another ledger": pd.DataFrame()})
    with pytest.raises(ReportError) as caught:
        write_appendix(source, folder / "out", notebooks=folder / "notebooks")
    return folder / "out", caught.value


@pytest.fixture(scope="module")
def page(written):
    return (written[0] / "index.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def soup(page):
    return BeautifulSoup(page, "html.parser")


def test_error_names_failed_chapters_and_only_those(written):
    out, error = written
    assert error.path == out / "index.html"
    assert list(error.failures) == ["02_gaps", "10_dying"]
    assert error.failures["02_gaps"] == "stopped at code cell 3 with KeyError: '缺链'"
    assert error.failures["10_dying"].startswith("stopped at code cell 3 with KernelDied")
    assert str(error).startswith("2 parts of the report failed: 02_gaps stopped at code cell 3")
    assert "\n" not in str(error)


def test_the_page_is_whole_and_a_file_of_another_run_stays(written):
    assert sorted(path.name for path in written[0].iterdir()) == ["index.html", "introductions.xlsx"]


def test_header_banner_and_notes(soup):
    assert soup.h1.text == "台账 2022"
    assert "enterprises 3 · demands 1" in soup.header.text
    assert soup.select_one(".banner").text.startswith("synthetic rows: 2 of 3 enterprises")
    assert "no offers (企业产品)" in soup.select_one(".notes").text


def test_navigation_leads_to_every_chapter_in_order(soup):
    anchors = [a["href"] for a in soup.nav.select("a")]
    assert anchors == ["#01_ledger", "#02_gaps", "#03_offers", "#10_dying"]
    assert ["#" + section["id"] for section in soup.select("main > section")] == anchors
    assert soup.nav.select("a")[0].text == "The ledger 台账"
    assert soup.nav.select("a")[1].select_one(".mark").text.startswith("(stopped")
    assert [section.h2.text for section in soup.select("section")[:2]] == ["The ledger 台账", "Chain gaps"]
    assert [h.text for h in soup.select("section#\\30 1_ledger h3")] == ["Picture 图"]
    ids = [tag["id"] for tag in soup.select("[id]")]
    assert len(ids) == len(set(ids))
    assert soup.select_one("section .text a")["href"] == "#02_gaps"


def test_chapter_reads_the_given_ledger_in_this_interpreter(soup):
    text = soup.select_one("section").text
    assert "希望对接整车企业" in text
    assert "0 1\n" + sys.executable in text
    assert "STALE" not in soup.text
    assert "DRAFT" not in soup.text
    assert "nowhere" not in soup.text


def test_code_is_folded_and_parameters_unseen(soup):
    summaries = [s.text for s in soup.select("section#\\30 1_ledger summary")]
    assert summaries == ["Code 2 代码", "Code 3 代码", "Code 4 代码", "Messages 提示"]
    assert not soup.select("details[open]")
    assert soup.select_one("details.source .code").text.startswith("from liaison_analysis.ledger")


def test_tables_scroll_and_align(soup):
    table = soup.select("section#\\30 1_ledger .scroll > table")[1]
    assert [td["class"] for td in table.select("td")[1:]] == [["number"]]
    assert table.select("th")[1]["class"] == ["number"]
    demands = soup.select("section#\\30 1_ledger .scroll > table")[0]
    cells = dict(
        zip([th.text for th in demands.select("thead th")], demands.select("tbody tr > *"), strict=True)
    )
    assert cells["raised_on"]["class"] == ["date"]
    assert cells["text"]["class"] == ["long"]
    assert cells["owner"].text == "–"
    assert cells["demand_id"]["class"] == ["short"]
    assert demands.thead.th.text == "demand_id", "an index that only counts is not shown"
    assert not soup.select("section style")


def test_picture_is_embedded(soup):
    picture = soup.select_one("figure img")
    assert base64.b64decode(picture["src"].removeprefix("data:image/png;base64,")) == base64.b64decode(PNG)
    assert picture["width"] == "7"


def test_a_failed_chapter_has_an_error_text_and_keeps_earlier_outputs(soup, page):
    section = soup.select_one("section#\\30 2_gaps")
    assert "before the fault" in section.text
    assert "after the fault" not in section.text
    stop = section.select_one(".stop")
    assert stop.p.text.startswith(
        "This chapter stopped at code cell 3 with KeyError; what follows was not run."
    )
    assert stop.pre.text == "'缺链'"
    assert "In [3]" in stop.details.text
    assert "\x1b" not in page
    assert "papermill" not in page


def test_chapter_without_its_table_is_no_failure(soup):
    stop = soup.select_one("section#\\30 3_offers .stop")
    assert stop["class"] == ["stop", "lacks"]
    assert "offers: has no rows, and this needs them" in stop.text
    assert stop.details is None


def test_dead_kernel_ends_its_chapter_only(soup):
    section = soup.select_one("section#\\31 0_dying")
    assert section.h2.text == "10_dying"
    assert section.select_one("pre.output").text == "alive"
    assert "stopped at code cell 3 with KernelDied" in section.text


def test_cell_text_stays_text(soup, page):
    assert not soup.select("script")
    # In the frame, in Markdown that a cell shows, and in what it prints.
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 3
    assert soup.select_one("section .text strong").text == "bold"


def test_page_forbids_the_network(soup, page):
    policy = soup.select_one('meta[http-equiv="Content-Security-Policy"]')["content"]
    assert policy == "default-src 'none'; img-src data:; font-src data:; style-src 'unsafe-inline'"
    links = [
        tag[name] for tag in soup.select("[src], [href]") for name in ("src", "href") if tag.has_attr(name)
    ]
    assert links
    assert [link for link in links if not link.startswith(("#", "data:"))] == []
    assert re.findall(r"url\(\s*['\"]?(?!data:)", page) == []
    assert "@import" not in page


@pytest.fixture
def browse(chromium, tmp_path):
    """Open a page as Chromium understands it, and give it with what its console says."""

    def opened(path: Path) -> tuple[BeautifulSoup, list[str]]:
        command = [
            chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", f"--user-data-dir={tmp_path / 'profile'}",
            "--enable-logging=stderr", "--v=0", "--dump-dom", path.as_uri(),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)  # noqa: S603 - the command is the test's own
        console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
        return BeautifulSoup(done.stdout, "html.parser"), console

    return opened


def test_browser_opens_it_without_complaint(written, soup, browse):
    seen, console = browse(written[0] / "index.html")
    assert console == []
    assert seen.h1.text == "台账 2022"
    assert len(seen.select("section")) == len(soup.select("section"))
    assert {a["href"][1:] for a in seen.nav.select("a")} <= {tag["id"] for tag in seen.select("[id]")}
    assert not seen.select("script")


def test_browser_would_complain_of_a_request(page, browse, tmp_path):
    asking = tmp_path / "asking.html"
    asking.write_text(
        page.replace("<main>", '<main><img src="https://example.invalid/a.png">'), encoding="utf-8"
    )
    _, console = browse(asking)
    assert len(console) == 1
    assert "Content Security Policy" in console[0]


def test_font_has_the_characters_of_the_page(page):
    from fontTools.ttLib import TTFont

    encoded = re.search(r"url\(data:font/woff;base64,([^)]+)\)", page)[1]
    characters = set(TTFont(io.BytesIO(base64.b64decode(encoded))).getBestCmap())
    assert {ord(c) for c in "台账缺链企业诉求图"} <= characters
    assert ord("龘") not in characters


def test_same_input_gives_same_bytes_and_path(tmp_path):
    source = write_source(tmp_path / "ledger")
    write_notebook(
        tmp_path / "notebooks" / "01_only.ipynb", ("# Only", "data_dir = ''", "{'乙', '甲', '丙'}")
    )
    pages = [write_appendix(source, tmp_path / out, notebooks=tmp_path / "notebooks") for out in ("a", "b/c")]
    assert pages == [tmp_path / "a/index.html", tmp_path / "b/c/index.html"]
    assert pages[0].read_bytes() == pages[1].read_bytes()


def test_unreadable_ledger_writes_nothing(tmp_path):
    with pytest.raises(LedgerError, match="no such file or folder"):
        write_appendix(tmp_path / "none.xlsx", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_without_notebooks_is_an_error_before_anything_is_written(tmp_path):
    source = write_source(tmp_path / "ledger")
    with pytest.raises(ValueError, match=r"named like 01_ledger\.ipynb; none in"):
        write_appendix(source, tmp_path / "out", notebooks=tmp_path)
    assert not (tmp_path / "out").exists()


def run_liaison(*arguments: str | Path, **environment: str) -> subprocess.Popen[str]:
    # Where a shell runs the tests in the background, interrupts are ignored, and children would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    return subprocess.Popen(  # noqa: S603 - the command is the test's own
        [sys.executable, "-m", "liaison_analysis", *map(str, arguments)],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_kernels_need_no_home_and_ignore_installed_kernels(tmp_path):
    source = write_source(tmp_path / "ledger")
    write_notebook(tmp_path / "notebooks" / "01_only.ipynb", ("# Only", "data_dir = ''", "print(6 * 7)"))
    kernel = tmp_path / "jupyter" / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    kernel.write_text('{"argv": ["false"], "display_name": "x", "language": "python"}')
    running = run_liaison(
        "report", source, "--out", tmp_path / "out", "--notebook-folder", tmp_path / "notebooks",
        HOME=str(tmp_path / "no" / "home"), JUPYTER_PATH=str(tmp_path / "jupyter"), MPLBACKEND="agg",
        TQDM_DISABLE="",
    )  # fmt: skip
    printed, errors = running.communicate(timeout=120)
    assert running.returncode == 0, errors
    assert printed == f"{tmp_path / 'out' / 'index.html'}\n"
    assert "01_only" in errors, "the bar of progress stands on stderr"
    assert '<pre class="output">42</pre>' in (tmp_path / "out" / "notebooks" / "index.html").read_text()


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
def test_interrupt_leaves_no_file_and_no_kernel(tmp_path):
    source = write_source(tmp_path / "ledger")
    mark = tmp_path / "pid"
    slow = (
        f"import os, time\nfrom pathlib import Path\nPath({str(mark)!r}).write_text(str(os.getpid()) + ' ')\n"
    )
    write_notebook(
        tmp_path / "notebooks" / "01_slow.ipynb", ("# Slow", "data_dir = ''", slow + "time.sleep(99)")
    )
    write_notebook(tmp_path / "notebooks" / "02_next.ipynb", ("# Next", "data_dir = ''", "1"))
    running = run_liaison(
        "report", source, "--out", tmp_path / "out", "--notebook-folder", tmp_path / "notebooks"
    )
    wait_until(lambda: mark.exists() and mark.read_text().endswith(" "))
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=60)
    assert running.returncode != 0
    assert "Traceback" not in errors
    assert list((tmp_path / "out" / "notebooks").iterdir()) == []
    kernel = Path(f"/proc/{int(mark.read_text())}") if Path("/proc").exists() else tmp_path / "none"
    wait_until(lambda: not kernel.exists())


def wait_until(happened, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_answers_of_the_chapters_stand_first(tmp_path):
    source = write_source(tmp_path / "ledger")
    path = write_notebook(tmp_path / "notebooks" / "01_ledger.ipynb", ANSWERING)
    made = nbformat.read(path, as_version=4)
    made.cells[-1].metadata["tags"] = ["answer"]
    nbformat.write(made, path)
    page = BeautifulSoup(
        write_appendix(source, tmp_path / "out", notebooks=path.parent).read_text(), "html.parser"
    )
    brief = page.find("section")
    assert brief["id"] == "brief"
    assert brief.h3.a["href"] == "#01_ledger"
    assert brief.find("div", class_="text").get_text(" ", strip=True) == "3 enterprises. 三家企业。"
    assert "#brief" in [link["href"] for link in page.nav.find_all("a")]
    assert "三家企业。" in page.find("section", id="01_ledger").get_text()


# Fifty invented numbers of every kind, each once.
SALT = [
    *[f"138{i:04d}{7_331 * i % 10_000:04d}" for i in range(11, 27)],
    *[f"023-6789{i:04d}" for i in range(1_100, 1_108)],
    *[f"50010919{i}0101{i}{i}" for i in range(70, 78)],
    *[f"622202{i:013d}" for i in range(9_000_000_001, 9_000_000_007)],
    *[f"person{i}@example.com" for i in range(4)],
    *[f"渝A{i}" for i in range(81_230, 81_234)],
    *[f"微信:salted_{i}" for i in range(100, 102)],
    *[f"QQ:{i}" for i in (778_811_220, 778_811_221)],
]


def salted(folder: Path) -> Path:
    """A ledger with the numbers in demands, names, ids, products and columns of its own."""
    tables = ledger_with_offers()
    numbers = iter(SALT)
    enterprises, offers, demands = tables["enterprises"], tables["offers"], tables["demands"]
    enterprises["enterprise_id"][3] = next(numbers)
    enterprises["name"] = [f"{name} {next(numbers)}" for name in enterprises["name"]]
    enterprises["联系方式"] = [next(numbers) for _ in enterprises["name"]]
    enterprises[f"值班{next(numbers)}"] = [""] * 6
    offers["evidence"] = [next(numbers) for _ in offers["product"]]
    offers["product"][2] = f"整车配套 {next(numbers)}"
    rest = list(numbers)
    for column in demands:
        demands[column] = demands[column] * len(rest)
    demands["demand_id"] = [f"D{i}" for i in range(len(rest))]
    demands["text"] = [
        f"{text},请联系 {number} 详谈" for text, number in zip(demands["text"], rest, strict=True)
    ]
    folder.mkdir()
    for name, columns in tables.items():
        pd.DataFrame(columns).to_csv(folder / f"{name}.csv", index=False)
    return folder


def leaked(text: str) -> list[str]:
    """Numbers of the salt in a text, also where they are laid out in another way."""
    plain = re.sub(r"[\s\-:]", "", text)
    needles = {number: number.removeprefix("微信:").removeprefix("QQ:").replace("-", "") for number in SALT}
    return [number for number, needle in needles.items() if needle in plain]


def test_no_number_of_the_ledger_is_in_its_report(tmp_path):
    assert len(set(SALT)) == 50
    source = salted(tmp_path / "ledger")
    assert len(leaked("".join(f.read_text(encoding="utf-8") for f in source.iterdir()))) == 50
    show = (
        "# All",
        "data_dir = ''",
        "from liaison_analysis import *\nledger = read_ledger(data_dir)\nledger",
        *[f"ledger.{name}" for name in ("enterprises", "offers", "demands", "masked")],
        "print(ledger.notes, ledger.demands.text.tolist(), *ledger.enterprises)",
        "rank_introductions(ledger)",
        "ledger.demands.set_index('text').loc['none']",
    )
    write_notebook(tmp_path / "notebooks" / "01_all.ipynb", show)
    with pytest.raises(ReportError) as caught:
        write_appendix(source, tmp_path / "out", notebooks=tmp_path / "notebooks")
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    page = BeautifulSoup(page, "html.parser")
    assert page.text.count("[手机号") > 10
    assert leaked(str(caught.value) + repr(caught.value.failures)) == []
    assert leaked(str(page)) == []


def test_no_number_of_a_ledger_that_names_enterprises_gets_through(tmp_path):
    source = salted(tmp_path / "ledger")
    demands = pd.read_csv(source / "demands.csv", dtype=str)
    roster = pd.read_csv(source / "enterprises.csv", dtype=str)
    # Written names with numbers in them: some are on the roster, some match no enterprise.
    demands["enterprise_id"] = [
        [roster["name"][i % 6], f"无名小厂{SALT[i]}", f"{SALT[i]}", "E1"][i % 4] for i in range(len(demands))
    ]
    demands.to_csv(source / "demands.csv", index=False)
    texts = [file.read_text(encoding="utf-8") for file in source.iterdir()]
    assert len(leaked("".join(texts))) == 50
    ledger = read_ledger(source, resolve=True)
    assert len(ledger.review) > 10
    assert len(ledger.demands) > 15
    assert "[手机号" in ledger.review["written"].iloc[0] + ledger.review["candidates"].iloc[0]
    frames = [*ledger.tables.values(), ledger.review, ledger.masked]
    assert leaked("".join(frame.to_csv() for frame in frames) + repr(ledger) + str(ledger.notes)) == []
    review, out = tmp_path / "review.xlsx", tmp_path / "with ids.xlsx"
    asked = CliRunner().invoke(app, ["resolve", str(source), str(review)])
    taken = CliRunner().invoke(app, ["resolve", str(source), str(review), "--out", str(out)])
    assert [asked.exit_code, taken.exit_code] == [0, 0], asked.output + taken.output
    assert leaked(asked.output + taken.output) == []
    for file in (review, out):
        with zipfile.ZipFile(file) as archive:
            assert leaked("".join(archive.read(name).decode() for name in archive.namelist())) == []
    show = (
        "# All",
        "data_dir = ''",
        "from liaison_analysis import *\nprint(read_ledger(data_dir).demands.text.tolist())",
    )
    write_notebook(tmp_path / "notebooks" / "01_all.ipynb", show)
    page = write_appendix(out, tmp_path / "out", notebooks=tmp_path / "notebooks").read_text(encoding="utf-8")
    assert "[固定电话]" in page
    assert leaked(BeautifulSoup(page, "html.parser").decode()) == []


def test_small_groups_are_not_in_the_report_where_that_is_asked_for(tmp_path):
    source = tmp_path / "台账"
    tables = ledger_with_offers()
    enterprises = tables["enterprises"]
    enterprises["town"] = ["水土"] * 3 + ["鱼复", "龙兴", "龙兴"]
    source.mkdir()
    for name, columns in tables.items():
        pd.DataFrame(columns).to_csv(source / f"{name}.csv", index=False)
    show = (
        "# Towns",
        "data_dir = ''\nmin_group = 0",
        "from liaison_analysis import *\nledger = read_ledger(data_dir)\nprint(ledger.source, min_group)",
        "ledger.enterprises.groupby('town').size()",
        "ledger.enterprises",
    )
    write_notebook(tmp_path / "notebooks" / "01_towns.ipynb", show)
    write_notebook(tmp_path / "notebooks" / "02_plain.ipynb", ("# Plain", "data_dir = ''", "print('plain')"))
    pages = [
        write_appendix(source, tmp_path / "out", notebooks=tmp_path / "notebooks", **options).read_text(
            "utf-8"
        )
        for options in ({}, {"min_group": 3})
    ]
    assert ["鱼复" in page for page in pages] == [True, False]
    assert ["龙兴" in page for page in pages] == [True, False]
    assert ["其他 others" in page for page in pages] == [False, True]
    assert [("台账 0" in page, "台账 3" in page) for page in pages] == [(True, False), (False, True)]
    assert "水土" in pages[1]
    assert ["fewer than 3 enterprises" in page for page in pages] == [False, True]


def test_errors_about_a_broken_ledger_contain_no_phone_number(tmp_path):
    source = salted(tmp_path / "ledger")
    broken = source / "demands.csv"
    broken.write_text(
        broken.read_text(encoding="utf-8").replace("2022-03-05", SALT[0]).replace("E1,", f"{SALT[20]},"),
        encoding="utf-8",
    )
    for command in (["check", source], ["report", source, "--out", tmp_path / "out"]):
        running = run_liaison(*command)
        printed, errors = running.communicate(timeout=120)
        assert running.returncode == 1
        assert "demands" in printed + errors
        assert leaked(printed + errors) == []
    assert not (tmp_path / "out").exists()
