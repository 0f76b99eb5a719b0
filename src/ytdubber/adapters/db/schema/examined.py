"""A database as an operator's deployment has it: whose rows who may read, and what time it is."""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, text

from ytdubber.adapters.db.connection.connections import connected
from ytdubber.adapters.db.connection.database_clock import TELLS_TIME
from ytdubber.adapters.db.schema.columns import SCHEMA, metadata

from . import queue_tables, tables  # noqa: F401  # whose tables fill the metadata

_ROLES = ("anon", "authenticated", "service_role")
_ACTS_AS = ("authenticated", "service_role")
_FOUND_ROLES = text(
    "select rolname, rolsuper or rolbypassrls as sees_all from pg_roles where rolname = any(:names)"
)
_MAY_ACT = text("select pg_has_role(current_user, :role, 'member')")
_SECURED = text(
    """
    select c.relname as name, c.relrowsecurity as secured
    from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
    where n.nspname = :schema and c.relkind in ('r', 'p')
    """
)
_POLICIES = text(
    """
    select tablename as name, policyname as policy, cmd, roles::text[] as roles,
      coalesce(qual, '') || ' ' || coalesce(with_check, '') as says
    from pg_policies where schemaname = :schema
    """
)
_OWNED = "user_id"
_WHO_ASKS = "auth.uid()"


def policy_faults(engine: Engine) -> Sequence[str]:
    """What is not as migrations leave it: roles, and policies on every table, so that users see
    their own rows alone.

    Raises:
        DatabaseAway, DatabaseBusy: the database does not say.
    """
    with connected(engine) as connection:
        faults = list(_role_faults(connection))
        return faults or [*_table_faults(connection)]


def _role_faults(connection: Connection) -> Iterator[str]:
    found = {
        row.rolname: row.sees_all for row in connection.execute(_FOUND_ROLES, {"names": [*_ROLES]})
    }
    for role in _ROLES:
        if role not in found:
            yield f"there is no role {role}"
    for role in ("anon", "authenticated"):
        if found.get(role):
            yield f"the role {role} is not bound by row-level security"
    for role in _ACTS_AS:
        if role in found and not connection.execute(_MAY_ACT, {"role": role}).scalar_one():
            yield f"the login may not act as {role}"


def _table_faults(connection: Connection) -> Iterator[str]:
    secured = {row.name: row.secured for row in connection.execute(_SECURED, {"schema": SCHEMA})}
    policies = connection.execute(_POLICIES, {"schema": SCHEMA}).all()
    for table in metadata.tables.values():
        name = table.name
        if name not in secured:
            yield f"there is no table {name}"
            continue
        if not secured[name]:
            yield f"{name} has no row-level security"
        theirs = [each for each in policies if each.name == name]
        if not any("service_role" in each.roles for each in theirs):
            yield f"{name} has no policy for service_role"
        if _OWNED not in table.columns:
            continue
        for each in theirs:
            if each.roles != ["service_role"] and _WHO_ASKS not in each.says:
                yield f"the policy {each.policy} on {name} is not bound to whoever asks"


def clock_ahead_s(engine: Engine) -> float:
    """By how many seconds the database's clock is ahead of this machine's.

    Raises:
        DatabaseAway, DatabaseBusy: the database does not say.
    """
    with connected(engine) as connection:
        connection.exec_driver_sql(TELLS_TIME)
        asked_s, here = time.monotonic(), datetime.now(UTC)
        there: datetime = connection.exec_driver_sql(TELLS_TIME).scalar_one()
        half_s = (time.monotonic() - asked_s) / 2
    return (there - here).total_seconds() - half_s
