#!/bin/sh
# Puts Python packages that tests run, and that do not fit beside what the project locks, into
# environments of their own: .tools/apart/NAME. Where that is impossible the tests that want them are
# skipped and say so, so nothing here fails.
#
#   sh scripts/apart.sh .tools/bin/uv nanio==0.1.7 supabase==2.34.0
LIMIT_S=180
uv=$1
shift

for package in "$@"; do
  into=.tools/apart/${package%%==*}
  [ "$(cat "$into/.done" 2>/dev/null)" = "$package" ] && continue
  echo "Getting $package for the tests"
  if sh scripts/python.sh venv "$into" "$uv" &&
    timeout "$LIMIT_S" "$uv" pip install --quiet --python "$into/bin/python" "$package" </dev/null; then
    echo "$package" >"$into/.done"
  else
    echo "$package could not be had; the tests that want it are skipped"
  fi
done
