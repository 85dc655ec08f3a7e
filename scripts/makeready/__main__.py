"""``python -m makeready``."""

from makeready.cli.main import main

# A worker that is begun by spawning imports this module under another name.
if __name__ == "__main__":
    main()
