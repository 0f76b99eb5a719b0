#!/bin/sh
# Installs Chromium for the tests of the web page, where there is none and that is possible: as root
# on a system with apt-get. Without it those tests are skipped and say so, so nothing here fails.
LIMIT_S=300

for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null && command -v timeout >/dev/null || exit 0

echo "Installing Chromium for the tests of the web page"
export DEBIAN_FRONTEND=noninteractive
timeout "$LIMIT_S" sh -c "
  apt-get update -qq &&
  apt-get install -qq --yes --no-install-recommends chromium
" >/dev/null 2>&1 </dev/null || echo "Chromium could not be installed; the page is not tested"
