"""`python -m local.fake_zoom --port P`: run one fake Zoom account in a process of its own.

It prints its URL when it is ready, and ends on SIGTERM or SIGINT. If it cannot listen on the port it exits with 1.
"""

import argparse
import asyncio
import errno
import signal
import sys
import time

from local.fake_zoom.account import Account
from local.fake_zoom.server import serve


def main() -> int:
    """Run the server and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m local.fake_zoom", description="A fake Zoom account.")
    parser.add_argument("--port", type=_port, required=True, help="port to listen on; 0: any free port")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    arguments = parser.parse_args()
    try:
        asyncio.run(_run(arguments.host, arguments.port))
    except OSError as error:
        reason = "the port is in use" if error.errno == errno.EADDRINUSE else str(error)
        where = f"http://{arguments.host}:{arguments.port}"
        print(f"The fake Zoom cannot listen on {where}: {reason}. Choose another --port.", file=sys.stderr)
        return 1
    return 0


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65_535):
        raise argparse.ArgumentTypeError(f"{text!r} is not a port number (0 to 65535)")
    return int(text)


async def _run(host: str, port: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    def listening(bound_port: int) -> None:
        print(f"The fake Zoom listens on http://{host}:{bound_port}", flush=True)

    await serve(Account(time.time), host, port, stop, listening)


if __name__ == "__main__":
    sys.exit(main())
