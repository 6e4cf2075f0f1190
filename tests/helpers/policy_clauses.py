"""Lines of a policy document, cut into clauses."""

from liaison_analysis.policies.clauses import split_clauses
from liaison_analysis.policies.source import Paragraph


def split(*lines, place=""):
    """The document that these lines are."""
    return split_clauses([Paragraph(line, place) for line in lines])


def clauses_of(*lines, title=""):
    return [
        (clause.article, clause.chapter, clause.text)
        for clause in split_clauses([Paragraph(line, "") for line in lines], title=title).clauses
    ]
