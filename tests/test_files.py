import os
import subprocess
import sys
import tempfile
import time

import pytest

from liaison_analysis._files import (
    _prefix,
    is_writable,
    remove_leftovers,
    replacing,
    replacing_folder,
    shown_name,
    work_folder,
)
from liaison_analysis.errors import LedgerError, LiaisonError

ANCIENT = time.time() - 2 * 86_400


def ended_process():
    """Id of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
        return process.pid


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_names_are_shown_on_one_line_without_folders(tmp_path):
    assert shown_name(tmp_path / "台\n账\u200b.xlsx") == "台 账.xlsx"


def test_a_failed_write_leaves_the_old_file_alone(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), replacing(path) as temporary:  # noqa: PT012 - it fails at its end
        temporary.write_text("half")
        raise ZeroDivisionError
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


def test_a_reader_sees_the_old_file_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "new" / "a.txt"
    with replacing(path) as temporary:
        temporary.write_text("new")
        assert temporary.parent == path.parent
        assert not path.exists()
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o666 & ~_umask()


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_the_file_behind_a_link_is_replaced_and_the_link_stays(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").write_text("old")
    link = tmp_path / "link.txt"
    link.symlink_to(tmp_path / "real" / "a.txt")
    with replacing(link) as temporary:
        temporary.write_text("new")
    assert link.is_symlink()
    assert (tmp_path / "real" / "a.txt").read_text() == "new"


def test_a_full_disk_is_one_line(tmp_path):
    why = r"^a.txt: cannot be written \(the disk is full\); free"
    with pytest.raises(LedgerError, match=why), replacing(tmp_path / "a.txt"):
        raise OSError(28, "No space left on device")
    assert names(tmp_path) == []


def test_a_folder_appears_whole_or_not_at_all(tmp_path):
    path = tmp_path / "tables"
    path.mkdir()
    with pytest.raises(ZeroDivisionError), replacing_folder(path) as temporary:  # noqa: PT012 - as above
        (temporary / "a.csv").write_text("x")
        raise ZeroDivisionError
    assert names(tmp_path) == ["tables"]
    assert names(path) == []
    with replacing_folder(path) as temporary:
        (temporary / "a.csv").write_text("x")
        assert names(path) == []
    assert names(path) == ["a.csv"]


def test_leftovers_of_ended_processes_are_removed_and_nothing_else(tmp_path):
    dead = "." + _prefix(ended_process())
    (tmp_path / f"{dead}a.xlsx").touch()
    (tmp_path / f"{dead}folder").mkdir()
    (tmp_path / f"{dead}folder" / "x").touch()
    # Of this run, of another machine, of an unknown process.
    kept = [f".{_prefix()}b.xlsx", ".liaison-00000000-1-c.xlsx", ".liaison-notes.xlsx", "liaison-2022.xlsx"]
    for name in kept:
        (tmp_path / name).touch()
    remove_leftovers(tmp_path)
    assert names(tmp_path) == sorted(kept)


def test_leftovers_of_another_machine_are_removed_after_a_day(tmp_path):
    old = tmp_path / ".liaison-00000000-1-c.xlsx"
    old.touch()
    os.utime(old, (ANCIENT, ANCIENT))
    notes = tmp_path / ".liaison-notes.xlsx"
    notes.touch()
    os.utime(notes, (ANCIENT, ANCIENT))
    remove_leftovers(tmp_path)
    assert names(tmp_path) == [".liaison-notes.xlsx"]


def test_the_next_write_removes_what_a_killed_one_left(tmp_path):
    left = tmp_path / f".{_prefix(ended_process())}x.txt"
    left.touch()
    with replacing(tmp_path / "a.txt"):
        pass
    assert names(tmp_path) == ["a.txt"]


def test_a_folder_that_is_missing_is_not_writable(tmp_path):
    assert is_writable(tmp_path)
    assert not is_writable(tmp_path / "missing")
    assert names(tmp_path) == []


@pytest.mark.parametrize("folder", ["a{b}", "x" * 100 + "/" + "y" * 120, "missing"])
def test_work_is_done_beside_the_output_where_the_systems_folder_does_not_fit(tmp_path, monkeypatch, folder):
    system = tmp_path / folder
    if folder != "missing":
        system.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(system))
    near = tmp_path / "out"
    near.mkdir()
    with work_folder(near) as made:
        assert made.parent == near
        assert made.name.startswith(".liaison-")
    assert names(near) == []


def test_without_any_folder_for_temporary_files_there_is_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "{x}"))
    why = r"^no folder for temporary files: .*set TMPDIR"
    with pytest.raises(LiaisonError, match=why), work_folder(tmp_path / "missing"):
        pass
