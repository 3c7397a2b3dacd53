"""The reference of the API lists every operation as it is."""

import pytest

from bots.rest.api import OPERATIONS
from bots.rest.operations import Operation
from tests.conftest import ROOT

PAGE = (ROOT / "docs/reference/api.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_an_operation_is_in_the_table(operation: Operation) -> None:
    """The table has the address, the right, each parameter and the words of every operation."""
    (row,) = (line for line in PAGE.splitlines() if line.startswith(f"| `{operation.method} {operation.path}` |"))
    names = [each.name for each in operation.parameters] + list((operation.body or {}).get("properties", ()))
    assert [f"`{operation.right}`", *(f"`{name}`" for name in names), operation.says] == [
        each for each in (f"`{operation.right}`", *(f"`{name}`" for name in names), operation.says) if each in row
    ]


def test_the_table_has_no_other_operation() -> None:
    """Every row of the table is an operation."""
    rows = [line for line in PAGE.splitlines() if line.startswith(("| `GET", "| `POST", "| `PUT", "| `DELETE"))]
    assert len(OPERATIONS) == len(rows)
