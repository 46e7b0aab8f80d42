"""Find the webinar that a report of Zoom's names above its table of registrants."""

from itertools import pairwise, takewhile

from registrar.registrants.field_names import SPELLINGS, plain_name
from registrar.registrants.fields import WrongField, check_webinar_id

from registrar_cli.csv_files.columns import Layout
from registrar_cli.csv_files.decoding import records


def webinar_of_report(text: str, layout: Layout) -> str | None:
    """Return the id that stands under a cell such as `Webinar ID` above the header; None if there is none."""
    above = takewhile(lambda record: record.line < layout.header_line, records(text, layout.delimiter))
    for names, values in pairwise(record.cells for record in above):
        for name, value in zip(names, values, strict=False):
            if plain_name(name) in SPELLINGS["webinar_id"]:
                try:
                    return check_webinar_id(value)
                except WrongField:
                    continue
    return None
