-- How long a stem lasts, found out once: all of it, and its sound (a film's picture may last longer).
alter table ytdubber.uploads
  add column duration_ms bigint,
  add column sound_ms bigint;
