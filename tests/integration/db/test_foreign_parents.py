"""What the API's own login could do if somebody made it say anything: nothing to others' rows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors, sql
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from tests.integration.db.test_isolation import act_as, everything_of

from ytdubber.adapters.db.schema.columns import SCHEMA

Connection = psycopg.Connection[dict[str, Any]]

FOREIGN_KEYS = """
select c.conname as name, t.relname as child, p.relname as parent, a.attname as column,
  f.attname as key
from pg_constraint c
join pg_class t on t.oid = c.conrelid join pg_class p on p.oid = c.confrelid
join lateral unnest(c.conkey, c.confkey) as k (mine, theirs) on true
join pg_attribute a on a.attrelid = t.oid and a.attnum = k.mine
join pg_attribute f on f.attrelid = p.oid and f.attnum = k.theirs
where c.contype = 'f' and t.relnamespace = 'ytdubber'::regnamespace and a.attname <> 'user_id'
  and p.relname <> 'users'
order by 2, 4
"""
ANOTHER: dict[str, Callable[[dict[str, Any]], object]] = {
    "id": lambda _: uuid4(),
    "key": lambda row: f"{row['job_id']}/{uuid4()}",
    "token_sha256": lambda _: str(uuid4()),
    "idempotency_key": lambda row: f"charge:{row['job_id']}",
    "track": lambda _: "background",
    "position": lambda _: 1,
    "language": lambda _: "es",
    "path": lambda _: f"{uuid4()}/mix.mp3",
    "unit": lambda _: "seconds",
    "line_id": lambda _: "u2",
    "number": lambda _: 2,
}
"""New values of what is unique, so that nothing but the parent is wrong with a row."""


@dataclass(frozen=True)
class Link:
    """A column that names a parent."""

    child: str
    column: str
    parent: str
    key: str


@pytest.fixture
def database(database_url: str) -> Iterator[Connection]:
    with psycopg.connect(database_url, row_factory=dict_row) as connection:
        yield connection
        connection.rollback()


@pytest.fixture
def victim(database: Connection) -> UUID:
    """Somebody with a row in every table, and parents without children beside them."""
    user = uuid4()
    act_as(database, "service_role")
    everything_of(database, user)
    return user


@pytest.fixture
def attacker(database: Connection) -> UUID:
    user = uuid4()
    act_as(database, "service_role")
    everything_of(database, user)
    return user


def as_api(connection: Connection, user: UUID) -> None:
    """A transaction as the API begins it, logged in as the API."""
    connection.execute("reset role")
    connection.execute("set session authorization ytdubber_api")
    act_as(connection, "authenticated", user)


def as_worker(connection: Connection, user: UUID) -> None:
    del user
    act_as(connection, "service_role")


def ask(connection: Connection, query: LiteralString, *values: object) -> list[dict[str, Any]]:
    return connection.execute(query, values).fetchall()


def table(name: str) -> sql.Identifier:
    return sql.Identifier(SCHEMA, name)


def row_of(connection: Connection, name: str, user: UUID) -> dict[str, Any]:
    """The user's row."""
    query = sql.SQL("select * from {} where user_id = %s limit 1").format(table(name))
    (row,) = connection.execute(query, (user,)).fetchall()
    return row


def copy(connection: Connection, name: str, row: dict[str, Any]) -> None:
    if name == "job_events":  # its id is the database's to give
        row.pop("id")
    if name == "line_previews":  # what becomes of it is the service's to write
        row = {each: row[each] for each in ("id", "task_id", "user_id", "line_id", "edit")}
    values = [Jsonb(v) if isinstance(v, dict | list) and c != "target_languages" else v
              for c, v in row.items()]  # fmt: skip
    columns = sql.SQL(", ").join(map(sql.Identifier, row))
    places = sql.SQL(", ").join([sql.Placeholder()] * len(row))
    query = sql.SQL("insert into {} ({}) values ({})").format(table(name), columns, places)
    connection.execute(query, values)


def lone(connection: Connection, name: str, user: UUID) -> dict[str, Any]:
    """Another row of the user's in the table, to which no other row belongs."""
    row = row_of(connection, name, user)
    if name in ("transcripts", "language_tasks"):
        row["job_id"] = lone(connection, "dubbing_jobs", user)["id"]
    row |= {column: new(row) for column, new in ANOTHER.items() if column in row}
    copy(connection, name, dict(row))
    return row


def links(connection: Connection) -> list[Link]:
    rows = ask(connection, FOREIGN_KEYS)
    return [Link(r["child"], r["column"], r["parent"], r["key"]) for r in rows]


def test_every_parent_is_known_by_its_user_too(database: Connection) -> None:
    composite = ask(
        database,
        "select conrelid::regclass::text as child from pg_constraint where contype = 'f'"
        " and connamespace = 'ytdubber'::regnamespace and confrelid <> 'ytdubber.users'::regclass"
        " and cardinality(conkey) = 1",
    )
    assert composite == []
    assert len(links(database)) == 20


@pytest.mark.parametrize("whoever", [as_api, as_worker])
def test_no_row_is_hung_onto_somebody_elses(
    database: Connection,
    victim: UUID,
    attacker: UUID,
    whoever: Callable[[Connection, UUID], None],
) -> None:
    accepted = []
    for link in links(database):
        as_worker(database, victim)
        parent = lone(database, link.parent, victim)[link.key]
        own = row_of(database, link.child, attacker)
        row = own | {c: new(own) for c, new in ANOTHER.items() if c in own} | {link.column: parent}
        if "key" in row:
            row["key"] = f"{row['job_id']}/{uuid4()}"
        if link.child == "credit_transactions":
            charge = {"kind": "charge", "amount_cents": -1}
            row |= charge | {"idempotency_key": f"charge:{row['job_id']}"}
        change = sql.SQL("update {} set {} = %s where user_id = %s").format(
            table(link.child), sql.Identifier(link.column)
        )
        refused = (errors.ForeignKeyViolation, errors.InsufficientPrivilege)
        whoever(database, attacker)
        for what, attempt in (
            ("insert", lambda row=row, name=link.child: copy(database, name, dict(row))),
            ("update", lambda q=change, to=parent: database.execute(q, (to, attacker))),
        ):
            try:
                with database.transaction(force_rollback=True):
                    attempt()
                    accepted.append((what, link.child, link.column))
            except refused:
                pass
            except (errors.RestrictViolation, errors.CheckViolation):
                assert what == "update"  # append-only, or a key in storage that is another job's
        database.execute("reset session authorization")
    assert accepted == []


def test_every_row_that_the_api_may_write_can_be_written_for_oneself(
    database: Connection, attacker: UUID
) -> None:
    """The walk refuses for the parent's sake and nothing else."""
    written = []
    for name in sorted({link.child for link in links(database)}):
        as_worker(database, attacker)
        own = row_of(database, name, attacker)
        if "job_id" in own and name not in ("utterances", "artifacts"):
            own["job_id"] = lone(database, "dubbing_jobs", attacker)["id"]
        row = own | {c: new(own) for c, new in ANOTHER.items() if c in own}
        if name == "credit_transactions":
            row |= {"kind": "charge", "amount_cents": -1}
        if name == "downloads":
            row["artifact_id"] = lone(database, "artifacts", attacker)["id"]
        as_api(database, attacker)
        try:
            with database.transaction(force_rollback=True):
                copy(database, name, row)
                written.append(name)
        except errors.InsufficientPrivilege:
            pass
        database.execute("reset session authorization")
    assert written == [
        "credit_transactions",
        "download_tokens",
        "downloads",
        "edited_lines",
        "job_events",
        "language_tasks",
        "line_previews",
        "share_links",
        "uploads",
    ]


def test_a_file_in_storage_is_its_jobs(database: Connection, victim: UUID, attacker: UUID) -> None:
    finished = row_of(database, "artifacts", victim)
    upload = row_of(database, "uploads", attacker) | {"id": uuid4(), "track": "background"}
    as_api(database, attacker)
    with pytest.raises(errors.CheckViolation), database.transaction():
        copy(database, "uploads", upload | {"key": f"{finished['job_id']}/{uuid4()}"})


def test_nobody_takes_the_key_of_a_refund_or_a_purchase(
    database: Connection, victim: UUID, attacker: UUID
) -> None:
    theirs = row_of(database, "dubbing_jobs", victim)["id"]
    mine = row_of(database, "dubbing_jobs", attacker)["id"]
    as_api(database, attacker)
    entry = (
        "insert into ytdubber.credit_transactions (id, user_id, job_id, kind, amount_cents,"
        " status, description, idempotency_key) values (%s, %s, %s, 'charge', -1, %s, 'x', %s)"
    )
    for job, status, key in (
        (mine, "succeeded", f"refund:{theirs}:pt"),
        (mine, "succeeded", f"refund:{mine}:pt"),
        (mine, "succeeded", "purchase:pi_1"),
        (mine, "succeeded", f"charge:{theirs}"),
        (mine, "failed", f"charge:{mine}"),
        (None, "succeeded", f"charge:{theirs}"),
        (theirs, "succeeded", f"charge:{theirs}"),
    ):
        refused = (errors.InsufficientPrivilege, errors.ForeignKeyViolation)
        with pytest.raises(refused), database.transaction():
            database.execute(entry, (uuid4(), attacker, job, status, key))
    database.execute(entry, (uuid4(), attacker, mine, "succeeded", f"charge:{mine}"))


def test_nobody_says_which_customer_of_the_payment_service_they_are(database: Connection) -> None:
    user = uuid4()
    as_api(database, user)
    query = "insert into ytdubber.users (id, stripe_customer_id) values (%s, 'cus_1')"
    with pytest.raises(errors.InsufficientPrivilege), database.transaction():
        database.execute(query, (user,))
    database.execute("insert into ytdubber.users (id, email) values (%s, 'a@b.c')", (user,))
