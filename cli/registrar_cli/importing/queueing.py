"""Send the messages of an import, and say how many were sent wherever it stops."""

from registrar.registrants.registrant import Key

from registrar_cli.clients.queue_sender import Outgoing, QueueSender
from registrar_cli.clients.session import Session
from registrar_cli.importing.journal import Journal
from registrar_cli.importing.plan import Plan
from registrar_cli.terminal.errors import Interrupted, Unreachable, WrongInput


def queue(session: Session, planned: Plan, journal: Journal) -> int:
    """Send all messages, and return how many SQS refused.

    Raises:
        Unreachable: SQS does not answer; the message says how many were queued.
        Interrupted: Ctrl-C was pressed, or the journal cannot be written any more; likewise.
    """
    registrants = planned.to_queue
    outgoing = (
        Outgoing(one.registrant.key, one.registrant.to_message(), one.registrant.key.webinar_id) for one in registrants
    )
    sent = 0
    with session.output.progress() as progress:
        bar = progress.add_task("queueing", total=len(registrants))

        def acknowledged(keys: list[Key]) -> None:
            nonlocal sent
            journal.add(keys)
            sent += len(keys)
            progress.advance(bar, len(keys))

        try:
            return len(QueueSender(session.sqs, session.stack.queue_url).send(outgoing, acknowledged))
        except KeyboardInterrupt:
            raise Interrupted(*_stopped("Interrupted", sent, len(registrants))) from None
        except Unreachable as error:
            raise Unreachable(*_stopped(error.what, sent, len(registrants))) from error
        except WrongInput as error:
            what, to_do = _stopped(error.what, sent, len(registrants))
            raise Interrupted(what, f"{error.to_do} {to_do}") from error


def _stopped(why: str, sent: int, of: int) -> tuple[str, str]:
    return (
        f"{why.removesuffix('.')}: {sent:,} of {of:,} are queued.",
        "Run the same command again: it continues where it stopped.",
    )
