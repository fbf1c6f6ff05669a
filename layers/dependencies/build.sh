#!/bin/sh
# Usage: layers/dependencies/build.sh x86_64|arm64 PYTHON_VERSION DESTINATION
# Puts the packages of requirements.txt into DESTINATION/python, built for Lambda. Installs once for each
# requirements.txt: the result is kept in .tools/dependencies.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root="$here/../.."
architecture=$1 version=$2 destination=$3
case $architecture in
x86_64) machine=x86_64 ;;
arm64) machine=aarch64 ;;
*) echo "the architecture must be x86_64 or arm64, not '$architecture'" >&2; exit 1 ;;
esac

install_wheels() {
    pip_python="$root/.venv/bin/python"
    [ -x "$pip_python" ] || pip_python=python3
    # Lambda's Python 3.13 runs on Amazon Linux 2023, glibc 2.34. chess is published as pure Python source only;
    # anything else without a wheel for Lambda is an error, never a build for this machine.
    "$pip_python" -m pip install -q --disable-pip-version-check --no-compile --no-deps --target "$1" \
        --only-binary=:all: --no-binary=chess --implementation cp --python-version "$version" \
        --platform "manylinux_2_34_$machine" --platform "manylinux_2_28_$machine" \
        --platform "manylinux_2_17_$machine" --platform "manylinux2014_$machine" \
        -r "$here/requirements.txt"
    # What no function imports. Licences and metadata stay.
    rm -rf "$1/bin"
    find "$1" -type d \( -name tests -o -name __pycache__ \) -prune -exec rm -rf {} +
    find "$1" -type f \( -name '*.pyi' -o -name '_testcapi.*.so' -o -name RECORD -o -name INSTALLER \
        -o -name REQUESTED -o -name direct_url.json \) -delete
}

built="$root/.tools/dependencies/$architecture-$version"
mkdir -p "$root/.tools/dependencies"
exec 9>"$built.lock"
flock 9 # two builds at once: the second waits and finds the first one's result
record=$({ echo "$("$root/infra/find_python.sh" "$version" || echo none)"; cat "$here/build.sh" "$here/requirements.txt" \
    "$root/infra/compile_bytecode.sh"; } | sha256sum)
if [ "$(cat "$built.record" 2>/dev/null)" != "$record" ]; then
    rm -rf "$built" "$built.record"
    install_wheels "$built/python"
    "$root/infra/compile_bytecode.sh" "$built/python" /opt/python "$version"
    echo "$record" >"$built.record"
fi
mkdir -p "$destination"
cp -Rp "$built/python" "$destination/"
