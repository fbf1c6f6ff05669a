#!/bin/sh
# Usage: layers/stockfish/build.sh x86_64|arm64 DESTINATION
# Puts a static Stockfish into DESTINATION/bin and its licence, source offer and build record into
# DESTINATION/share/stockfish. Compiles once: the result is kept in .tools/stockfish/<architecture>.
#   STOCKFISH_SOURCE  path or URL of the source archive, where there is no Debian or Ubuntu mirror in apt's settings
#   STOCKFISH_PLAIN   when set: for any processor of the architecture and without a profile, to compare speeds with
set -eu
here=$(cd "$(dirname "$0")" && pwd)
store="$here/../../.tools/stockfish"
architecture=$1
destination=$2

# Debian's source package `stockfish` 17-1 (suite trixie): despite its name the archive is release 17.1, with both nets.
SOURCE_FILE=stockfish_17.orig.tar.gz
SOURCE_SHA256=d4472666e7121c5f167eac4358b9e3fd41f2694c451ee552eb2e18cdf3583da2
# What `bench` counts in this release on every correct build, whatever the processor.
BENCH_NODES=2030154

say() { printf '%s\n' "stockfish: $*" >&2; }
die() { say "$*"; exit 1; }

case $architecture in
# AVX2 is all that Lambda promises. Not bmi2: its pext is microcode, and slow, on AMD's Zen 2, which Lambda may run on.
x86_64) target=x86-64-avx2 machine=x86_64 ;;
# Every Graviton that Lambda runs on has the dot product instructions.
arm64) target=armv8-dotprod machine=aarch64 ;;
*) die "the architecture must be x86_64 or arm64, not '$architecture'" ;;
esac
if [ "$(uname -m)" = "$machine" ]; then
    compiler=g++ strip=strip mode=profile-build packages="g++ make" can_run=yes
else
    # A profile needs the target's processor, so a cross build goes without.
    compiler=$machine-linux-gnu-g++ strip=$machine-linux-gnu-strip mode=build can_run=no
    packages="g++-$(echo $machine | tr _ -)-linux-gnu make"
fi
if [ -n "${STOCKFISH_PLAIN:-}" ]; then
    mode=build
    case $architecture in x86_64) target=x86-64 ;; arm64) target=armv8 ;; esac
fi

need_tools() {
    command -v "$compiler" >/dev/null && command -v make >/dev/null && return
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
        die "$compiler and make are needed; on Debian: apt-get install $packages"
    say "installing $packages"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # a list of packages
    apt-get install -y -qq --no-install-recommends $packages >/dev/null 2>&1 ||
        { apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends $packages >/dev/null; }
}

is_the_source() { [ -f "$1" ] && echo "$SOURCE_SHA256  $1" | sha256sum --check --status; }

# apt knows this machine's mirrors and how to reach them; none is named here.
fetch_with_apt() {
    for base in $(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null | sort -u); do
        for component in main universe; do
            uri="${base}pool/$component/s/stockfish/$SOURCE_FILE"
            /usr/lib/apt/apt-helper download-file "$uri" "$1" "SHA256:$SOURCE_SHA256" >/dev/null 2>&1 && return
        done
    done
    return 1
}

need_source() {
    archive="$store/$SOURCE_FILE"
    is_the_source "$archive" && return
    say "fetching the source"
    case ${STOCKFISH_SOURCE:-} in
    "") [ -x /usr/lib/apt/apt-helper ] && fetch_with_apt "$archive.part" ||
        die "no package mirror of this machine has $SOURCE_FILE; set STOCKFISH_SOURCE to its path or URL" ;;
    *://*) curl -fsSL -o "$archive.part" "$STOCKFISH_SOURCE" ;;
    *) cp "$STOCKFISH_SOURCE" "$archive.part" ;;
    esac
    is_the_source "$archive.part" || die "the source archive is not the expected one (sha256 $SOURCE_SHA256)"
    mv "$archive.part" "$archive"
}

# The node count that `bench` reports: the same on every correct build.
bench_nodes() { "$1" bench 2>&1 >/dev/null | sed -n 's/^Nodes searched *: *//p'; }

compile() {
    need_tools
    need_source
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    tar -xzf "$archive" -C "$work" --strip-components=1
    say "compiling for $target ($mode), about a minute"
    # LDFLAGS by the environment: profile-build drops those of the command line. Stockfish's Makefile takes
    # them only where it believes to be the outermost make.
    env -u MAKELEVEL -u MAKEFLAGS -u MFLAGS LDFLAGS=-static \
        make -C "$work/src" -j "$(nproc)" "$mode" ARCH="$target" COMP=gcc COMPCXX="$compiler" \
        >"$store/$architecture.log" 2>&1 || { tail -n 30 "$store/$architecture.log" >&2; die "compiling failed"; }
    "$strip" "$work/src/stockfish"
    if [ $can_run = yes ]; then
        nodes=$(bench_nodes "$work/src/stockfish")
        [ "$nodes" = $BENCH_NODES ] || die "bench gives $nodes nodes, not $BENCH_NODES: a miscompiled engine"
    fi
    rm -rf "$built"
    mkdir -p "$built/bin" "$built/share/stockfish"
    cp "$work/src/stockfish" "$built/bin/"
    cp "$work/Copying.txt" "$work/AUTHORS" "$here/SOURCE-OFFER.txt" "$built/share/stockfish/"
    printf '%s\n' "$record" >"$built/share/stockfish/BUILD.txt"
}

built="$store/$architecture${STOCKFISH_PLAIN:+-plain}"
record="Stockfish 17.1, unmodified
source   $SOURCE_FILE
sha256   $SOURCE_SHA256
target   $target
build    make $mode ARCH=$target COMP=gcc COMPCXX=$compiler, LDFLAGS=-static
bench    $BENCH_NODES nodes"

mkdir -p "$store"
exec 9>"$store/$architecture.lock"
flock 9 # two builds at once: the second waits and finds the first one's result
[ "$(cat "$built/share/stockfish/BUILD.txt" 2>/dev/null)" = "$record" ] || compile
mkdir -p "$destination"
cp -R "$built/." "$destination/"
find "$destination/bin" "$destination/share" -exec touch -h -d @315532800 {} + # 1980: the same input, the same zip
