"""Run every check of the source tree: `python -m tests`, in the root of the repository.

Arguments are handed to pytest, so `python -m tests -k kernel` runs every linter and some tests.
All checks run; the exit status is 1 if any of them failed.
"""

import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def script(name: str) -> str:
    """Return the path of a command installed beside this interpreter."""
    found = shutil.which(name, path=sysconfig.get_path("scripts"))
    if found is None:
        sys.exit(f'{name} is not installed for {sys.executable}. Run: pip install -e ".[dev]"')
    return found


def checks(pytest_arguments: list[str]) -> list[tuple[str, list[str]]]:
    """Return the name and the command of each check, in order."""
    python = sys.executable
    return [
        ("ruff format", [python, "-m", "ruff", "format", "--check", "."]),
        ("ruff check", [python, "-m", "ruff", "check", "."]),
        ("mypy", [python, "-m", "mypy"]),
        ("lint-imports", [script("lint-imports"), "--no-cache", "--no-logo"]),
        # Files side by side, each on one processor: fixtures of a file are made once.
        ("pytest", [python, "-m", "pytest", "-n", "auto", "--dist", "loadfile", *pytest_arguments]),
    ]


def main() -> int:
    """Run all checks and name those that failed."""
    failed = []
    for name, command in checks(sys.argv[1:]):
        print(f"\n== {name} ==", flush=True)
        if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
            failed.append(name)
    print(f"\n== Failed: {', '.join(failed)} ==" if failed else "\n== All checks passed ==")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
