"""The command line ``liaison``."""

from __future__ import annotations

from liaison_analysis.commands import app

if __name__ == "__main__":
    app(prog_name="liaison")
