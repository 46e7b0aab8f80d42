"""Chaos: thousands of submissions through the real consumer on the fakes, while everything breaks that can break.

    people      who submits what, for which webinar, and who is invalid because what
    weather     what breaks when: Zoom, AWS, kill_rate; the same for the same seed
    line        the line to Zoom, where the weather meets each call
    clock       the clock of several who live side by side, in an order that the seed decides
    recorder     watches every effect on tables and queues, and every call that Zoom got
    ground_truth       which reasons are true for whom, by what the fake knows and the consumer does not
    world       all of it, run until it has healed and the queue is drained
    checks      what must hold in the end
    report      what a person reads

`python -m tests.chaos` runs it. What is checked is a `Record` of what was seen: another way to run the same people (the
embedded stack) has to bring another record, and no other checks.
"""
