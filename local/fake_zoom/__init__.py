"""A fake of Zoom's API: one account with webinars, which responds as Zoom does or may.

It replaces `https://api.zoom.us` in tests and in the local stack. It imports nothing of the product, so
its call log is independent evidence. Limits (30 registrants per call, calls per second and per day, three attempts per
day) and error texts are its own.

    exchange, parsed_request, schemas       requests and responses as values
    errors, switches                        Zoom's error responses; its undocumented behaviour
    webinars, details, rates, attempt_limit, tokens  the state of an account
    pipeline, admission                     the checks before each call
    batch, single, readback, descriptions   the calls
    faults, call_log                        injected faults; recorded calls
    account                                 all of it as one value: `Account.handle(request)`
    requests_adapter                        an account behind a `requests.Session`, without sockets
    server, control_calls, control          an account behind HTTP, and the client of its control API
"""
