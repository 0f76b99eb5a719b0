#!/bin/sh
# Checks types, with the mypy that is named: of everything when it once has looked at everything and
# so looks at what changed alone, else of what was changed since the last commit, as a first look at
# everything takes a minute and a half.
set -eu
if [ -e .mypy_cache/whole ]; then
    exec "$1"
fi
changed=$(
    git diff --name-only --diff-filter=d HEAD -- '*.py'
    git ls-files --others --exclude-standard -- '*.py'
)
if [ -z "$changed" ]; then
    echo "Types: nothing was changed since the last commit; make check looks at everything."
    exit 0
fi
# shellcheck disable=SC2086  # a file of ours has no space in its name
exec "$1" $changed
