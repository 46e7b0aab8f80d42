"""The command line of the registrar, for whoever runs a webinar.

    commands/       one command a file: what is asked, what is printed
    stack.py        a stack's name → what it is made of
    table.py        RegistrantTable, asked by person, webinar, status
    letters_*.py    the dead letters: read, chosen, sent back, deleted
    csv_*.py        a file of people → registrants, or rejects with line and reason
    zoom_*.py       Zoom, asked about a webinar and our rights
    reasons.py      what each reason means, and what to do

The shared code of the functions (package `registrar`) decides whatever is the same here and there: who somebody is,
which fields are right, what a row says.
"""
