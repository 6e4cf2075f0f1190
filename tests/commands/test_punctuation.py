from liaison_analysis._messages import speaking
from liaison_analysis.commands.punctuation import bracketed, clauses, labelled, listed


def test_marks_are_those_of_the_language():
    with speaking("zh"):
        assert (listed("ab"), clauses("ab"), labelled("a", "b"), bracketed("a")) == (
            "a、b", "a；b", "a：b", "（a）",
        )  # fmt: skip
    with speaking("en"):
        assert (listed("ab"), clauses("ab"), labelled("a", "b"), bracketed("a")) == (
            "a, b", "a; b", "a: b", " (a)",
        )  # fmt: skip


def test_nothing_gets_no_marks():
    with speaking("zh"):
        assert (listed([]), labelled("", "b"), labelled("a", ""), bracketed("")) == ("", "b", "a", "")
