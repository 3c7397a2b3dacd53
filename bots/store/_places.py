"""Conditions on where a row belongs, with its place as parameters.

Statements that every digest needs are built once, with parameters, because building one costs several times as much as
executing it (measured on SQLite: 0.9 of the 1.1 ms that the names of forty papers took).
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, select

from bots.domain.channels import Channel, Reader
from bots.store.columns import AnyText
from bots.store.tables import tenant

#: The tenant is the workspace of a place.
IN_WORKSPACE = and_(tenant.c.platform == bindparam("platform"), tenant.c.workspace == bindparam("workspace"))


def in_workspace(place: Channel | Reader) -> dict[str, str]:
    """Return the values of `IN_WORKSPACE`."""
    return {"platform": place.platform, "workspace": place.workspace}


def in_channel(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that a row belongs to a channel; its values are `at`."""
    return and_(IN_WORKSPACE, column == bindparam("channel"))


def at(channel: Channel) -> dict[str, str]:
    """Return the values of `in_channel`."""
    return {**in_workspace(channel), "channel": channel.channel}


def among(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return the condition that a text is one of a list, the parameter `among`."""
    return column.in_(bindparam("among", type_=AnyText(), expanding=True))


def tenant_at(platform: str, workspace: str) -> Any:
    """Return the query for the id of a workspace, as a value of another query, by the names of its parameters."""
    its = and_(tenant.c.platform == bindparam(platform), tenant.c.workspace == bindparam(workspace))
    return select(tenant.c.id).where(its).scalar_subquery()
