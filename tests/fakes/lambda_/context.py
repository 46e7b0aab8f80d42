"""A fake of the context object that Lambda passes to a handler, on the virtual clock."""

from types import SimpleNamespace

from tests.fakes.client import ACCOUNT, REGION
from tests.fakes.clock import VirtualClock


class FakeLambdaContext:
    """The context of one invocation, which starts when this object is created."""

    function_version = "$LATEST"
    client_context = None

    def __init__(
        self,
        clock: VirtualClock,
        *,
        timeout_s: float = 300.0,
        function_name: str = "RegisterBatchFunction",
        memory_mb: int = 512,
        request_id: str = "00000000-0000-4000-8000-000000000000",
    ) -> None:
        """Start the invocation's timeout now."""
        self._clock = clock
        self.deadline_s = clock() + timeout_s
        self.function_name = function_name
        self.invoked_function_arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function_name}"
        # The real runtime passes this number as a string.
        self.memory_limit_in_mb = str(memory_mb)
        self.aws_request_id = request_id
        self.log_group_name = f"/aws/lambda/{function_name}"
        self.log_stream_name = "2026/11/23/[$LATEST]fake"
        self.identity = SimpleNamespace(cognito_identity_id=None, cognito_identity_pool_id=None)

    def get_remaining_time_in_millis(self) -> int:
        """Return the milliseconds until the environment is killed, never less than 0."""
        return max(0, int((self.deadline_s - self._clock()) * 1000))
