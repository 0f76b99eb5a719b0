-- What was booked at an estimate is put right when what it really used becomes known.

-- Entries are only added: this one holds the difference to what was booked before.
alter table ytdubber.cost_entries
  add column corrects boolean not null default false,
  drop constraint cost_entries_receipt_id_unit_key,
  add unique (receipt_id, unit, corrects);
