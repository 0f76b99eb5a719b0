#!/bin/sh
# Puts s3rver, a server that speaks S3 (npm), into a folder for the tests of files in S3, where npm is.
# Without it those tests are skipped and say so, so nothing here fails.
#   sh scripts/s3_server.sh FOLDER
LIMIT_S=180
VERSION=3.7.1

[ -x "$1/node_modules/.bin/s3rver" ] && exit 0
command -v npm >/dev/null && command -v node >/dev/null && command -v timeout >/dev/null || exit 0

echo "Installing s3rver for the tests of files in S3"
mkdir -p "$1" && timeout "$LIMIT_S" npm install --prefix "$1" --ignore-scripts --no-audit --no-fund \
  --no-save "s3rver@$VERSION" >/dev/null 2>&1 </dev/null ||
  echo "s3rver could not be installed; files in S3 are not tested"
