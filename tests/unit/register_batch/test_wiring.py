"""functions/register_batch/wiring.py: what the collaborators share, and what they do not."""

from dataclasses import replace

from tests.consumer import Consumer


def test_reads_and_registrations_have_rate_limits_of_their_own(consumer: Consumer) -> None:
    limits = consumer.env.rate_limits
    limits.reads.wait()
    assert limits.reads.seconds_until_free() > 0
    assert limits.calls.seconds_until_free() == 0


def test_a_changed_clock_does_not_change_the_measured_response_time(consumer: Consumer) -> None:
    consumer.env = replace(consumer.env, time=replace(consumer.env.time, monotonic=lambda: 7.0))
    consumer.transport.after_response = lambda: consumer.clock.sleep(3)  # here: a clock that was set
    consumer.send_registrants("ada@example.com")
    consumer.run()
    assert [line["seconds"] for line in consumer.logged("Zoom answered")] == [0]
