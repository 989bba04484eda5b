#!/usr/bin/env bash
# Installs what is needed, builds, and passes the tests. --fast: only those that run no codec.
set -euo pipefail
cd "$(dirname "$0")"
. tests/install.sh
install_packages packages.txt tests/packages.txt

jobs=$(nproc)
stage() { echo "== $*"; }

stage style
tests/lint/style.sh

stage "build (gcc, release) and fast tests"
cmake -S . -B build/test -G Ninja -DCMAKE_BUILD_TYPE=Release >/dev/null
cmake --build build/test
ctest --test-dir build/test -L fast -j "$jobs" --output-on-failure
[ "${1:-}" = --fast ] && exit 0

stage "media tests"
build/test/bin/make-samples samples
ctest --test-dir build/test -L media -j "$jobs" --output-on-failure

stage "fault tests"
ctest --test-dir build/test -L fault -j "$jobs" --output-on-failure

stage "build (clang, ASan and UBSan) and fast tests"
cmake -S . -B build/asan -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER=clang \
    -DRUSHES_SANITIZE=address,undefined >/dev/null
cmake --build build/asan
ctest --test-dir build/asan -L fast -j "$jobs" --output-on-failure
