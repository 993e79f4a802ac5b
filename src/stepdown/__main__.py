"""Let `python -m stepdown` do what the command `stepdown` does."""

from stepdown.cli import main

if __name__ == "__main__":
    main()
