"""layers/registrar/trim_botocore.py keeps the services that the functions call, unchanged."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import boto3.session
import botocore
import botocore.session
import pytest
from botocore.exceptions import UnknownServiceError

from tests.template.cloudformation import ROOT

WHOLE = Path(botocore.__file__).parent / "data"
REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-5", "us-gov-west-1", "cn-north-1")


def services() -> list[str]:
    """Return the services that the functions create clients for."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("functions/*/*.py")))
    return sorted(set(re.findall(r"\baws\.client(?:_when_used)?\(\s*\"([^\"]+)\"", text)))


def run_trim(data: Path) -> subprocess.CompletedProcess[str]:
    script = ROOT / "layers" / "registrar" / "trim_botocore.py"
    return subprocess.run([sys.executable, str(script), str(data)], capture_output=True, encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def trimmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a trimmed copy of the installed botocore's data."""
    data = tmp_path_factory.mktemp("botocore") / "data"
    shutil.copytree(WHOLE, data)
    done = run_trim(data)
    assert done.returncode == 0, done.stderr
    return data


def client(data: Path, service: str, region: str = "us-east-1") -> Any:
    core = botocore.session.Session()
    core.set_credentials("AKIAEXAMPLE", "example")
    session = boto3.session.Session(botocore_session=core)  # adds a search path: the next line leaves one
    core.get_component("data_loader").search_paths[:] = [str(data)]
    return session.client(service, region_name=region)


def test_only_the_services_in_use_stay(trimmed: Path) -> None:
    assert services() == ["dynamodb", "lambda", "secretsmanager", "sqs"]
    assert sorted(path.name for path in trimmed.iterdir() if path.is_dir()) == services()
    endpoints = json.loads((trimmed / "endpoints.json").read_text(encoding="utf-8"))
    assert {name for partition in endpoints["partitions"] for name in partition["services"]} == set(services())


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("service", services())
def test_endpoints_and_signing_are_unchanged(trimmed: Path, service: str, region: str) -> None:
    def described(data: Path) -> tuple[str, str, str]:
        made = client(data, service, region)
        return made.meta.endpoint_url, made._request_signer.region_name, made._request_signer.signing_name

    assert described(trimmed) == described(WHOLE)


def test_another_service_is_an_error_that_lists_the_services(trimmed: Path) -> None:
    with pytest.raises(UnknownServiceError, match="Valid service names are: dynamodb, lambda, secretsmanager, sqs"):
        client(trimmed, "s3")


def test_an_unknown_layout_is_left_unchanged_and_reported(tmp_path: Path) -> None:
    (tmp_path / "sqs").mkdir()

    done = run_trim(tmp_path)

    assert done.returncode != 0
    assert "dynamodb, lambda, secretsmanager not found" in done.stderr
    assert (tmp_path / "sqs").is_dir()
