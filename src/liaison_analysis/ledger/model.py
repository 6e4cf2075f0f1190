"""``Ledger``: a frozen bundle of data frames, with where they came from."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Self

import pandas as pd

from liaison_analysis._messages import message
from liaison_analysis.errors import LedgerError, MissingTableError, problem
from liaison_analysis.ledger.frames import typed
from liaison_analysis.ledger.schema import DTYPES, TABLES, header_key
from liaison_analysis.privacy import Masker, mask_personal_data

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx

    from liaison_analysis.errors import Problem


#: Columns of ``Ledger.left_out`` and ``Ledger.understanding``.
LEFT_OUT_COLUMNS: Final = ["file", "sheet", "row", "column", "value", "why"]
UNDERSTANDING_COLUMNS: Final = ["kind", "sheet", "written", "meaning", "evidence", "example", "n"]


def no_origin() -> pd.DataFrame:
    """``Ledger.origin`` of a ledger that was not read from a file."""
    columns = {"table": "str", "row": "int64", "file": "str", "sheet": "str", "source_row": "Int64"}
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in columns.items()})


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Ledger:
    """The ledger's tables as DataFrames; a table that was not given has no rows.

    Columns, units and allowed values of each table stand in ``liaison_analysis.ledger.TABLES``; further
    columns of the file are kept as text. Text is ``str``, dates ``datetime64[s]``, numbers ``Float64``,
    whole numbers ``Int64``, yes/no ``boolean``; what is unknown is missing. A frame that lacks columns that
    are not required, or has other dtypes, is brought into this form (``typed``); ``from_frames`` checks
    every cell too.

    Parameters
    ----------
    enterprises, aliases, offers, product_chain, synonyms, supplies, demands, links, visits, policies,
    projects, salons, themes, limits, pauses
        One DataFrame for each table, with at least its required columns.
    source
        Name of the file or folder that it was read from.
    notes
        What a reader of the results should know: sheets that were not used, tables that are missing.
    masked
        DataFrame[sheet, kind, n]: how much personal data was masked on reading, without the values.
    review
        Open questions for a clerk: DataFrame[sheet, row, column, written, status, enterprise_id, score,
        candidates, why], names that could not be resolved with confidence, and cells that were not
        understood.
    left_out
        Cells of the file that are in no table: DataFrame[file, sheet, row, column, value, why]; ``row``
        counts as Excel does.
    origin
        Where each row stands in the file: DataFrame[table, row, file, sheet, source_row]; ``row`` is the
        position in the table, rows made of one cell share their place.
    understanding
        How the file was understood: DataFrame[kind, sheet, written, meaning, evidence, example, n]; ``kind``
        is sheet, header, state, year, name or register.

    Raises
    ------
    LedgerError
        A table lacks a required column, or a column is not of its kind; every such column is in
        ``.problems``.
    TypeError
        A table is not a DataFrame.

    Examples
    --------
    >>> from liaison_analysis import load_liangjiang
    >>> ledger = load_liangjiang()
    >>> ledger
    Ledger(liangjiang: enterprises 254, ..., demands 476, ...)
    >>> ledger.demands["in_remit"].sum().item()
    309
    """

    enterprises: pd.DataFrame = field(default_factory=TABLES["enterprises"].empty)
    aliases: pd.DataFrame = field(default_factory=TABLES["aliases"].empty)
    offers: pd.DataFrame = field(default_factory=TABLES["offers"].empty)
    product_chain: pd.DataFrame = field(default_factory=TABLES["product_chain"].empty)
    synonyms: pd.DataFrame = field(default_factory=TABLES["synonyms"].empty)
    supplies: pd.DataFrame = field(default_factory=TABLES["supplies"].empty)
    demands: pd.DataFrame = field(default_factory=TABLES["demands"].empty)
    links: pd.DataFrame = field(default_factory=TABLES["links"].empty)
    visits: pd.DataFrame = field(default_factory=TABLES["visits"].empty)
    policies: pd.DataFrame = field(default_factory=TABLES["policies"].empty)
    projects: pd.DataFrame = field(default_factory=TABLES["projects"].empty)
    salons: pd.DataFrame = field(default_factory=TABLES["salons"].empty)
    themes: pd.DataFrame = field(default_factory=TABLES["themes"].empty)
    limits: pd.DataFrame = field(default_factory=TABLES["limits"].empty)
    pauses: pd.DataFrame = field(default_factory=TABLES["pauses"].empty)
    source: str = ""
    notes: tuple[str, ...] = ()
    masked: pd.DataFrame = field(default_factory=lambda: Masker().masked())
    review: pd.DataFrame = field(default_factory=pd.DataFrame)
    left_out: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=LEFT_OUT_COLUMNS))
    origin: pd.DataFrame = field(default_factory=no_origin)
    understanding: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=UNDERSTANDING_COLUMNS))

    def __new__(cls, *given: object, **_: object) -> Self:
        """Refuse a dictionary given by position, with a hint at ``from_frames``."""
        if given:
            raise TypeError("Ledger takes its tables by name; write Ledger.from_frames({'demands': …})")
        return super().__new__(cls)

    def __post_init__(self) -> None:
        """Bring every table into the form of the schema."""
        problems: list[Problem] = []
        for name, frame in self.tables.items():
            if not isinstance(frame, pd.DataFrame):
                got = type(frame).__name__
                raise TypeError(f"{name}: expected a DataFrame, got {got}; see Ledger.from_frames")
            if _is_typed(name, frame):
                continue
            wrong = missing_columns(name, frame.columns)
            if not wrong:
                try:
                    object.__setattr__(self, name, typed(name, frame))
                except ValueError as error:
                    wrong = [problem(name, None, "", "", str(error).removeprefix(f"{name}: "))]
            problems += wrong
        if problems:
            raise LedgerError(self.source, problems)

    @classmethod
    def from_frames(
        cls, frames: Mapping[str, pd.DataFrame], *, source: str = "", mask: bool = True
    ) -> Ledger:
        """Check DataFrames made in Python as ``read_ledger`` checks a file, and make a ledger of them.

        Parameters
        ----------
        frames
            DataFrame by table name, in English or Chinese (``enterprises`` or 企业名录). Headers may be any
            that ``read_ledger`` knows; columns that are not required may be missing; cells may be typed or
            text. No table is required.
        source
            Name of the ledger in messages.
        mask
            Whether personal data is masked, as by ``read_ledger``.

        Returns
        -------
        Ledger
            Every table typed, in normal form.

        Raises
        ------
        LedgerError
            Tables or columns are unknown or missing, or cells do not fit their column: all of them in
            ``.problems``, where ``row`` counts a frame's rows from 1.

        Examples
        --------
        >>> firms = pd.DataFrame({"enterprise_id": ["E1"], "name": ["甲公司"], "headcount": ["many"]})
        >>> Ledger.from_frames({"enterprises": firms})
        Traceback (most recent call last):
        ...
        liaison_analysis.errors.LedgerError: ledger · enterprises: 1 problem
          row 1 · headcount = 'many': not a whole number; write digits only, such as 120
        """
        from liaison_analysis.ledger.reading import ledger_from_frames

        return ledger_from_frames(frames, source=source, mask=mask)

    @classmethod
    def from_graph(cls, graph: nx.Graph[Any], *, source: str = "graph") -> Ledger:
        """Make a ledger of a graph of NetworkX, so that functions of the chain take one's own graph.

        Parameters
        ----------
        graph
            A directed graph. A node is an enterprise or a product by its attribute ``kind``, or by being a
            pair ``("enterprise", id)`` or ``("product", name)`` as in ``build_supply_graph``. A node of no
            kind is an enterprise that makes one product, both of the node's name: in a graph of nothing but
            edges, each node supplies those that its edges lead to. Edges lead from a supplier to a customer,
            from an input to what it goes into, and from an enterprise to what it makes. Read where they are
            given: name, town, category, industry_code, main_business, headcount and is_synthetic of an
            enterprise, weight of an offer, relation of a link between products, product of a supply.
        source
            Name of the ledger in messages.

        Returns
        -------
        Ledger
            With the tables enterprises, offers, product_chain and supplies. Edges ``seeks`` are left out: a
            graph does not keep the texts of demands.

        Raises
        ------
        ValueError
            It is no directed graph of NetworkX, a node has another kind, two have the same name, or an edge
            leads from a product to an enterprise.

        Examples
        --------
        >>> import networkx as nx
        >>> from liaison_analysis.supply_chain import supply_routes
        >>> own = nx.DiGraph([("铜杆", "漆包线"), ("漆包线", "电机"), ("电机", "机器人")])
        >>> Ledger.from_graph(own)
        Ledger(graph: enterprises 4, offers 4, product_chain 3, supplies 3)
        >>> supply_routes(own, "铜杆", "机器人")["path"].item()
        '铜杆→漆包线→电机→机器人'
        """
        from liaison_analysis.ledger.graphs import ledger_from_graph

        return ledger_from_graph(graph, source=source)

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Frames by table name, in the schema's order."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name in TABLES}

    def require(self, *names: str) -> None:
        """Raise a ``MissingTableError`` that names every one of these tables that has no rows.

        Parameters
        ----------
        names
            Tables that must have rows.

        Raises
        ------
        MissingTableError
            One of them has none.

        Examples
        --------
        >>> Ledger(source="ledger.xlsx").require("offers")
        Traceback (most recent call last):
        ...
        liaison_analysis.errors.MissingTableError: ledger.xlsx · offers: has no rows, and this needs them; add
        the sheet offers (企业产品) with the columns enterprise_id, product
        """
        absent = [TABLES[name] for name in names if self.tables[name].empty]
        if absent:
            rows = [
                problem(
                    table.name,
                    None,
                    "",
                    "",
                    message(
                        "has no rows, and this needs them; add the sheet {name} ({chinese}) with the "
                        "columns {columns}",
                        name=table.name,
                        chinese=table.chinese[0],
                        columns=", ".join(table.required_columns),
                    ),
                )
                for table in absent
            ]
            raise MissingTableError(self.source, rows)

    def protected(self, min_group: int | None) -> Ledger:
        """Ledger without towns, categories, industries, owners or officers of few enterprises.

        The only place where small groups are protected (``without_small_groups``): whatever is computed from
        the result shows no figure of a smaller group.

        Parameters
        ----------
        min_group
            Fewest enterprises of a group, at least 2; None leaves the ledger as it is.

        Returns
        -------
        Ledger
            A copy; the ledger itself where ``min_group`` is None.

        Raises
        ------
        ValueError
            ``min_group`` is below 2.

        Examples
        --------
        >>> from liaison_analysis import load_liangjiang
        >>> bool(load_liangjiang().protected(20).enterprises["category"].value_counts().min() >= 20)
        True
        """
        from liaison_analysis.ledger.disclosure import without_small_groups

        return self if min_group is None else without_small_groups(self, least=min_group)

    @cached_property
    def completed(self) -> Ledger:
        """The ledger with offers read out of ``main_business`` and links of the general product chain.

        The ledger's own data take precedence; a ledger to which nothing is added is returned unchanged.
        Computed once, see ``complete_ledger``.

        Examples
        --------
        >>> firms = pd.DataFrame({"enterprise_id": ["A", "B"], "name": ["甲", "乙"]})
        >>> firms["main_business"] = ["RV减速器", "工业机器人"]
        >>> completed = Ledger.from_frames({"enterprises": firms}).completed
        >>> completed.offers["product"].tolist()
        ['RV减速器', '工业机器人']
        >>> completed.product_chain.set_index("upstream").loc["RV减速器", "downstream"]
        '工业机器人'
        """
        from liaison_analysis.ledger.completion import complete_ledger

        return complete_ledger(self)

    def names(self) -> pd.Series:
        """Name of every enterprise, indexed by its id.

        Returns
        -------
        Series
            Indexed by enterprise_id.

        Examples
        --------
        >>> from liaison_analysis import load_liangjiang
        >>> load_liangjiang().names()["E001"]
        '重庆华数机器人有限公司'
        """
        return self.enterprises.set_index("enterprise_id")["name"]

    def __eq__(self, other: object) -> bool:
        """Whether all tables hold the same rows; where they were read from does not matter."""
        if not isinstance(other, Ledger):
            return NotImplemented
        theirs = other.tables
        return all(
            frame.reset_index(drop=True).equals(theirs[name].reset_index(drop=True))
            for name, frame in self.tables.items()
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Source and number of rows of every table that has any."""
        rows = ", ".join(f"{name} {len(frame)}" for name, frame in self.tables.items() if len(frame))
        return f"Ledger({self.source}: {rows})"


def _is_typed(table: str, frame: pd.DataFrame) -> bool:
    """Whether a frame has every column of its table, each with its dtype."""
    dtypes = frame.dtypes
    return all(
        column.name in dtypes.index and str(dtypes[column.name]) == DTYPES[column.kind]
        for column in TABLES[table].columns
    )


def missing_columns(table: str, headers: pd.Index) -> list[Problem]:
    """Problems that name the required columns which a frame lacks."""
    schema = TABLES[table]
    known = schema.headers()
    present = {known.get(header_key(header)) for header in headers}
    given = ", ".join(mask_personal_data(map(str, headers))) or "none"
    return [
        problem(
            table, None, name, "", message("column is missing; add it (columns given: {given})", given=given)
        )
        for name in schema.required_columns
        if name not in present
    ]
