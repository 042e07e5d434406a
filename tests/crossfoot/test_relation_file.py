"""Relations files: what they may say, and what is refused, with little work and in one sentence."""

import resource

import pytest
from common import steps

from crossfoot.errors import DataError, ReportedError, RequestError
from crossfoot.relation_file import LARGEST_FILE, read_relations
from crossfoot.relations import AtMost, Between, Growth, Ratio, Same, Share, Sum


@pytest.fixture
def written(tmp_path):
    """Return a function that writes a relations file."""

    def write(text, name="relations.yml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_every_kind_is_read_with_its_fields(written):
    path = written(
        """
        relations:
          - {kind: sum, total: All, parts: [Men, Women], less: [Left], places: [2003], name: heads, note: why}
          - {kind: part, parts: [No], whole: All, axis: columns}
          - {kind: share, share: Percent, over: Number, under: Number, whole_at: All, axis: columns}
          - {kind: ratio, ratio: R, over: A, under: B, times: 1000}
          - {kind: growth, growth: G, first: A, last: B, periods: 4, how: simple}
          - {kind: same, one: [a, 2003], other: [b, 2004]}
          - {kind: between, figures: [a], per: [b], at_least: 1, at_most: "1,000.5"}
        """
    )
    assert read_relations(path) == [
        Sum("All", ("Men", "Women"), ("Left",), places=("2003",), name="heads"),
        AtMost(("No",), "All", axis="columns"),
        Share("Percent", "Number", "Number", whole_at="All", axis="columns"),
        Ratio("R", "A", "B", times=1000),
        Growth("G", "A", "B", periods=4, how="simple"),
        Same(("a", "2003"), ("b", "2004")),
        Between(("a",), ("b",), "1", "1,000.5"),
    ]
    assert read_relations(path)[2].times == 100


def test_relations_of_named_tables_are_kept_apart(written):
    path = written(
        """
        relations: [{kind: sum, total: a, parts: [b]}]
        tables: {one: [{kind: sum, total: c, parts: [d]}], two: [{kind: sum, total: e, parts: [f]}]}
        """
    )
    assert [relation.total for relation in read_relations(path, "two")] == ["a", "e"]
    assert [relation.total for relation in read_relations(path)] == ["a"]
    only = written("tables: {one: [{kind: sum, total: c, parts: [d]}]}", "named.yml")
    with pytest.raises(RequestError, match=r"no relations for table 'three'; it has some for 'one'"):
        read_relations(only, "three")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("relations: [", "line 2 is not plain YAML"),
        ("relations: {a: b", "is not plain YAML"),
        ("- a", "a mapping with 'relations' or 'tables' is expected, got a list"),
        ("just text", "is expected, got 'just text'"),
        ("", "is empty"),
        ("relation: []", "unknown field 'relation'; did you mean 'relations'"),
        ("relations: []", "declares no relations"),
        ("relations: 5", "the field 'relations' should be list, got '5'"),
        ("relations: [sum]", "'relations.0' should be dictionary, got 'sum'"),
        ("relations: [{total: a}]", "relation 1 has no kind; the kinds are sum, part, share"),
        ("relations: [{kind: summ}]", "unknown kind 'summ'; did you mean 'sum'"),
        ("relations: [{kind: [sum]}]", "unknown kind"),
        ("relations: [{kind: sum, parts: [b]}]", r"relation 1 \('sum'\): the field 'total' is missing"),
        ("relations: [{kind: sum, total: a, parts: [b], part: c}]", "unknown field 'part'; did you mean 'parts'"),
        ("relations: [{kind: sum, total: a, parts: b}]", "'parts' should be list, got 'b'"),
        (
            "relations: [{kind: sum, total: a, parts: [b], axis: row}]",
            "'axis' should be 'rows' or 'columns', got 'row'",
        ),
        ("relations: [{kind: sum, total: [a], parts: [b]}]", "'total' should be string, got a list"),
        ("relations: [{kind: growth, growth: g, first: a, last: b, periods: 0}]", "'periods' should be greater than"),
        ("relations: [{kind: growth, growth: g, first: a, last: b, periods: x}]", "'periods' should be"),
        ("relations: [{kind: same, one: [a], other: [b, c]}]", "the field 'one"),
        ("relations: [{kind: sum, kind: part}]", "'kind' is given twice in one mapping"),
        ("relations: []\nrelations: []", "line 2: 'relations' is given twice"),
        ("{[a]: b}", "a key must be a name"),
        ("relations: []\n---\nrelations: []", "one YAML document is expected, got 2"),
        (
            "relations: !!python/object/apply:os.system ['true']",
            "the tag 'tag:yaml.org,2002:python/object/apply:os.sys",
        ),
        ("relations: !secret [a]", "the tag '!secret' is not read here"),
        ("a: &a [x]\nb: *a", "aliases are not read here"),
        ("[" * 50, "more than 8 levels deep"),
        ("[" * 50_000, "more than 8 levels deep|exceeded maximum nesting depth"),
        ("relations: [\x00]", "is not plain YAML"),
    ],
)
def test_a_file_that_does_not_follow_the_format_is_refused_in_one_sentence(written, text, said):
    path = written(text)
    with pytest.raises(ReportedError, match=said) as caught:
        read_relations(path)
    assert caught.value.exit_code == 2
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_code_tag_is_never_run(written, tmp_path):
    trace = tmp_path / "ran"
    with pytest.raises(DataError, match="plain YAML is expected"):
        read_relations(written(f"relations: !!python/object/apply:os.mkdir ['{trace}']"))
    assert not trace.exists()


def test_a_bomb_of_aliases_is_refused_at_once(written):
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    path = written("\n".join(levels))

    def read():
        with pytest.raises(DataError, match="aliases"):
            read_relations(path)

    assert steps(read) < 100_000  # written out, it would be 9**11 values


def test_a_file_of_100_megabytes_is_refused_in_little_memory(tmp_path):
    path = tmp_path / "large.yml"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(DataError, match="is larger than 4 MB; a file of relations is expected"):
        read_relations(path)
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 < 5 * LARGEST_FILE


def test_what_is_no_file_or_no_text_is_refused(tmp_path):
    with pytest.raises(DataError, match="does not exist"):
        read_relations(tmp_path / "none.yml")
    with pytest.raises(DataError, match="is not a file"):
        read_relations(tmp_path)
    (tmp_path / "latin.yml").write_bytes(b"relations: [\xe9]")
    with pytest.raises(DataError, match="is not UTF-8 text"):
        read_relations(tmp_path / "latin.yml")


def test_a_large_honest_file_is_read(written):
    line = "  - {kind: sum, total: a, parts: [b, c]}\n"
    assert len(read_relations(written("relations:\n" + line * 5_000))) == 5_000
