"""`make serve`: run the local stack until Ctrl-C, and print its URLs and settings.

make serve SERVE="--port 24566 --zoom-port 24567 --set ZoomCallsPerSecond=40"
"""

import argparse
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

from rich.console import Console

from local.aws.emulator import KEY_ID, REGION, SECRET_KEY
from local.errors import LocalStackError
from local.fake_zoom.control import FakeZoomControl
from local.processes.paths import VENVS
from local.processes.ports import PortPool
from local.reporting.metrics import Reading
from local.reporting.progress import progress_printer
from local.reporting.samples import Samples
from local.stack import LocalStack, Ports

PORT = 24_566
ZOOM_PORT = 24_567
WATCH_SECONDS = 0.5
METRICS_SECONDS = 5.0  # between two readings of the functions' logs
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StoppedError(BaseException):
    """A signal to stop the stack was received. Not an Exception, so that no handler treats it as a failure."""


def stop(number: int, frame: FrameType | None) -> None:
    """Stop the stack; ignore further signals meanwhile."""
    for each in STOP_SIGNALS:
        signal.signal(each, signal.SIG_IGN)
    raise StoppedError(signal.Signals(number).name)


def stop_on_signals() -> None:
    """Stop the stack on these signals, except on those that the parent ignores, as `nohup` does with SIGHUP."""
    for each in STOP_SIGNALS:
        if signal.getsignal(each) is not signal.SIG_IGN:
            signal.signal(each, stop)


def parameter(text: str) -> tuple[str, str]:
    """Parse a template parameter, given as `Name=value`."""
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError(f"{text!r} is not Name=value")
    return name, value


def read_arguments(arguments: list[str] | None = None) -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(
        prog="make serve",
        usage='make serve SERVE="[--port PORT] [--zoom-port PORT] [--set NAME=VALUE …] [--in-emulator]"',
        description="Run the registrar on this machine until Ctrl-C. Pass the options in SERVE.",
    )
    parser.add_argument("--port", type=int, default=PORT, help=f"port of the AWS emulator (default {PORT})")
    parser.add_argument("--zoom-port", type=int, default=ZOOM_PORT, help=f"port of the fake Zoom (default {ZOOM_PORT})")
    parser.add_argument(
        "--set",
        type=parameter,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        dest="parameters",
        help="set a parameter of template.yaml, for example ZoomCallsPerSecond=40; repeatable",
    )
    parser.add_argument(
        "--in-emulator",
        action="store_true",
        help="run the functions in the AWS emulator's worker, as where Lambda's own emulator cannot run",
    )
    return parser.parse_args(arguments)


def describe(stack: LocalStack, samples: Samples) -> str:
    """Return the text that says how to try the stack: a block to paste first."""
    webinar_id = next(iter(samples.webinars))
    page_url = f"{stack.submission_url}/webinars/{webinar_id}"
    outputs = "\n".join(f"  {name:25}{value}" for name, value in stack.outputs.items())
    return f"""
The registrar is running. Ctrl-C stops it and shows the functions' metrics.

Paste this into another terminal, in this folder: it installs the command
`registrar`, points it here, and checks a webinar.

  make cli
  export PATH="{VENVS / "cli" / "bin"}:$PATH"
  export AWS_ENDPOINT_URL={stack.emulator.endpoint}
  export AWS_REGION={REGION} AWS_DEFAULT_REGION={REGION}
  export AWS_ACCESS_KEY_ID={KEY_ID} AWS_SECRET_ACCESS_KEY={SECRET_KEY}
  registrar doctor {webinar_id}

Open the registration page in a browser, or put it into a page of yours:

  {page_url}
  <iframe src="{page_url}" title="Registration" width="100%" height="900"></iframe>

Or send a form, and look the registrant up:

  curl -d 'email=ada@example.com&first_name=Ada' \\
    {page_url}/registrants
  registrar status ada@example.com

Or connect a form of another program, which makes a URL to post to:

  registrar forms add generic --webinar {webinar_id}

Parameters are read once, at the start: `registrar configure` does not reach the
functions here. Use: make serve SERVE="--set AllowedWebinars={webinar_id}"

Fake Zoom     {stack.zoom_url}/v2
Its webinars  {", ".join(samples.webinars)}
Registrants   {stack.zoom_url}/_fake/webinars/{webinar_id}/registrants
Logs          {stack.directory}

Outputs of the stack:
{outputs}
"""


def serve(arguments: argparse.Namespace) -> None:
    """Run the stack until it is stopped."""

    def choose_ports(pool: PortPool) -> Ports:
        return Ports(
            emulator=pool.take_this(arguments.port, "the AWS emulator", 'make serve SERVE="--port …"'),
            zoom=pool.take_this(arguments.zoom_port, "the fake Zoom", 'make serve SERVE="--zoom-port …"'),
        )

    console = Console(highlight=False)
    samples, progress = Samples.read(), progress_printer(console)
    with LocalStack.start(
        dict(arguments.parameters), progress, name="serve", choose_ports=choose_ports, in_emulator=arguments.in_emulator
    ) as stack:
        samples.open_webinars(FakeZoomControl(stack.zoom_url))
        print(describe(stack, samples), flush=True)
        try:
            watch(stack, progress)
        finally:
            console.print(Reading.of(stack).table())


def watch(stack: LocalStack, progress: Callable[[str], None]) -> None:
    """Run until stopped; print a summary of the functions' metrics whenever it changes."""
    previous, next_reading = Reading().line(), time.monotonic()
    while True:
        stack.check()
        if time.monotonic() >= next_reading:
            next_reading = time.monotonic() + METRICS_SECONDS
            current = Reading.of(stack).line()
            if current != previous:
                progress(current)
            previous = current
        time.sleep(WATCH_SECONDS)


def main() -> int:
    """Run the stack and return the exit code."""
    stop_on_signals()
    try:
        serve(read_arguments())
    except StoppedError as reason:
        print(f"\nStopped ({reason}).", flush=True)
        return 0
    except LocalStackError as error:
        print(f"\n{error}", file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
