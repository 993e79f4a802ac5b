"""A report that uses every kind of block, with texts that would break a careless layout."""

from stepdown.report.document.model import (
    Answer,
    Beside,
    Caution,
    Chart,
    Document,
    KeyFigure,
    KeyFigures,
    Paragraph,
    Points,
    Section,
    Table,
)

HOSTILE = """<script>alert(1)</script> & "quotes" 'single' #set $x$ @you *b* _i_ `c` \\ [l] {{j}}"""
LONG = "Sagstallet sænkes fra 33 til 29 børn pr. myndighedsrådgiver, og æøå ÆØÅ består; " * 4
UNBROKEN = "0123456789abcdef" * 19
WORDS = {
    "da": ("Hvad koster det, og hvornår?", "Indhold", "Tallene som tabel", "År", "Besparelse"),
    "en": ("What does it cost, and when?", "Contents", "The figures as a table", "Year", "Saving"),
}


def draw():
    """Draw a small figure."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.3, 3.2), layout="constrained")
    axes = figure.subplots()
    axes.fill_between([2026, 2027, 2028], [-2, -1, 0], [0, 2, 5], color="#cfe3f3")
    axes.plot([2026, 2027, 2028], [-1, 0.5, 2], color="#0b4f8a")
    axes.set_xticks([2026, 2027, 2028])
    axes.set_title("Æbler på øen å")
    return figure


def report_of_all_blocks(lang):
    """Return a document in one language with every kind of block in it."""
    question, contents, as_table, year, saving = WORDS[lang]
    money = "1.234.567\N{NO-BREAK SPACE}kr."
    rows = tuple(
        (str(2026 + row), money, HOSTILE if row == 3 else "\N{MINUS SIGN}12.000")
        for row in range(60)
    )
    table = Table(f"{saving} {HOSTILE}", (year, saving, "Note"), rows,
                  ("left", "right", "right"), (HOSTILE, LONG))  # fmt: skip
    wide = Table(f"{saving} 2026-2038", (year, *map(str, range(2026, 2038))),
                 ((LONG[:80], *["12.345"] * 12),) * 3, ("left", *["right"] * 12))  # fmt: skip
    wordy = Table("Antagelser", ("Antagelse", "Kilde", "Grad"),
                  ((LONG, HOSTILE, "A"), (UNBROKEN, LONG, "B")), ("left",) * 3)  # fmt: skip
    small = Table(saving, (year, saving), tuple(row[:2] for row in rows[:3]),
                  ("left", "right"))  # fmt: skip
    first = Section("first", question, (
        KeyFigures((KeyFigure(money, saving, "i 8 af 10 fremtider"), KeyFigure("43 %", HOSTILE),
                    KeyFigure("2031", year), KeyFigure("\N{MINUS SIGN}7,3 mio. kr.", LONG[:60]))),
        Caution(f"Antagelse. {HOSTILE}"),
        Beside(Table(f"{saving} {year}", small.head, small.rows, small.align, ("Note",), True),
               Caution(HOSTILE)),
        *(Answer(f"{question} ({index})", LONG[:200]) for index in range(8)),
    ))  # fmt: skip
    second = Section("figures", f"{saving} {HOSTILE}", (
        Paragraph(HOSTILE), Paragraph(LONG), Points((HOSTILE, LONG, UNBROKEN)),
        Points(("1", LONG), numbered=True), table, wide, wordy,
        Chart(saving, LONG, f"{saving} {HOSTILE}", draw, small),
        Chart(f"{saving} 2", LONG, saving, draw, small),
    ), starts_page=True)  # fmt: skip
    third = Section("limits", "Hvad modellen ikke regner på", (Paragraph(UNBROKEN),))
    return Document(lang, f"Hørsholm {HOSTILE}", LONG, (first, second, third), contents, as_table,
                    f"Stepdown 0.1 · hoersholm · {HOSTILE}")  # fmt: skip
