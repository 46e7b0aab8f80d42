"""`make demo`: start the local stack, register the sample submissions of `events/samples.json`, show the outcomes.

Exits with 0 only if every submission has the expected outcome.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from local.errors import LocalStackError
from local.fake_zoom.control import FakeZoomControl
from local.reporting.demo_report import show
from local.reporting.metrics import Reading
from local.reporting.progress import progress_printer
from local.reporting.results import SETTLED_HEADLINE, Results, queued_messages, read_rows
from local.reporting.samples import Samples
from local.serve import StoppedError, stop_on_signals
from local.stack import LocalStack
from local.visitors.ways_in import WaysIn

LATENCY_MILLISECONDS = 200  # about Zoom's response time
FORMS_AT_ONCE = 8
LONGEST_WAIT_SECONDS = 120.0
POLL_SECONDS = 0.25
STATUS_PAGE_SECONDS = 10.0  # until it shows what is settled already


def main() -> int:
    """Run the demo and return the exit code."""
    stop_on_signals()
    console = Console(highlight=False)
    try:
        return demo(console)
    except StoppedError as reason:
        console.print(f"\nStopped ({reason}).")
        return 130
    except LocalStackError as error:
        console.print(f"\n{error}", style="red")
        return 1


def demo(console: Console) -> int:
    """Start the stack, post, wait and report; return the exit code."""
    samples, progress = Samples.read(), progress_printer(console)
    with LocalStack.start(progress=progress, name="demo") as stack:
        zoom = FakeZoomControl(stack.zoom_url)
        samples.open_webinars(zoom)
        zoom.set_latency(LATENCY_MILLISECONDS)
        ways_in = WaysIn.of(stack, samples)
        progress(f"Posting {len(samples.submissions)} forms while the consumer is paused, to build up a backlog …")
        set_consumer(stack, running=False)
        statuses = post_all(ways_in, samples, console)
        for message in samples.messages:
            stack.client("sqs").send_message(QueueUrl=stack.outputs["RegistrationQueueUrl"], MessageBody=message.body)
        progress("Resuming the consumer, and waiting until every message is settled …")
        resumed = time.monotonic()
        set_consumer(stack, running=True)
        queued = wait_until_settled(stack, samples, console)
        seconds = time.monotonic() - resumed
        headlines = {one.headline(SETTLED_HEADLINE, STATUS_PAGE_SECONDS) for one in ways_in.browsers}
        results = Results.read(stack, samples, statuses, queued, headlines)
        metrics = Reading.of(stack)
        stack.check()
        return show(results, metrics, seconds, console)


def set_consumer(stack: LocalStack, *, running: bool) -> None:
    """Resume or pause the consumer by its event source mapping."""
    functions = stack.client("lambda")
    name = stack.physical_id("RegisterBatchFunction")
    (mapping,) = functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=running)


def post_all(ways_in: WaysIn, samples: Samples, console: Console) -> tuple[int, ...]:
    """Send every sample by its way in; return the HTTP statuses in the samples' order."""
    with progress_bar(console) as progress, ThreadPoolExecutor(FORMS_AT_ONCE) as threads:
        posted = progress.track(
            threads.map(ways_in.send, samples.submissions), total=len(samples.submissions), description="Forms posted"
        )
        return tuple(posted)


def wait_until_settled(stack: LocalStack, samples: Samples, console: Console) -> int:
    """Wait until the queue is empty, at most two minutes; return the number of remaining messages."""
    accepted = len({(one.webinar_id, one.email.lower()) for one in samples.submissions}) - 1
    deadline = time.monotonic() + LONGEST_WAIT_SECONDS
    with progress_bar(console) as progress:
        task = progress.add_task("Registrants settled", total=accepted)
        while (queued := queued_messages(stack)) and time.monotonic() < deadline:
            progress.update(task, completed=len(read_rows(stack)))
            time.sleep(POLL_SECONDS)
        progress.update(task, completed=len(read_rows(stack)))
    return queued


def progress_bar(console: Console) -> Progress:
    """Return a progress bar that counts."""
    return Progress(
        TextColumn("         {task.description:20}"),
        BarColumn(bar_width=40),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )


if __name__ == "__main__":
    sys.exit(main())
