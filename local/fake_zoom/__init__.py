"""A fake of Zoom: one account of webinars, answering as Zoom is known, or suspected, to answer.

It stands at the far end of the flow, where `https://api.zoom.us` stands in production: requests to
register people come in, Zoom's answers go out. It is an independent witness: it imports nothing of the
product, and states its own limits (30 registrants a call, calls per second and per day, three attempts a
day) and its own error texts.

    exchange, errors, schemas, switches     what goes in and out; what Zoom refuses; what it might do
    webinars, rates, attempt_limit, tokens  the state of an account
    batch, single, readback                 the calls
    faults, call_log                        broken answers on request; what was asked
    account                                 all of it as one value: `Account.handle(request) -> answer`
    transport                               an account as a `requests` adapter, without sockets
    server, control_calls, control          an account behind HTTP, and the client that steers it
"""
