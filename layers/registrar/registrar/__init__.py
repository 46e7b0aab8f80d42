"""Code shared by the three functions and the `registrar` command.

Low to high. A package imports only from those above it in this list (tests/unit/test_imports.py):

    limits.py, _compat.py   numbers with units; itertools.batched for Python 3.11
    registrants/            form or message → Registrant; the table's row; reasons; redaction
    runtime/                what Lambda provides: settings, AWS clients, threads, the deadline
    zoom/                   the Zoom client: HTTP, responses, errors, token, rate limits, circuit breaker
    forms/                  HTTP requests, webhooks of form providers, the pages that people see
    storage/                rows of RegistrantTable and AccountTable
    queue/                  messages in flight, deduplication and batching, dead letters
    outcomes/               pure decisions: what a response means for each registrant, retries, isolation
    observability/          log lines and metrics
    registration/           one invocation: intake → lookup → reserve → call → reconcile → settle
"""
