"""From an enterprise-liaison ledger to the right introductions."""

from liaison_analysis.datasets import load_liangjiang
from liaison_analysis.ledger import Ledger, read_ledger, write_ledger
from liaison_analysis.mentions import find_mentions

__all__ = ["Ledger", "find_mentions", "load_liangjiang", "read_ledger", "write_ledger"]
