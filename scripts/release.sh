#!/bin/sh
# Makes a release of what is committed: gathers changes/ into CHANGELOG.md, commits and tags it.
# Pushing the tag starts .github/workflows/release.yml.
#
#   sh scripts/release.sh .venv/bin/towncrier 1.2.3
set -eu
towncrier=$1 version=$2

refuse() {
  echo "No release: $1" >&2
  exit 2
}

echo "$version" | grep -qxE '[0-9]+\.[0-9]+\.[0-9]+' || refuse "VERSION=1.2.3 says which."
[ -z "$(git status --porcelain)" ] || refuse "something is not committed."
git rev-parse -q --verify "refs/tags/v$version" > /dev/null && refuse "v$version is there already."
[ -n "$(find changes -name '*.md' ! -name README.md)" ] || refuse "changes/ holds no change."
"$towncrier" build --yes --version "$version"
git commit -qm "Version $version" -- CHANGELOG.md changes
git tag -a "v$version" -m "Version $version"
echo "v$version is tagged here. This releases it:  git push --follow-tags"
