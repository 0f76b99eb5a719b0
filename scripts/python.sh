#!/bin/sh
# Makes what the targets run on, whatever Python this machine has, or says what to install.
#   python.sh uv DIR          DIR with uv in its bin
#   python.sh venv DIR UV     DIR with an environment of the newest Python that fits, made by this
#                             uv, which fetches one where there is none
# PYTHON names one interpreter, which is then used and no other.
set -u
FITTING="3.11 to 3.14"
FETCHED=3.13 # the newest that every test runs on
UV_VERSION="uv==0.13.*"

# Whether $1 runs and is a Python at least $2 and below $3, such as 3,11 and 3,15.
is_python() {
  "$1" -c "import sys; sys.exit(not ($2) <= sys.version_info[:2] < ($3))" >/dev/null 2>&1
}

# The path of the newest Python that fits; nothing where there is none.
fitting() {
  if [ -n "${PYTHON:-}" ]; then
    set -- "$PYTHON"
  else
    set -- python3.14 python3.13 python3.12 python3.11 python3 python
  fi
  for name in "$@"; do
    is_python "$name" 3,11 3,15 && "$name" -c "import sys; print(sys.executable)" && return
  done
}

# Installs uv into $1 by any Python that can, also by one that is too old for the rest.
install_uv() {
  for name in "$(fitting)" python3 python; do
    is_python "${name:-none}" 3,8 4,0 || continue
    if "$name" -m venv "$1" >/dev/null 2>&1; then
      "$1/bin/python" -m pip install --quiet "$UV_VERSION" && return
      break # what keeps it from one keeps it from the next
    elif "$name" -m pip --version >/dev/null 2>&1; then
      "$name" -m pip install --quiet --target "$1" "$UV_VERSION" && return
      break
    fi
  done
  found=$(command -v uv) && mkdir -p "$1/bin" && ln -sf "$found" "$1/bin/uv"
}

# Says what to install, and why: $1.
refuse() {
  cat >&2 <<MESSAGE
YT Dubber needs Python $FITTING; $1.
Install one, or uv, which fetches one by itself, and run make again:
  Debian, Ubuntu   apt install python3 python3-venv
  Fedora           dnf install python3
  macOS            brew install python
  uv               https://docs.astral.sh/uv/getting-started/installation
PYTHON=/path/to/python make ... uses the one you name.
MESSAGE
  exit 1
}

if [ -n "${PYTHON:-}" ] && [ -z "$(fitting)" ]; then
  refuse "PYTHON=$PYTHON does not run or is another"
fi
case "$1" in
  uv)
    install_uv "$2" || refuse "no Python here could install uv, and there is none"
    ;;
  venv)
    python=$(fitting)
    if [ -n "$python" ]; then
      "$3" venv --quiet --allow-existing --python "$python" "$2"
      exit
    fi
    "$3" venv --quiet --allow-existing --managed-python --python "$FETCHED" "$2" ||
      refuse "none is in PATH that runs, and uv could not fetch one"
    ;;
esac
