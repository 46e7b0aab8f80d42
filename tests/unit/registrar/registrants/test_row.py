"""Which submissions a row tells about; what else a row says is tested with the transitions that write it."""

import pytest
from registrar.registrants.row import Row

BEFORE, AT, AFTER = "2026-11-23T13:59:59Z", "2026-11-23T14:00:00Z", "2026-11-23T14:00:01Z"


@pytest.mark.parametrize(
    ("row", "submitted_at", "settled"),
    [
        (Row(status="rejected", submitted_at=AT, updated_at=AFTER), AFTER, False),
        (Row(status="rejected", updated_at=AFTER), BEFORE, False),
        (Row(status="rejected", submission_id="own", submitted_at=BEFORE), AT, True),
        (Row(status="registered", submitted_at=AT), AT, True),
        (Row(status="registered", submitted_at="2026-11-23T15:00:00+01:00"), AT, True),
        (Row(status="registered", submitted_at=BEFORE, last_submitted_at=AT), AT, True),
        (Row(status="registered", submitted_at=BEFORE, last_submitted_at=AT), AFTER, False),
    ],
)
def test_a_row_tells_about_its_own_submission_and_those_until_its_newest(
    row: Row, submitted_at: str, settled: bool
) -> None:
    assert row.has_settled("own", submitted_at) is settled
