"""functions/register_batch/wiring.py: what the collaborators share, and what they do not."""

from tests.consumer import Consumer


def test_reads_and_registrations_have_rate_limits_of_their_own(consumer: Consumer) -> None:
    limits = consumer.env.rate_limits
    limits.reads.wait()
    assert limits.reads.seconds_until_free() > 0
    assert limits.calls.seconds_until_free() == 0
