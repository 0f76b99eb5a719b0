-- Uploads that outlive their connection count toward a user's day as they come.

alter table ytdubber.uploads
  add column received_bytes bigint not null default 0;
