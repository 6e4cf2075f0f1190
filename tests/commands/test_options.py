from pathlib import Path

import pytest

from liaison_analysis.commands.options import must_be_workbook
from liaison_analysis.errors import LiaisonError


def test_a_workbook_is_known_by_its_ending():
    must_be_workbook(Path("a.XLSX"))
    for name in ("a.xls", "a", "xlsx"):
        with pytest.raises(LiaisonError, match=r"not a workbook's name; end it with \.xlsx"):
            must_be_workbook(Path(name))
