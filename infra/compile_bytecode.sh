#!/bin/sh
# Usage: infra/compile_bytecode.sh FOLDER PATH_IN_LAMBDA PYTHON_VERSION
# Adds bytecode that Lambda can use: it may not write any, and it unpacks zips whose files are all dated 1980, which
# voids bytecode that is checked by date. Measured: imports take about half the time. Skipped, and said so, without
# that Python. At the end every file is dated 1980: the same input gives the same zip.
set -eu
folder=$1 path_in_lambda=$2 version=$3
if python=$("$(dirname "$0")/find_python.sh" "$version"); then
    "$python" -m compileall -q -j 0 -s "$folder" -p "$path_in_lambda" --invalidation-mode unchecked-hash "$folder"
else
    echo "bytecode: no Python $version here (PATH, pyenv, \$PYTHON$(echo "$version" | tr -d .)):" \
        "$path_in_lambda goes without, cold starts take longer" >&2
fi
find "$folder" -exec touch -h -d @315532800 {} +
