#!/bin/sh
# Fails for a package of the lock in which a fault is known, and for what looks like a secret.
# Exceptions: .ci/known-faults.txt, one a line with its reason, and .secrets.baseline, which holds
# what only looks like secrets: made-up keys of tests, doubles and examples.
set -eu
tools=.tools/apart
known=$(sed -n 's/^\([A-Z][A-Za-z0-9-]*\).*/--ignore-vuln \1/p' .ci/known-faults.txt)
git ls-files -z | xargs -0 $tools/detect-secrets/bin/detect-secrets-hook --no-verify --baseline .secrets.baseline
echo "No secret is in what is kept"
# shellcheck disable=SC2086  # words of their own
$tools/pip-audit/bin/pip-audit --disable-pip --require-hashes --progress-spinner off $known -r requirements/run.txt
