drop table ytdubber.share_links;
