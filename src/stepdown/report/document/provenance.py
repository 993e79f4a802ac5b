"""The section that says how to run the calculation again and get the same figures."""

import json

from stepdown.report.document.facts import Facts
from stepdown.report.document.model import Paragraph, Section, Table

__all__ = ["command", "footer", "provenance_section"]


def command(facts: Facts) -> str:
    """Return the command that makes the run again."""
    attrs = facts.result.attrs
    parts = [
        "stepdown run",
        str(attrs["scenario"]).replace("_", "-"),
        f"--draws {attrs['n_draws']}",
    ]
    parts.append(f"--seed {attrs['seed']}")
    if int(attrs["n_replicates"]) != 2:
        parts.append(f"--replicates {attrs['n_replicates']}")
    if attrs["design"] != "independent":
        parts.append(f"--design {attrs['design']}")
    return " ".join([*parts, "--out FOLDER"])


def footer(facts: Facts) -> str:
    """Return one line with program, version and scenario; the seed stands in the section."""
    attrs, write = facts.result.attrs, facts.write
    version = _versions(facts)["stepdown"]
    scenario = attrs["scenario"]
    return write.say(
        f"Stepdown {version} · scenarie {scenario} · {facts.prices}",
        f"Stepdown {version} · scenario {scenario} · {facts.prices}",
    )


def provenance_section(facts: Facts) -> Section:
    """Return everything needed to run it again."""
    write, attrs = facts.write, facts.result.attrs
    rows = [
        (write.say("Kommando", "Command"), command(facts)),
        (write.say("Scenarie", "Scenario"), str(attrs["scenario"])),
        (write.say("Scenariets kontrolsum (SHA-256)", "Checksum of the scenario (SHA-256)"),
         str(attrs["scenario_sha256"])),
        (write.say("Filer", "Files"), ", ".join(json.loads(attrs["scenario_text"]))),
        (write.say("Sæt antagelser", "Draws"), write.number(int(attrs["n_draws"]))),
        (write.say("Gentagelser af hvert sæt", "Replicates of each"),
         write.number(int(attrs["n_replicates"]))),
        (write.say("Frø", "Seed"), str(attrs["seed"])),
        (write.say("Trækning", "Design of the draws"), _design(facts)),
        (write.say("Sæt, hvor en effekts grænse blev fordoblet", "Draws with a bound doubled"),
         write.number(int(attrs["draws_over_bound"]))),
        *((name, version) for name, version in _versions(facts).items()),
    ]  # fmt: skip
    table = Table(
        write.say("Kørslen", "The run"),
        (write.say("Oplysning", "Item"), write.say("Værdi", "Value")),
        tuple(rows),
        ("left", "left"),
    )
    text = write.say(
        "Samme scenarie, samme frø og samme version giver de samme tal til sidste ciffer, på"
        " enhver computer af samme slags. Filen result.nc indeholder scenariets tekst, alle"
        " beregnede fremtider og de kilder, der er brugt. Kommandoen forudsætter, at scenariet"
        " ligger, hvor programmet kan finde det.",
        "The same scenario, seed and version give the same figures to the last digit, on any"
        " computer of the same kind. The file result.nc holds the text of the scenario, every"
        " simulated future and the evidence used. The command takes for granted that the program"
        " can find the scenario.",
    )
    title = write.say("Sådan gentages beregningen", "How to run it again")
    return Section("provenance", title, (Paragraph(text), table))


def _versions(facts: Facts) -> dict[str, str]:
    found: dict[str, str] = json.loads(facts.result.attrs["versions"])
    return found


def _design(facts: Facts) -> str:
    if facts.result.attrs["design"] == "sobol":
        return facts.write.say("Sobol-punkter", "Sobol points")
    return facts.write.say("uafhængige trækninger", "independent draws")
