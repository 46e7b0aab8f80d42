"""Run `registrar`, or `python -m registrar_cli`, handling Ctrl-C from the start."""

from registrar_cli.terminal.signals import importing


def main() -> None:
    """Run the command line, and end the program."""
    with importing():
        from registrar_cli import app  # noqa: PLC0415 — after the handler is set
    app.main()


if __name__ == "__main__":
    main()
