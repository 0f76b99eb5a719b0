"""Lines that users want to hear, in their table."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection, Row, func, insert, select, text, update

from ytdubber.adapters.db.schema.line_tables import line_previews
from ytdubber.adapters.db.schema.tables import language_tasks
from ytdubber.domain.line_edit import LineEdit
from ytdubber.ports.line_previews import LinePreview

# Longer nobody waits for one.
_WAITED_FOR = line_previews.c.created_at > func.now() - text("interval '1 minute'")
_COLUMNS = [
    line_previews.c[name]
    for name in ("id", "task_id", "line_id", "edit", "made", "error_code", "error_message")
]


class SqlLinePreviews:
    """`LinePreviews`: a row for each, gone within an hour."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, preview: LinePreview) -> None:
        owner = select(language_tasks.c.user_id).where(language_tasks.c.id == preview.task_id)
        self._connection.execute(
            insert(line_previews).values(
                id=preview.id,
                task_id=preview.task_id,
                user_id=owner.scalar_subquery(),
                line_id=preview.line_id,
                edit=preview.edit.to_json(),
            )
        )

    def under_way(self, user_id: UUID) -> int:
        query = select(func.count()).select_from(line_previews)
        query = query.where(line_previews.c.user_id == user_id, _WAITED_FOR)
        query = query.where(line_previews.c.stage.in_(["waiting", "sent", "speaking"]))
        count: int = self._connection.execute(query).scalar_one()
        return count

    def get(self, preview_id: UUID) -> LinePreview | None:
        query = select(*_COLUMNS).where(line_previews.c.id == preview_id)
        return _preview(self._connection.execute(query).first())

    def take(self, preview_id: UUID) -> LinePreview | None:
        statement = (
            update(line_previews)
            .where(line_previews.c.id == preview_id, _WAITED_FOR)
            .where(line_previews.c.stage.in_(["waiting", "sent"]))
            .values(stage="speaking")
            .returning(*_COLUMNS)
        )
        return _preview(self._connection.execute(statement).first())

    def spoken(self, preview_id: UUID, made: Mapping[str, object]) -> None:
        statement = update(line_previews).where(line_previews.c.id == preview_id)
        self._connection.execute(statement.values(stage="spoken", made=dict(made)))

    def failed(self, preview_id: UUID, code: str, message: str) -> None:
        statement = update(line_previews).where(line_previews.c.id == preview_id)
        self._connection.execute(
            statement.values(stage="failed", error_code=code, error_message=message)
        )


def _preview(row: Row[tuple[object, ...]] | None) -> LinePreview | None:
    if row is None:
        return None
    edit = LineEdit().with_changes(row.edit)
    return LinePreview(
        row.id, row.task_id, row.line_id, edit, row.made, row.error_code, row.error_message
    )
