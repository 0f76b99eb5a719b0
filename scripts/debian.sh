#!/bin/sh
# Puts programs of Debian's that tests run into .tools/debian, without installing them: nothing is
# started, and nothing of the system is changed. Where that is impossible the tests that want them
# are skipped and say so, so nothing here fails.
#
#   sh scripts/debian.sh redis-server pgbouncer libfaketime tcc
LIMIT_S=300
into=.tools/debian

for tool in apt-get dpkg timeout; do
  command -v "$tool" >/dev/null || exit 0
done
mkdir -p "$into/packages"
for package in "$@"; do
  [ -e "$into/$package.done" ] && continue
  if [ "$(id -u)" = 0 ] && [ -z "$updated" ]; then
    timeout "$LIMIT_S" apt-get update -qq >/dev/null 2>&1 </dev/null
    updated=yes
  fi
  # What apt would install with it, where that is not here already.
  needed=$(apt-get install --simulate --no-install-recommends "$package" 2>/dev/null |
    sed -n 's/^Inst \([^ ]*\) .*/\1/p')
  echo "Getting $package for the tests"
  if (cd "$into/packages" && timeout "$LIMIT_S" apt-get download -qq ${needed:-$package}) \
    >/dev/null 2>&1 </dev/null; then
    for file in "$into"/packages/*.deb; do
      dpkg -x "$file" "$into" && rm "$file"
    done
    touch "$into/$package.done"
  else
    rm -f "$into"/packages/*.deb
    echo "$package could not be had; the tests that want it are skipped"
  fi
done
