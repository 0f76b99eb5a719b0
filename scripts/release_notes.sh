#!/bin/sh
# Prints what CHANGELOG.md says of a version, and fails where it says nothing.
#
#   sh scripts/release_notes.sh 1.2.3
set -eu
awk -v version="$1" '
  /^## / { inside = ($2 == version); next }
  inside { print; if (NF) said = 1 }
  END { if (!said) { print "CHANGELOG.md says nothing of " version > "/dev/stderr"; exit 1 } }
' CHANGELOG.md
