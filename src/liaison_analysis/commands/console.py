"""Shared parts of all commands: messages in the user's language, errors as one message, any console."""

from __future__ import annotations

import codecs
import contextlib
import functools
import gettext
import os
import re
import sys
import unicodedata
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand, TyperGroup

from liaison_analysis._files import NO_ROOM
from liaison_analysis._messages import DOMAIN, LOCALE, VARIABLE, MessageLanguage, message, message_language
from liaison_analysis._outputs import writing_as
from liaison_analysis.errors import LedgerError, LiaisonError, system_reason

if TYPE_CHECKING:
    from collections.abc import Iterator


class Language(StrEnum):
    """Languages of messages, and of sheet names, headers and coded values."""

    en = "en"
    zh = "zh"


class _Translated:
    """Help and errors of use in the user's language, for a command or the program."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the line that shows how the command is called."""
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=message("Usage: "))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        _translate_help(self)
        super().format_help(ctx, formatter)  # type: ignore[misc]

    def get_short_help_str(self, limit: int = 45) -> str:
        """Give the line that stands in the list of commands."""
        _translate_help(self)
        line: str = super().get_short_help_str(limit)  # type: ignore[misc]
        return line

    def get_help_option(self, ctx: Any) -> Any:
        """Give the option ``--help``."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = message("Show this message and exit.")
        return option

    def make_context(self, *args: Any, **extra: Any) -> Any:
        """Read the arguments; what is wrong with them is shown in the user's language."""
        with _translated_use():
            return super().make_context(*args, **extra)  # type: ignore[misc]


class Command(_Translated, TyperCommand):
    """A command whose errors are messages, and whose files are marked as its own."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        with errors_as_messages(), writing_as(self.name or ""):
            return super().invoke(ctx)


class Group(_Translated, TyperGroup):
    """The program itself."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the program so that any console can show what it prints."""
        prepare_streams()
        try:
            return super().main(*args, **extra)
        except OSError as error:  # help that cannot be printed
            _report_unprinted(error)
            sys.exit(1)

    def resolve_command(self, *args: Any) -> Any:
        """Find the command that is named."""
        with _translated_use():
            return super().resolve_command(*args)


def _translate_help(command: Any) -> None:
    """Translate the help of a command, its arguments and options into the user's language."""
    speak(message_language())
    command.help = message(command.help) if command.help else command.help
    for parameter in command.params:
        if text := getattr(parameter, "help", None):
            parameter.help = message(text)


@contextlib.contextmanager
def _translated_use() -> Iterator[None]:
    try:
        yield
    except typer.TyperException as error:
        if message_language() != "en" and hasattr(error, "ctx"):
            error.show = functools.partial(_show_wrong_use, error)  # type: ignore[attr-defined]
        raise


def _show_wrong_use(error: Any, file: Any = None) -> None:  # noqa: ARG001 - as the method that it stands for
    """Print what is wrong with the arguments, as Typer does it in English."""
    parameter, kind = getattr(error, "param", None), type(error).__name__
    name = getattr(error, "option_name", "") or (parameter.get_error_hint() if parameter is not None else "")
    if error.ctx is not None:
        typer.echo(error.ctx.get_usage(), err=True)
        typer.echo(message("Try '{command} --help' for help.", command=error.ctx.command_path), err=True)
    if kind == "NoSuchOption":
        what = message("no such option: {name}", name=name)
    elif kind == "MissingParameter":
        what = message("{name} is missing", name=name)
    elif parameter is not None:
        what = message(
            "invalid value for {name}: {reason}",
            name=name,
            reason=_wrong_path(error.message) or message(parameter.help or "") or error.message,
        )
    else:
        what = _wrong_use(error.format_message())
    typer.echo(message("Error: {reason}", reason=what), err=True)


def _wrong_path(text: str) -> str:
    """Translate Typer's message about a path; ``""`` where the message is about something else."""
    found = re.search(r"'(.+)' (is not readable|does not exist|is a directory|is a file)", text)
    if found is None:
        return ""
    words = {
        "is not readable": message("{file} may not be read; ask for access", file=found[1]),
        "does not exist": message("{file} does not exist; check the path", file=found[1]),
        "is a directory": message("{file} is a folder; name a file", file=found[1]),
        "is a file": message("{file} is a file; name a folder", file=found[1]),
    }
    return words[found[2]]


def _wrong_use(text: str) -> str:
    """Translate Typer's English message into the user's language."""
    words = {
        r"No such command '(.+)'\.": message("no such command: {name}", name="{name}"),
        r"Missing command\.": message("name a command"),
        r"Got unexpected extra argument\S* \((.+)\)": message("one argument too many: {name}", name="{name}"),
    }
    for pattern, translated in words.items():
        if found := re.fullmatch(pattern, text):
            return translated.replace("{name}", "".join(found.groups()))
    return text


def speak(language: MessageLanguage) -> None:
    """Set the language of this process, of those that it starts, and of Typer's headings."""
    os.environ[VARIABLE] = language
    os.environ["LANGUAGE"] = {"zh": "zh_CN", "en": "en"}[language]
    gettext.bindtextdomain(DOMAIN, LOCALE)
    gettext.textdomain(DOMAIN)


@contextlib.contextmanager
def errors_as_messages() -> Iterator[None]:
    """Print an error of the package as a message and exit with status 1; others keep their traceback."""
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()
    except LedgerError as error:
        typer.echo(str(_in_words(error)), err=True)
        raise typer.Exit(1) from error
    except LiaisonError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from error
    except OSError as error:
        _report_unprinted(error)
        raise typer.Exit(1) from error


def _report_unprinted(error: OSError) -> None:
    """Report in one line that the output could not be printed; raise any other error again."""
    if error.errno not in NO_ROOM or error.filename is not None:
        raise error
    with contextlib.suppress(OSError):
        why = system_reason(error)
        typer.echo(message("the output could not be printed: {why}", why=why), err=True)
    # Python would try once more to print it when it ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _in_words(error: LedgerError) -> LedgerError:
    """Error with tables and columns named in the user's language."""
    from liaison_analysis.ledger import spoken_name

    names = {name: [spoken_name(str(one)) for one in error.problems[name]] for name in ("sheet", "column")}
    return LedgerError(error.source, error.problems.assign(**names))


@contextlib.contextmanager
def values_as_messages() -> Iterator[None]:
    """Show values that the library refuses in a block as a message, since they come from the user."""
    try:
        yield
    except LiaisonError:
        raise
    except ValueError as error:
        raise LiaisonError(str(error)) from error


def prepare_streams() -> None:
    """Make output streams replace characters that their encoding lacks.

    A console in GBK has no no-break space and no rare characters, and Python would stop there.
    """
    codecs.register_error("liaison", nearest_character)
    for stream in (sys.stdout, sys.stderr):
        if (reconfigure := getattr(stream, "reconfigure", None)) is not None:
            reconfigure(errors="liaison")


def nearest_character(error: UnicodeError) -> tuple[str, int]:
    r"""Replace characters that an encoding lacks by their compatible form, a square, or a question mark.

    Examples
    --------
    >>> codecs.register_error("liaison", nearest_character)
    >>> "𠮷\u00a0½☃".encode("gbk", errors="liaison").decode("gbk")
    '□ 1?2□'
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    written = ""
    for character in error.object[error.start : error.end]:
        plain = unicodedata.normalize("NFKC", character)
        for one in (plain if plain != character else "", "□", "?"):
            with contextlib.suppress(UnicodeEncodeError):
                if one and one.encode(error.encoding, errors="replace" if one == plain else "strict"):
                    written += one.encode(error.encoding, errors="replace").decode(error.encoding)
                    break
    return written, error.end
