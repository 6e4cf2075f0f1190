"""Whatever text a ledger holds, every file that is written of it runs nothing and links nowhere."""

import csv
import datetime as dt
import io
import tempfile
import zipfile
from pathlib import Path

import icalendar
import pandas as pd
import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Text

from liaison_analysis.followup.dispatch import write_lists
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.model import Ledger
from liaison_analysis.ledger.review_files import write_review
from liaison_analysis.ledger.workbooks import write_workbook
from liaison_analysis.ledger.writing import write_ledger
from liaison_analysis.plots.style import plot_bars
from liaison_analysis.report.chapter_pages import markdown_html
from liaison_analysis.report.salon_files import (
    SalonTimes,
    salon_calendar,
    write_salon_page,
    write_salon_workbook,
)
from liaison_analysis.salons.meetings import schedule_salon
from liaison_analysis.salons.plan import plan_salon

# Starts of formulas, links, markup, line breaks, format breaks, paths out of a folder.
BITS = [
    "=", "+", "-", "@", "＝", "\t", "\r", "\n", "'", '"', ",", ";", "|", "cmd|' /C calc'!A0", "HYPERLINK(1)",
    "http://a.b", "mailto:a", "javascript:alert(1)", "<script>", "<img src=x onerror=y>", "&lt;", "]]>",
    "{{7*7}}", "BEGIN:VEVENT", "END:VCALENDAR", "\\n", "../", "[x](javascript:y)", "$\\frac{", "厂", "x",
]  # fmt: skip
NASTY = st.lists(st.sampled_from(BITS), min_size=1, max_size=5).map("".join)
TIMES = SalonTimes("沙龙", dt.datetime(2026, 12, 3, 14, 0))  # noqa: DTZ001 - Chinese time
RUNS = tuple("=+-@＝＋－＠\t\r\n")


def runs_nothing(path):
    """No formula of a cell, link, macro or outside part in a workbook."""
    with zipfile.ZipFile(path) as book:
        assert not [name for name in book.namelist() if "vba" in name or "external" in name.lower()]
        for name in book.namelist():
            soup = BeautifulSoup(book.read(name), "xml") if name.endswith((".xml", ".rels")) else None
            assert soup is None or not soup.find_all(["f", "hyperlink", "oleObject"])
            assert soup is None or not soup.find_all(TargetMode="External")


def ledger(text):
    frames = {
        "enterprises": {"enterprise_id": ["E1", "E2"], "name": [f"甲{text}", text + "乙"]},
        "demands": {
            "demand_id": ["D1"], "enterprise_id": ["E1"], "raised_on": ["2022-01-02"], "text": [f"停{text}"],
            "owner": [f"部{text}"], "status": ["collected"],
        },
    }  # fmt: skip
    return Ledger(**{name: typed(name, pd.DataFrame(columns)) for name, columns in frames.items()})


@settings(deadline=None, max_examples=12)
@given(NASTY)
def test_workbooks_and_csv_files(text):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        given_ledger = ledger(text)
        runs_nothing(write_ledger(given_ledger, out / "a.xlsx"))
        runs_nothing(write_lists(given_ledger, out / "lists.xlsx", on="2022-02-28"))
        runs_nothing(write_workbook(out / "b.xlsx", {"表": pd.DataFrame({text: [text, None]})}))
        review = {"written": text, "candidates": f"E1 {text} (0.5); E2 {text} (0.4)", "status": text}
        review |= {"why": text, "sheet": text, "row": 2}
        runs_nothing(write_review(pd.DataFrame([review]), out / "review.xlsx"))
        for path in write_ledger(given_ledger, out / "csv").glob("*.csv"):
            for row in csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")):
                assert not [cell for cell in row if cell.startswith(RUNS)]
        assert {path.name for path in out.iterdir()} == {
            "a.xlsx",
            "lists.xlsx",
            "b.xlsx",
            "review.xlsx",
            "csv",
        }


@settings(deadline=None, max_examples=8)
@given(NASTY)
def test_what_guests_of_a_salon_get(text):
    rows = [("E1", "E2", "customer", 0.9, 1, text), ("E1", "E3", "financier", 0.4, 1, text)]
    columns = ["seeker_id", "counterpart_id", "role", "score", "rank", "reason"]
    plan = plan_salon(pd.DataFrame(rows, columns=columns), capacity=3)
    meetings = schedule_salon(plan, 2, 1)
    names = {"E1": text, "E2": f"甲{text}", "E3": f"{text}乙"}
    times = SalonTimes(text, TIMES.start, place=text)
    calendar = icalendar.Calendar.from_ical(salon_calendar(meetings, "E1", times, names=names))
    assert [one.name for one in calendar.subcomponents] == ["VEVENT", "VEVENT"]
    assert {key for event in calendar.events for key in event} == {
        "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "DESCRIPTION",
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        runs_nothing(write_salon_workbook(plan, meetings, Path(folder) / "salon.xlsx", times, names=names))
        page = write_salon_page(plan, meetings, Path(folder) / "salon.html", times, names=names).read_text(
            "utf-8"
        )
    soup = BeautifulSoup(page, "html.parser")
    assert not soup.find_all(["script", "img", "a", "iframe", "link"])
    assert not [tag for tag in soup.find_all() if any(name.startswith("on") for name in tag.attrs)]


@settings(deadline=None)
@given(NASTY)
def test_markdown_of_outputs_makes_no_element_that_runs_or_loads(text):
    soup = BeautifulSoup(markdown_html(text, trusted=False), "html.parser")
    assert not soup.find_all(["script", "img", "iframe"])
    assert not [tag for tag in soup.find_all() if any(name.startswith("on") for name in tag.attrs)]
    # What follows the address's own scheme is a part of the address and runs nothing: http://a.b/javascript:x
    schemes = {str(tag.get("href", "")).split(":")[0].strip().lower() for tag in soup.find_all("a")}
    assert not schemes & {"javascript", "vbscript", "data", "file"}


@pytest.mark.parametrize("name", ["$\\frac{$厂", "$x^2$", "a_b^c$ $", "<b>"])
def test_names_in_figures_are_no_formulas(name):
    ax = plot_bars(pd.DataFrame({"name": [name, "乙"], "n": [2, 1]}), "name", "n", title=name)
    ax.figure.canvas.draw()
    assert not [text for text in ax.figure.findobj(Text) if text.get_parse_math()]
    assert name in [label.get_text() for label in ax.get_yticklabels()]
