"""Starts the command line: `paperwire`, or `python -m bots` in a checkout."""

from bots.cli.app import app


def main() -> None:
    """Run the command line on this process's arguments."""
    app()


if __name__ == "__main__":
    main()
