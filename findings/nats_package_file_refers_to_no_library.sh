#!/usr/bin/env bash
# NATS's C client: CMake's `find_package(cnats QUIET)` is an error that ends all.
#
# Expected: the development package brings a CMake package file, so whoever asks for
#   it gets a target `cnats::nats`; and who asks with QUIET and without REQUIRED goes
#   on where it cannot be had.
# Instead: the package file defines the static library beside the shared one and
#   checks that its file is there, which the package leaves out. That is a fatal
#   error, whatever the caller has said, and although the shared library is whole.
#   `find_library` finds it.
#
# libnats-dev 3.4.1-1+b1 (Debian 12), CMake 3.25.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
apt-get download -q libnats-dev=3.4.1-1+b1 libnats3.4=3.4.1-1+b1 >/dev/null
for package in ./*.deb; do dpkg -x "$package" root; done

mkdir project
cat >project/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.25)
project(asks LANGUAGES C)
find_library(found nats PATHS "${CMAKE_PREFIX_PATH}/lib" NO_DEFAULT_PATH
             PATH_SUFFIXES "${CMAKE_LIBRARY_ARCHITECTURE}")
message(STATUS "find_library: ${found}")
find_package(cnats QUIET PATHS "${CMAKE_PREFIX_PATH}" NO_DEFAULT_PATH)
message(STATUS "went on: ${cnats_FOUND}")
CMAKE
status=0
cmake -S project -B build -DCMAKE_PREFIX_PATH="$dir/root/usr" >log 2>&1 || status=$?
sed "s|$dir/||g" log | grep -E "find_library|went on|Error|referenced|static" || true
grep -q "find_library: .*libnats.so" log
((status != 0)) && ! grep -q "went on" log
