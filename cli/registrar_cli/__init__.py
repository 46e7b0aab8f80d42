"""The command line of the registrar, for the operator of a webinar.

Each command lives in the folder of its capability. A folder imports only from folders below it:

    app.py  ending.py                    names the commands and runs one; turns an error into a message and exit code
    importing/  doctor/  erasure/        import · doctor · forget
    configuration/  forms/               configure · forms add, list, try, …: the forms of providers
    dead_letters/  operations/           failures, retry, discard · watch, pause, resume
    registrants/                         status, list, export; the rows of RegistrantTable
    csv_files/  clients/                 CSV files in and out · AWS, the deployed stack, Zoom
    terminal/                            commands, options, output, errors, reasons

The functions' shared code (package `registrar`) decides all that must be the same here and there: which fields are
valid, who a registrant is, what a row says.
"""
