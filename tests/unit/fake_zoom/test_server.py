"""The fake in a process of its own, with real sockets on the loopback address and its control client."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from local.fake_zoom.control import ControlError, FakeZoomControl
from local.fake_zoom.webinars import Status
from tests.unit.fake_zoom.caller import WEBINAR, batch_of

pytestmark = pytest.mark.enable_socket

ROOT = Path(__file__).parents[3]
ADA, GRACE = "ada@example.com", "grace@example.com"
TIMEOUT_SECONDS = 5.0


def start(port: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "local.fake_zoom", "--port", port]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")


def url_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    text, _, url = process.stdout.readline().rstrip("\n").rpartition(" ")
    assert text == "The fake Zoom listens on"
    return url


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with start("0") as process:
        yield url_of(process)
        process.terminate()
        process.communicate(timeout=10)


@pytest.fixture
def fake(base_url: str) -> FakeZoomControl:
    control = FakeZoomControl(base_url)
    control.reset()
    control.set_webinar(WEBINAR)
    return control


def post(fake: FakeZoomControl, *emails: str, timeout: float = TIMEOUT_SECONDS) -> requests.Response:
    url = f"{fake.base_url}/v2/webinars/{WEBINAR}/batch_registrants"
    headers = {"Authorization": f"Bearer {fake.mint_token()}"}
    return requests.post(url, json=batch_of(*emails), headers=headers, timeout=timeout)


def test_a_busy_port_is_reported(base_url: str) -> None:
    with start(base_url.rpartition(":")[2]) as process:
        _, errors = process.communicate(timeout=10)

    assert process.returncode == 1
    assert errors == f"The fake Zoom cannot listen on {base_url}: the port is in use. Choose another --port.\n"


@pytest.mark.parametrize("port", ["70000", "x", "-1"])
def test_an_invalid_port_is_reported(port: str) -> None:
    with start(port) as process:
        _, errors = process.communicate(timeout=10)

    assert process.returncode == 2
    assert "port" in errors


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_cleanly_while_a_client_waits(number: signal.Signals) -> None:
    with start("0") as process:
        fake = FakeZoomControl(url_of(process))
        fake.add_fault(kind="hang")
        with pytest.raises(requests.exceptions.ReadTimeout):
            post(fake, ADA, timeout=0.1)
        process.send_signal(number)
        _, errors = process.communicate(timeout=10)

    assert (process.returncode, errors) == (0, "")


def test_a_refused_control_call_raises_its_message(fake: FakeZoomControl) -> None:
    with pytest.raises(ControlError, match="allowed: 'refused_whole', 'left_out'"):
        fake.set_switches(bad_item="maybe")


@pytest.mark.parametrize(("processed", "stored"), [("no", []), ("yes", [ADA])])
def test_a_reset_is_a_real_tcp_reset(fake: FakeZoomControl, processed: str, stored: list[str]) -> None:
    fake.add_fault(kind="reset", processed=processed)

    with pytest.raises(requests.exceptions.ConnectionError, match="reset by peer"):
        post(fake, ADA)

    assert [registrant.email for registrant in fake.registrants(WEBINAR)] == stored


def test_silence_lasts_until_the_client_gives_up(fake: FakeZoomControl) -> None:
    fake.add_fault(kind="hang", processed="yes")

    with pytest.raises(requests.exceptions.ReadTimeout):
        post(fake, ADA, timeout=0.2)

    assert [registrant.email for registrant in fake.registrants(WEBINAR)] == [ADA]


@pytest.mark.parametrize("kind", ["drip_body", "drip_headers"])
def test_a_slow_response_exceeds_the_timeout(fake: FakeZoomControl, kind: str) -> None:
    fake.add_fault(kind=kind, seconds_per_byte=30)

    with pytest.raises(requests.exceptions.RequestException, match="timed out"):
        post(fake, ADA, timeout=0.3)


@pytest.mark.parametrize("kind", ["drip_body", "drip_headers"])
def test_a_slow_response_is_complete(fake: FakeZoomControl, kind: str) -> None:
    fake.add_fault(kind=kind, seconds_per_byte=0)

    assert post(fake, ADA).json()["registrants"][0]["email"] == ADA


def test_a_cut_connection_breaks_the_body(fake: FakeZoomControl) -> None:
    fake.add_fault(kind="cut_connection")

    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        post(fake, ADA)


def test_a_huge_body_is_complete(fake: FakeZoomControl) -> None:
    fake.add_fault(kind="huge_body", megabytes=5)

    assert len(post(fake, ADA).content) > 5_000_000


def test_latency_is_real(fake: FakeZoomControl) -> None:
    fake.set_latency(60_000)
    with pytest.raises(requests.exceptions.ReadTimeout):
        post(fake, ADA, timeout=0.2)

    fake.set_latency(1)
    assert post(fake, ADA).status_code == 201


def test_a_batch_is_registered_and_read_back(fake: FakeZoomControl) -> None:
    response = post(fake, ADA, GRACE)

    assert response.status_code == 201
    assert response.headers["X-RateLimit-Category"] == "Heavy"
    (call,) = fake.calls()
    assert (call.call, call.emails, call.violations) == ("batch", (ADA, GRACE), ())
    assert call.tracking_id == response.headers["x-zm-trackingid"]
    assert [entry.status for entry in fake.registrants(WEBINAR)] == [Status.APPROVED, Status.APPROVED]
    assert [entry.attempts for entry in fake.attempts()] == [1, 1]
    assert fake.highest_attempts() == 1


def test_everything_can_be_controlled(fake: FakeZoomControl) -> None:
    fake.set_limits(plan="business", adds_per_registrant_and_day=1)
    fake.set_profile(client_secret="another", token_seconds=10 * 86_400)
    fake.set_switches(success_status=200)
    fake.add_fault(kind="html_502")
    assert post(fake, ADA).status_code == 502
    fake.add_fault(kind="html_502", times=9)
    fake.clear_faults()
    assert [post(fake, ADA).status_code for _ in range(2)] == [200, 429]
    before = fake.report()["now"]
    assert fake.advance(86_400) >= before + 86_400
    assert post(fake, ADA).status_code == 200
    fake.revoke_tokens()
    fake.clear_calls()
    fake.delete_webinar(WEBINAR)
    assert post(fake, GRACE).json()["code"] == 3001
    assert fake.report()["limits"]["heavy_per_second"] == 40


def test_a_token_is_minted_over_http(fake: FakeZoomControl) -> None:
    response = requests.post(
        f"{fake.base_url}/oauth/token",
        auth=("fake-client", "fake-secret"),
        data={"grant_type": "account_credentials", "account_id": "fake-account"},
        timeout=TIMEOUT_SECONDS,
    )

    assert response.status_code == 200
    assert response.json()["token_type"] == "bearer"
