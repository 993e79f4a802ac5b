"""Lines of TOML keys: small documents by hand, and any document by property."""

import datetime
import random
import re
import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stepdown.files.positions import KeyPath, key_lines, line_of, value_tokens


def all_paths(value: object, path: KeyPath = ()) -> set[KeyPath]:
    """List the paths of all keys and elements inside a parsed value."""
    inside: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inside = list(value.items())
    elif isinstance(value, list):
        inside = list(enumerate(value))
    paths: set[KeyPath] = set()
    for key, below in inside:
        paths |= {(*path, key)} | all_paths(below, (*path, key))
    return paths


def scalars(value: object, path: KeyPath = ()) -> dict[KeyPath, object]:
    """Return every value inside a parsed one that is no table and no array, by its path."""
    if isinstance(value, dict | list):
        inside = value.items() if isinstance(value, dict) else enumerate(value)
        return {p: one for key, below in inside for p, one in scalars(below, (*path, key)).items()}
    return {path: value}


def checked_lines(text: str) -> dict[KeyPath, int]:
    """Scan a document, and check its paths and values against those of the standard library."""
    lines, read = key_lines(text), tomllib.loads(text)
    assert set(lines) == all_paths(read)
    tokens = value_tokens(text)
    assert {path: tomllib.loads(f"k = {token}")["k"] for path, token in tokens.items()} == scalars(
        read
    )
    return lines


def test_tables_and_arrays_of_tables() -> None:
    """Headers, parents without a header, and tables below the latest of an array."""
    text = """\
title = "x"  # [not.a.table]

[ a . b ]
c.d.e = 1
c.f = 2
[a]
g = 1
[[steps]]
[steps.price]
dkk = 1
[[steps.moves]]
[[ steps.moves ]]
to = 4
[[steps]]
[[steps.moves]]
to = 5 # end
[steps.moves.clock]"""
    assert checked_lines(text) == {
        ("title",): 1,
        ("a",): 6,
        ("a", "b"): 3,
        ("a", "b", "c"): 4,
        ("a", "b", "c", "d"): 4,
        ("a", "b", "c", "d", "e"): 4,
        ("a", "b", "c", "f"): 5,
        ("a", "g"): 7,
        ("steps",): 8,
        ("steps", 0): 8,
        ("steps", 0, "price"): 9,
        ("steps", 0, "price", "dkk"): 10,
        ("steps", 0, "moves"): 11,
        ("steps", 0, "moves", 0): 11,
        ("steps", 0, "moves", 1): 12,
        ("steps", 0, "moves", 1, "to"): 13,
        ("steps", 1): 14,
        ("steps", 1, "moves"): 15,
        ("steps", 1, "moves", 0): 15,
        ("steps", 1, "moves", 0, "to"): 16,
        ("steps", 1, "moves", 0, "clock"): 17,
    }


def test_values_over_several_lines() -> None:
    """Elements stand where they begin; comments and brackets in strings mislead nobody."""
    text = '''\
a = [ # ] "
  1, "]", # ,
  [2,
   3], { b = [ "}", ], c = 'x"' }
  # last
  ,
]
s = """"one\\""" ]
k = 1
two"""""
l = \'\'\'
x = "\'\'
\'\'\'\'
dates = [1979-05-27 07:32:00, 1979-05-27 07:32:00.5-07:00]
none = {}
z = ["", \'\', """""", \'\'\'\'\'\']
'''
    assert checked_lines(text) == {
        ("a",): 1,
        ("a", 0): 2,
        ("a", 1): 2,
        ("a", 2): 3,
        ("a", 2, 0): 3,
        ("a", 2, 1): 4,
        ("a", 3): 4,
        ("a", 3, "b"): 4,
        ("a", 3, "b", 0): 4,
        ("a", 3, "c"): 4,
        ("s",): 8,
        ("l",): 11,
        ("dates",): 14,
        ("dates", 0): 14,
        ("dates", 1): 14,
        ("none",): 15,
        ("z",): 16,
        ("z", 0): 16,
        ("z", 1): 16,
        ("z", 2): 16,
        ("z", 3): 16,
    }


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ('"a.b" = 1', ("a.b",)),
        ("'a\"b\\' = 1", ('a"b\\',)),
        ('"\\u00e5\\"\\t\\\\" = 1', ('å"\t\\',)),
        ('"" = 1', ("",)),
        ("'' = 1", ("",)),
        ("1.2 = 1", ("1", "2")),
        ("a . 'b c' .\"d\"= 1", ("a", "b c", "d")),
        ("[\"]\".'[']\nk = 1", ("]", "[", "k")),
        ("k = { '=' = { \"#\" = 1 } }", ("k", "=", "#")),
        ("true = false", ("true",)),
    ],
)
def test_keys_are_read_as_the_standard_library_reads_them(text: str, path: KeyPath) -> None:
    """Quotes, escapes and dots in keys; the deepest path is the one named."""
    assert max(checked_lines(text), key=len) == path


@pytest.mark.parametrize("text", ["", "\n", "# only a comment", "\r\n \t# c\r\n"])
def test_nothing_to_find(text: str) -> None:
    """A document without keys has no lines."""
    assert checked_lines(text) == {}


def test_inline_tables_over_lines() -> None:
    """TOML 1.1 lets an inline table break its lines and end in a comma; older readers do not."""
    text = "t = { # open\n  a = 1,\n  b.c = 2, # last\n}\nu = 1\n"
    assert key_lines(text) == {
        ("t",): 1,
        ("t", "a"): 2,
        ("t", "b"): 3,
        ("t", "b", "c"): 3,
        ("u",): 5,
    }


def test_values_keep_their_text() -> None:
    """A number stands as it was written, wherever its key is."""
    text = """\
a.b = 250.000 # 1
row = { "2018" = 1_420.000, y = [ 1.50,
  +2.0, ] }
[[t]]
[t.u]
x = 1e3
[[t]]
x = "250.000"
"""
    assert value_tokens(text) == {
        ("a", "b"): "250.000",
        ("row", "2018"): "1_420.000",
        ("row", "y", 0): "1.50",
        ("row", "y", 1): "+2.0",
        ("t", 0, "u", "x"): "1e3",
        ("t", 1, "x"): '"250.000"',
    }


def test_invalid_text_fails_loudly() -> None:
    """The scanner stops at text that no reader accepts, and names the line."""
    with pytest.raises(AssertionError, match="not valid TOML at line 2"):
        key_lines("a = 1\nb : 2\n")


def test_line_of_takes_the_longest_known_beginning() -> None:
    """A missing key is reported on the line of its table."""
    lines = key_lines("[a]\nb = [\n  1,\n]\n[[c]]\n[[c]]\nd = 1\n")
    assert line_of(lines, ("a", "b", 0)) == 3
    assert line_of(lines, ("a", "b", 1)) == 2
    assert line_of(lines, ("a", "missing", "deeper")) == 1
    assert line_of(lines, ("c", 1, "d")) == 7
    assert line_of(lines, ("c", 1, "missing")) == 6
    assert line_of(lines, ("missing", "b")) == 0
    assert line_of(lines, ()) == 0


BASIC_ESCAPES = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


def is_control(char: str) -> bool:
    """Tell whether TOML wants the character escaped, tab and line feed aside."""
    return char not in "\t\n" and (ord(char) < 0x20 or ord(char) == 0x7F)


def escaped(text: str, keep: str = "") -> str:
    """Escape for a basic string, leaving the characters to keep as they are."""
    return "".join(
        char
        if char in keep
        else BASIC_ESCAPES.get(char, f"\\u{ord(char):04X}" if is_control(char) else char)
        for char in text
    )


class Writer:
    """Writes a document in one of the many ways TOML allows, and notes where each path stands."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.text = ""
        self.lines: dict[KeyPath, int] = {}
        self.keys: dict[KeyPath, str] = {}

    def either(self) -> bool:
        """Toss a coin."""
        return self.chance.random() < 0.5

    def put(self, text: str) -> None:
        """Write on."""
        self.text += text

    def mark(self, path: KeyPath, *, again: bool = False) -> None:
        """Note that the path stands on this line."""
        if again or path not in self.lines:
            self.lines[path] = self.text.count("\n") + 1

    def document(self, table: dict[str, Any]) -> str:
        """Write the whole document."""
        self.sections(self.body((), (), table))
        return self.text

    def body(
        self, path: KeyPath, dotted: tuple[str, ...], table: dict[str, Any]
    ) -> list[tuple[KeyPath, Any]]:
        """Write a table's own lines and return what is left for headers."""
        left: list[tuple[KeyPath, Any]] = []
        for key, value in table.items():
            below = (*path, key)
            if isinstance(value, dict) and value and self.either():
                left += self.body(below, (*dotted, key), value)
            elif self.wants_header(value):
                left.append((below, value))
            else:
                self.pair(below[: len(below) - len(dotted) - 1], (*dotted, key), value)
                self.put(self.chance.choice(["\n", " # = [x]\n", "\n\n\t", "\n# \"'''\n"]))
        return left

    def wants_header(self, value: object) -> bool:
        """Choose headers for a table or a list of tables."""
        if isinstance(value, list):
            return bool(value) and all(isinstance(item, dict) for item in value) and self.either()
        return isinstance(value, dict) and self.either()

    def sections(self, left: list[tuple[KeyPath, Any]]) -> None:
        """Write tables under headers."""
        for path, value in left:
            if isinstance(value, list):
                for index, item in enumerate(value):
                    self.header(path, index)
                    self.sections(self.body((*path, index), (), item))
            elif value and self.either() and all(isinstance(v, dict) for v in value.values()):
                self.sections([((*path, key), item) for key, item in value.items()])
                if self.either():  # the parent's header may come after, or never
                    self.header(path)
            else:
                self.header(path)
                self.sections(self.body(path, (), value))

    def header(self, path: KeyPath, index: int | None = None) -> None:
        """Write one header; whole numbers in a path have no place in it."""
        for length in range(1, len(path)):
            self.mark(path[:length])
        self.mark(path, again=index is None)
        if index is not None:
            self.mark((*path, index))
        brackets = "[]" if index is None else ("[[", "]]")
        names = [self.name(key) for key in path if isinstance(key, str)]
        self.put(brackets[0] + self.chance.choice([".", " . "]).join(names) + brackets[1])
        self.put(self.chance.choice(["\n", " # [x]\n", "\n\n"]))

    def pair(self, path: KeyPath, keys: tuple[str, ...], value: object) -> None:
        """Write one key and its value."""
        names = []
        for key in keys:
            path = (*path, key)
            self.mark(path)
            names.append(self.name(key))
        self.keys[path] = names[-1]
        self.put(self.chance.choice([".", " . "]).join(names) + self.chance.choice(["=", " = "]))
        self.value(path, value)

    def name(self, key: str) -> str:
        """Write one part of a key, bare or quoted."""
        forms = [f'"{escaped(key)}"']
        if re.fullmatch(r"[A-Za-z0-9_-]+", key):
            forms.append(key)
        if "'" not in key and "\n" not in key and not any(map(is_control, key)):
            forms.append(f"'{key}'")
        return self.chance.choice(forms)

    def value(self, path: KeyPath, value: object) -> None:
        """Write a value in place."""
        if isinstance(value, dict):
            self.inline_table(path, value)
        elif isinstance(value, list):
            self.array(path, value)
        elif isinstance(value, str):
            self.put(self.string(value))
        elif isinstance(value, bool):
            self.put("true" if value else "false")
        elif isinstance(value, datetime.datetime):
            self.put(value.isoformat(sep="T" if self.either() else " "))
        elif isinstance(value, datetime.date | datetime.time):
            self.put(value.isoformat())
        else:
            self.put(repr(value))

    def inline_table(self, path: KeyPath, table: dict[str, Any]) -> None:
        """Write an inline table, on one line unless a value breaks it."""
        self.put("{")
        for index, key in enumerate(table):
            self.put(", " if index else self.chance.choice(["", " "]))
            keys: tuple[str, ...] = (key,)
            value = table[key]
            while isinstance(value, dict) and len(value) == 1 and self.either():
                keys = (*keys, *value)
                value = value[keys[-1]]
            self.pair(path, keys, value)
        self.put("}")

    def array(self, path: KeyPath, array: list[Any]) -> None:
        """Write an array, on one line or several."""
        gap = self.chance.choice(["", " ", "\n  ", " # ], [\n"])
        self.put("[" + gap)
        for index, item in enumerate(array):
            if index:
                self.put(self.chance.choice(["", gap]) + "," + gap)
            self.mark((*path, index))
            self.value((*path, index), item)
        if array:
            self.put(self.chance.choice(["", ",", gap + "," + gap]))
        self.put("]")

    def string(self, text: str) -> str:
        """Write a string in one of the forms that can hold it."""
        forms = [f'"{escaped(text)}"', f'"""\n{escaped(text, keep=chr(10))}"""']
        if '"""' not in text:
            forms.append('"""\n' + escaped(text, keep='\n"') + '"""')
        if not any(map(is_control, text)) and "'''" not in text:
            forms.append(f"'''\n{text}'''")
        if not any(map(is_control, text)) and "'" not in text and "\n" not in text:
            forms.append(f"'{text}'")
        return self.chance.choice(forms)


CHARACTERS = st.one_of(
    st.sampled_from("ab1-_.,=#[]{}'\"\\\n\r\t æøå\u2028\x85\x7f"),
    st.characters(exclude_categories=["Cs"]),
)
STRINGS = st.text(CHARACTERS, max_size=8)
KEYS = st.one_of(st.sampled_from(["a", "b", "c", "1", "price_dkk", "true"]), STRINGS)
SCALARS = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    STRINGS,
    st.dates(),
    st.datetimes(timezones=st.sampled_from([None, datetime.UTC])),
    st.times(),
)


def tables(values: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Tables of the given values."""
    return st.dictionaries(KEYS, values, max_size=4)


VALUES = st.recursive(
    SCALARS,
    lambda below: st.one_of(
        tables(below),
        st.lists(below, max_size=4),
        st.lists(tables(below), min_size=1, max_size=3),
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(table=tables(VALUES), chance=st.randoms(use_true_random=False), crlf=st.booleans())
def test_every_path_of_any_document_has_its_line(
    table: dict[str, Any], chance: random.Random, crlf: bool
) -> None:
    """Paths are those of the standard library, lines those where the writer put them."""
    writer = Writer(chance)
    text = writer.document(table)
    if crlf:
        text = text.replace("\n", "\r\n")
    assert tomllib.loads(text) == table, "the writer itself"
    lines = checked_lines(text)
    assert lines == writer.lines
    rows = text.split("\n")
    for path, name in writer.keys.items():
        assert name in rows[lines[path] - 1]
