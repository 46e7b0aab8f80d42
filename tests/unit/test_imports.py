"""Imports go one way: which folder of the layer, the functions and the command line may import which.

Each row names the folders that it may import, all of them rows further up: a circle cannot be written down. A row that
names more than its code imports fails as well, so that the table stays the truth.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.conftest import ROOT

LATER = re.compile(r"registrar_cli(\.\w+)+:\w+")
ALLOWED = {
    "layers/registrar/registrar": {
        "limits": "",
        "_compat": "",
        "registrants": "limits",
        "runtime": "limits registrants",
        "zoom": "limits registrants runtime",
        "forms": "limits registrants zoom",
        "storage": "limits _compat registrants runtime zoom",
        "queue": "limits _compat registrants runtime zoom",
        "outcomes": "limits _compat registrants zoom queue",
        "observability": "limits _compat registrants zoom queue outcomes",
        "registration": "limits _compat registrants runtime zoom storage queue outcomes observability",
    },
    "functions/accept_submission": {
        "form_fields": "registrar",
        "form": "registrar form_fields",
        "redirect": "registrar",
        "submissions": "registrar",
        "turnstile": "registrar submissions",
        "answer": "registrar form",
        "answer_pages": "registrar form redirect answer",
        "app": "registrar form redirect submissions turnstile answer answer_pages",
    },
    "functions/accept_form": {
        "form_table": "registrar",
        "form_secrets": "registrar",
        "reply": "registrar",
        "outbox": "registrar form_table",
        "app": "registrar form_table form_secrets reply outbox",
    },
    "functions/register_batch": {"wiring": "registrar", "app": "registrar wiring"},
    "functions/refresh_token": {
        "credentials": "registrar",
        "lease": "registrar",
        "mint": "registrar credentials",
        "app": "registrar credentials lease mint",
    },
    "cli/registrar_cli": {
        "terminal": "registrar",
        "clients": "registrar terminal",
        "csv_files": "registrar terminal",
        "registrants": "registrar terminal clients csv_files",
        "operations": "registrar terminal clients registrants",
        "dead_letters": "registrar terminal clients csv_files registrants operations",
        "importing": "registrar terminal clients csv_files registrants operations",
        "forms": "registrar terminal clients csv_files operations dead_letters",
        "doctor": "registrar terminal clients registrants operations forms",
        "erasure": "registrar terminal clients registrants dead_letters",
        "configuration": "registrar terminal clients",
        "ending": "registrar terminal clients",
        "app": "terminal registrants operations dead_letters importing forms doctor erasure configuration ending",
        "__main__": "terminal app",
    },
}


def modules_imported(source: str) -> Iterator[str]:
    """Yield the dotted name of every import; `from a import b` yields `a.b`, which may be a module.

    A text such as "registrar_cli.doctor.command:doctor" is an import too: a command's, when it runs.
    """
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, "a relative import does not name its folder"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Constant) and LATER.fullmatch(str(node.value)):
            yield str(node.value).replace(":", ".")


def imports_of(folder: Path, rows: Mapping[str, str]) -> dict[str, set[str]]:
    """Return which rows (and `registrar`) each row's files import."""
    found: dict[str, set[str]] = {}
    for file in folder.rglob("*.py"):
        row = file.relative_to(folder).parts[0].removesuffix(".py")
        if row == "__init__":
            continue
        names = found.setdefault(row, set())
        for module in modules_imported(file.read_text(encoding="utf-8")):
            parts = module.split(".")
            top = parts[1] if parts[0] == folder.name else parts[0]
            names.update({top} & {*rows, "registrar"} - {row})
    return found


@pytest.mark.parametrize("name", ALLOWED)
def test_every_folder_imports_what_its_row_says_and_no_more(name: str) -> None:
    rows = ALLOWED[name]
    assert imports_of(ROOT / name, rows) == {row: set(allowed.split()) for row, allowed in rows.items()}


@pytest.mark.parametrize("name", ALLOWED)
def test_a_row_names_rows_above_it(name: str) -> None:
    above = {"registrar"}
    for row, allowed in ALLOWED[name].items():
        assert above >= set(allowed.split()), row
        above.add(row)


def test_an_import_that_runs_back_up_is_found(tmp_path: Path) -> None:
    rows = ALLOWED["layers/registrar/registrar"]
    (tmp_path / "registrar" / "zoom").mkdir(parents=True)
    (tmp_path / "registrar" / "zoom" / "client.py").write_text(
        "from registrar.queue import batcher\nfrom registrar import outcomes, limits\n", encoding="utf-8"
    )
    found = imports_of(tmp_path / "registrar", rows)
    assert found["zoom"] - set(rows["zoom"].split()) == {"queue", "outcomes"}


def test_a_relative_import_is_refused() -> None:
    with pytest.raises(AssertionError, match="relative"):
        list(modules_imported("from .. import queue"))


@pytest.mark.parametrize("name", ["layers/registrar/registrar", "cli/registrar_cli"])
def test_the_files_of_a_folder_import_each_other_in_one_direction(name: str) -> None:
    folder = ROOT / name
    modules = {".".join(file.relative_to(folder.parent).with_suffix("").parts): file for file in folder.rglob("*.py")}
    graph = {
        module: {
            imported if imported in modules else imported.rpartition(".")[0]
            for imported in modules_imported(file.read_text(encoding="utf-8"))
        }
        & modules.keys()
        for module, file in modules.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"these import each other in a circle: {' → '.join(error.args[1])}")
