"""Edited lines and revisions, in their tables."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, ScalarSelect, delete, null, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from ytdubber.adapters.db.schema.line_tables import edited_lines, revisions
from ytdubber.adapters.db.schema.tables import language_tasks
from ytdubber.domain.line_edit import LineEdits, edits_of
from ytdubber.ports.revisions import Revision


class SqlRevisions:
    """`Revisions`: a row for every line that is changed, and one for every revision."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def edits(self, task_id: UUID) -> LineEdits:
        query = select(edited_lines.c.line_id, edited_lines.c.edit)
        rows = self._connection.execute(query.where(edited_lines.c.task_id == task_id))
        return edits_of({row.line_id: row.edit for row in rows})

    def save_edits(self, task_id: UUID, edits: LineEdits) -> int:
        version = (
            update(language_tasks)
            .where(language_tasks.c.id == task_id)
            .values(edits_version=language_tasks.c.edits_version + 1)
            .returning(language_tasks.c.edits_version)
        )
        number: int = self._connection.execute(version).scalar_one()
        before, after = self.edits(task_id).to_json(), edits.to_json()
        if gone := [line for line in before if line not in after]:
            of_task = delete(edited_lines).where(edited_lines.c.task_id == task_id)
            self._connection.execute(of_task.where(edited_lines.c.line_id.in_(gone)))
        changed = {line: edit for line, edit in after.items() if before.get(line) != edit}
        if changed:
            owner = self._owner(task_id)
            rows = [
                {"task_id": task_id, "user_id": owner, "line_id": line, "edit": edit}
                for line, edit in changed.items()
            ]
            statement = upsert(edited_lines).values(rows)
            self._connection.execute(
                statement.on_conflict_do_update(
                    index_elements=["task_id", "line_id"], set_={"edit": statement.excluded.edit}
                )
            )
        return number

    def of_task(self, task_id: UUID) -> Sequence[Revision]:
        query = select(revisions).where(revisions.c.task_id == task_id)
        return [
            Revision(
                row.number,
                edits_of(row.edits),
                row.result,
                row.created_at,
                row.finished_at,
                row.error_message,
            )
            for row in self._connection.execute(query.order_by(revisions.c.number))
        ]

    def save(self, task_id: UUID, revision: Revision) -> None:
        values = {
            "edits": revision.edits.to_json(),
            "result": null() if revision.result is None else dict(revision.result),
            "created_at": revision.created_at,
            "finished_at": revision.finished_at,
            "error_message": revision.error_message,
        }
        row = {"task_id": task_id, "user_id": self._owner(task_id), "number": revision.number}
        self._connection.execute(
            upsert(revisions)
            .values(**row, **values)
            .on_conflict_do_update(index_elements=["task_id", "number"], set_=values)
        )

    def _owner(self, task_id: UUID) -> ScalarSelect[UUID]:
        query = select(language_tasks.c.user_id).where(language_tasks.c.id == task_id)
        return query.scalar_subquery()
