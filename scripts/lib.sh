# shellcheck shell=bash
# What the scripts share; sourced with the repository's root as the directory.

say() { echo "flamigo: $*" >&2; }

# quietly WHAT COMMAND...: says WHAT, shows the command's output if it fails.
quietly() {
  local what=$1 log status=0
  shift
  say "$what."
  log=$(mktemp)
  "$@" >"$log" 2>&1 || status=$?
  if ((status != 0)); then
    cat "$log" >&2
    say "$what: failed."
  fi
  rm -f "$log"
  return $status
}
