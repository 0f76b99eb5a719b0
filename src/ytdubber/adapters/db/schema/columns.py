"""What the columns of tables have in common."""

from typing import Any

from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    MetaData,
    Text,
    Uuid,
    text,
)
from sqlalchemy.types import TypeEngine

SCHEMA = "ytdubber"
metadata = MetaData(schema=SCHEMA)


def own_id() -> Column[Any]:
    """The key of a table."""
    return Column("id", Uuid, primary_key=True)


def whose() -> Column[Any]:
    """Whose row it is."""
    return Column("user_id", Uuid, ForeignKey(f"{SCHEMA}.users.id"), nullable=False)


def parent_id(name: str, *, required: bool = True) -> Column[Any]:
    """A column that holds the id of a parent, which `same_user` names."""
    return Column(name, Uuid, nullable=not required)


def same_user(
    column: str, table: str, key: str = "id", *, ondelete: str | None = None
) -> ForeignKeyConstraint:
    """The parent must exist, and be the same user's."""
    parent = [f"{SCHEMA}.{table}.{key}", f"{SCHEMA}.{table}.user_id"]
    return ForeignKeyConstraint([column, "user_id"], parent, ondelete=ondelete)


def moment(name: str, *, now: bool = False) -> Column[Any]:
    """A time with its zone; with `now`, that of the insertion."""
    if now:
        return Column(name, DateTime(timezone=True), nullable=False, server_default=text("now()"))
    return Column(name, DateTime(timezone=True))


def needed(name: str, kind: TypeEngine[Any], default: str | None = None) -> Column[Any]:
    """A column that is never null."""
    return Column(name, kind, nullable=False, server_default=text(default) if default else None)


def stage_column(default: str) -> Column[Any]:
    """Where something is."""
    return needed("stage", Text(), f"'{default}'")
