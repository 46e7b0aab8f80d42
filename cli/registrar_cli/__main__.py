"""`python -m registrar_cli`: the same as the command `registrar`."""

from registrar_cli.app import main

main()
