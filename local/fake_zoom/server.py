"""An account behind HTTP: responses are sent whole, slowly or in part, or the connection is reset or stays silent.

Paths under `/_fake/` are the control API; all others are Zoom's.
"""

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable

from aiohttp import web

from local.fake_zoom.account import Account
from local.fake_zoom.control_calls import PREFIX, control
from local.fake_zoom.exchange import BrokenResponse, Cut, Drip, Request, Reset, Response

LARGEST_REQUEST = 16 * 1024 * 1024  # bytes; aiohttp refuses larger requests with 413
POLL_SECONDS = 0.05  # how soon a silent connection ends after its client or the server
SHUTDOWN_SECONDS = 0.5  # for responses in progress when the server ends


async def serve(account: Account, host: str, port: int, stop: asyncio.Event, listening: Callable[[int], None]) -> None:
    """Serve the account until `stop` is set; call `listening` with the port (port 0: any free one).

    Raises: OSError if the port is not available.
    """
    server = _Server(account, stop)
    app = web.Application(client_max_size=LARGEST_REQUEST)
    app.router.add_route("*", "/{path:.*}", server.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        listening(int(runner.addresses[0][1]))
        await stop.wait()
    finally:
        await runner.cleanup()


class _Server:
    def __init__(self, account: Account, stop: asyncio.Event) -> None:
        self._account = account
        self._stop = stop

    async def handle(self, http: web.Request) -> web.StreamResponse:
        """Handle one HTTP request."""
        request = Request.to(http.method, http.raw_path, dict(http.headers), await http.read())
        if request.path.startswith(PREFIX):
            return _whole(control(self._account, request))
        result = self._account.handle(request)
        await self._wait(self._account.latency_seconds)
        if isinstance(result, Response):
            return _whole(result)
        if http.transport is not None:
            await self._break(http.transport, result)
        # The connection is closed by now: aiohttp notices when it writes, and drops this response.
        return web.Response()

    async def _break(self, transport: asyncio.Transport, result: BrokenResponse) -> None:
        if isinstance(result, Drip):
            await self._drip(transport, result)
            transport.close()
        elif isinstance(result, Cut):
            transport.write(_head(result.response) + result.response.body[: len(result.response.body) // 2])
            transport.close()
        elif isinstance(result, Reset):
            _reset(transport)
        else:
            while not (transport.is_closing() or self._stop.is_set()):
                await self._wait(POLL_SECONDS)
            transport.abort()

    async def _drip(self, transport: asyncio.Transport, result: Drip) -> None:
        head = _head(result.response)
        if not result.headers_too:
            transport.write(head)
        for byte in head + result.response.body if result.headers_too else result.response.body:
            if transport.is_closing() or self._stop.is_set():
                return
            transport.write(bytes([byte]))
            await self._wait(result.seconds_per_byte)

    async def _wait(self, seconds: float) -> None:
        """Wait, at most until the server ends."""
        if seconds > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), seconds)


def _whole(response: Response) -> web.Response:
    return web.Response(status=response.status, headers=dict(response.headers), body=response.body)


def _head(response: Response) -> bytes:
    headers = {**response.headers, "Content-Length": str(len(response.body)), "Connection": "close"}
    lines = [f"HTTP/1.1 {response.status} {response.reason}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _reset(transport: asyncio.Transport) -> None:
    """Close the connection with a TCP reset: with SO_LINGER 0 the kernel sends RST, not FIN."""
    connection: socket.socket = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
