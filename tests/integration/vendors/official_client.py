"""What a program does with the official `supabase` package; it runs where that is installed.

Reads from standard input what to do and with what; writes what came of it. Bytes go as base64.
"""

import base64
import json
import sys

from supabase import create_client  # type: ignore[attr-defined]  # it is installed elsewhere


def main() -> None:
    """Do what is asked for."""
    asked = json.load(sys.stdin)
    client = create_client(asked["url"], asked["key"])
    bucket = client.storage.from_(asked["bucket"])
    said = {}
    if "jwt" in asked:
        claims = client.auth.get_claims(jwt=asked["jwt"])
        said["sub"] = claims["claims"]["sub"]
        said["alg"] = claims["headers"]["alg"]
    for each in asked.get("uploads", []):
        data = base64.b64decode(each["data"])
        options = {"content-type": each["type"]}
        bucket.upload_to_signed_url(each["path"], each["token"], data, options)
    files = {path: bucket.download(path) for path in asked.get("downloads", [])}
    said["files"] = {path: base64.b64encode(data).decode() for path, data in files.items()}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
