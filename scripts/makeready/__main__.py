"""``python -m makeready``."""

from makeready.cli import main

if __name__ == "__main__":
    main()
