drop table ytdubber.line_previews;
