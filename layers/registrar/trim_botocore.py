"""Trim botocore's data folder to the services that the functions call; run by the Makefile.

Each cold start lists all services and reads every service's endpoints. The other four hundred services would cost a
tenth of the start-up time and more than half of the layer's size.
"""

import json
import shutil
import sys
from pathlib import Path

SERVICES = frozenset({"dynamodb", "lambda", "secretsmanager", "sqs"})


def trim(data: Path) -> None:
    """Delete every service that is not in SERVICES from the data folder."""
    if missing := SERVICES - {path.name for path in data.iterdir()}:
        sys.exit(f"The layout of botocore's data has changed: {', '.join(sorted(missing))} not found in {data}")
    for path in data.iterdir():
        if path.is_dir() and path.name not in SERVICES:
            shutil.rmtree(path)
    endpoints = data / "endpoints.json"
    content = json.loads(endpoints.read_text(encoding="utf-8"))
    for partition in content["partitions"]:
        services = partition["services"].items()
        partition["services"] = {name: service for name, service in services if name in SERVICES}
    endpoints.write_text(json.dumps(content), encoding="utf-8")


if __name__ == "__main__":
    trim(Path(sys.argv[1]))
