#!/bin/sh
# Writes dist/sbom.cdx.json (CycloneDX) of what an installation has on this machine.
#
#   sh scripts/sbom.sh .tools/bin/uv
set -eu
uv=$1
into=.tools/sbom
mkdir -p dist
sh scripts/python.sh venv $into "$uv"
"$uv" pip install --quiet --python $into/bin/python --require-hashes -r requirements/run.txt
.tools/apart/cyclonedx-bom/bin/cyclonedx-py environment --pyproject pyproject.toml --mc-type application \
  --output-reproducible --output-file dist/sbom.cdx.json $into/bin/python
echo "written to dist/sbom.cdx.json"
