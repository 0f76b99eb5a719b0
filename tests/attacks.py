"""The attack suite: modules whose tests are somebody who means harm. Run it with `-m attack`."""

SUITE = {
    "tests/integration/api/test_attacks.py": "headers, bodies, hosts, paths, links and races",
    "tests/integration/api/test_hostile.py": "bodies, texts, ids, lengths and values of any kind",
    "tests/integration/api/test_isolation.py": "another user's ids in every route",
    "tests/integration/api/test_late_uploads.py": "upload links that outlive their job",
    "tests/integration/api/test_links.py": "download links: changed, late, used, raced for",
    "tests/integration/api/test_refused_again.py": "refusals that are asked for once more",
    "tests/integration/api/test_tus_attacks.py": "lengths, metadata, ids of uploads by TUS",
    "tests/integration/api/test_webhooks_refused.py": "webhooks into private networks",
    "tests/integration/audio/test_decoder_server.py": "decoders that fall, end or see each other",
    "tests/integration/audio/test_hostile_media.py": "files that lie, grow or are damaged",
    "tests/integration/audio/test_other_files.py": "files that name other files, under strace",
    "tests/integration/audio/test_traced.py": "what decoding a hostile file does, under strace",
    "tests/integration/db/test_foreign_parents.py": "rows put under another user's parents",
    "tests/integration/db/test_isolation.py": "another user's rows, table by table",
    "tests/integration/identity/test_any_token.py": "tokens of any content",
    "tests/integration/identity/test_tokens.py": "tokens forged, changed, late, of others",
    "tests/integration/money/test_credits.py": "credit raced for",
    "tests/integration/storage/test_links.py": "signatures changed and made up",
    "tests/unit/adapters/test_webhook_addresses.py": "names that lead elsewhere meanwhile",
}
"""By file, what is attacked."""
