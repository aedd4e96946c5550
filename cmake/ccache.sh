#!/bin/sh
# Compiles through ccache: cmake/ccache.sh CCACHE COMPILER ARGUMENTS...
#
# A precompiled header has hundreds of megabytes, which ccache would read for each
# file that uses it; a sum beside it says as much.
set -eu

# A precompiled header is only cached when time stamps may be ignored.
export CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
export CCACHE_PCH_EXTSUM=true

"$@"
for argument; do
  case $argument in
  *.gch) sha256sum <"$argument" >"$argument.sum" ;;
  esac
done
