"""Templates to be filled in by tests: cells by their headings, and what an import says of them."""

import functools
import io

import openpyxl
import pytest

from stepdown.errors import InputError
from stepdown.scenario import load_scenario
from stepdown.workbook import import_book, template_of


@functools.cache
def _bytes(scenario, lang):
    return template_of(scenario, lang)


def template(scenario, lang="da"):
    """Return a template as openpyxl reads it."""
    return openpyxl.load_workbook(io.BytesIO(_bytes(scenario, lang)))


def imported(book, folder):
    """Import a book and return the scenario."""
    path = folder / "book.xlsx"
    book.save(path)
    import_book(path, folder / "out", replace=True)
    return load_scenario(folder / "out").scenario


def problems(book, folder):
    """Import a wrong book and return what is said of it, by cell; nothing may be written."""
    path = folder / "book.xlsx"
    book.save(path)
    return problems_of(path)


def problems_of(path):
    """Import the wrong book that a file holds."""
    folder = path.parent
    with pytest.raises(InputError) as error:
        import_book(path, folder / "out")
    assert not (folder / "out").exists()
    assert sorted(own.name for own in folder.iterdir()) == [path.name]
    assert all(own.file == str(path) for own in error.value.problems)
    found = {own.key: str(own) for own in error.value.problems}
    assert len(found) == len(error.value.problems), "a place is told once"
    return found


def cell(sheet, heading, **row):
    """Return the cell under a heading in the row where other headings have some values."""
    heads = {str(own.value).removesuffix(" *"): own.column for own in sheet[3]}
    for number in range(4, sheet.max_row + 1):
        if all(sheet.cell(number, heads[h.replace("_", " ")]).value == v for h, v in row.items()):
            return sheet.cell(number, heads[str(heading)])
    raise AssertionError(f"no row with {row}")


def add(sheet, **values):
    """Add a row by heading, in the first empty one."""
    heads = {str(own.value).removesuffix(" *"): own.column for own in sheet[3]}
    number = next(n for n in range(4, 1000) if all(own.value is None for own in sheet[n]))
    for heading, value in values.items():
        sheet.cell(number, heads[heading.replace("_", " ")]).value = value
    return number
