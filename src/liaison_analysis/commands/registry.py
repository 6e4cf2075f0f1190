"""The program ``liaison``: every command, in the order in which help lists them."""

from __future__ import annotations

from typing import Annotated

import typer

from liaison_analysis.commands.console import Command, Group, Language, speak
from liaison_analysis.commands.documents import handbook, policies
from liaison_analysis.commands.ledgers import check, resolve, sample
from liaison_analysis.commands.lists import dispatch, lists, visits
from liaison_analysis.commands.reports import notebooks, report
from liaison_analysis.commands.understanding import adopt, template

# Typer's own tracebacks print the values of local variables, and those may be people's data.
app = typer.Typer(
    help="From an enterprise-liaison ledger to the right introductions.",
    cls=Group,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)

for _command in (
    *(check, adopt, lists, dispatch, visits, report, notebooks, resolve),
    *(policies, handbook, sample, template),
):
    app.command(cls=Command)(_command)


def _speak(language: Language | None) -> Language | None:
    if language is not None:
        speak(language.value)
    return language


@app.callback(invoke_without_command=True)
def _program(
    context: typer.Context,
    *,
    language: Annotated[  # noqa: ARG001 - read by its callback, before any help is written
        Language | None,
        typer.Option(
            help="Language of messages; otherwise that of LIAISON_LANGUAGE, or of the system.",
            is_eager=True,
            callback=_speak,
        ),
    ] = None,
) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
