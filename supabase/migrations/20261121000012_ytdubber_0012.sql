BEGIN;

create schema if not exists ytdubber;

-- Running upgrade 0011 -> 0012

-- What was booked at an estimate is put right when what it really used becomes known.

-- Entries are only added: this one holds the difference to what was booked before.
alter table ytdubber.cost_entries
  add column corrects boolean not null default false,
  drop constraint cost_entries_receipt_id_unit_key,
  add unique (receipt_id, unit, corrects);;

UPDATE ytdubber.alembic_version SET version_num='0012' WHERE ytdubber.alembic_version.version_num = '0011';

COMMIT;
