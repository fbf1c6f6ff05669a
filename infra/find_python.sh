#!/bin/sh
# Usage: infra/find_python.sh 3.13
# Prints a Python of exactly that version: $PYTHON313, python3.13 on the PATH, or pyenv's. Fails when there is none.
set -eu
version=$1
named=$(eval "echo \${PYTHON$(echo "$version" | tr -d .):-}")
for candidate in "$named" "$(command -v "python$version" || true)" "$HOME/.pyenv/versions/$version".*/bin/python python3; do
    [ -n "$candidate" ] || continue
    # asked for its own path: pyenv's shims on the PATH exist even where they lead nowhere
    "$candidate" -c "import sys; '%d.%d' % sys.version_info[:2] == '$version' or sys.exit(1); print(sys.executable)" \
        2>/dev/null && exit
done
exit 1
