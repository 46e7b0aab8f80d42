"""Chaos: thousands of submissions through the real consumer on the fakes, while Zoom and AWS fail at random.

    submissions       which registrants submit what, for which webinar, and which of them Zoom rejects
    webinars          the webinars of a run, among them each kind that Zoom rejects
    fault_schedule    what fails when: Zoom, AWS, killed invocations; the same for the same seed
    faulty_transport  the transport to Zoom, which applies the schedule to each call
    invariants        records every effect on tables and queues, and checks what must never happen
    ground_truth      which reasons are true, by what the fake Zoom knows and the consumer does not
    run               all of it, until the faults have ended and the queue is empty
    checks, attempts  what must hold in the end
    report            the printed tables

`python -m tests.chaos` runs it. The checks read a `Record` of the run and nothing else, so that another way to run the
same submissions (on the local stack) needs another record and no other checks.
"""
