# Shared by the scripts beside it: dependencies, builds, and how they speak.
# shellcheck shell=bash
set -euo pipefail

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# shellcheck source=packaging/dependencies.sh
source "$top/packaging/dependencies.sh"
export LC_ALL=C.UTF-8

say() { printf '%s\n' "$*" >&2; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# missing_packages NAME... prints those of the Debian packages that are not installed.
missing_packages() {
  dpkg-query -W -f='${db:Status-Abbrev} ${Package}\n' 2>/dev/null |
    awk -v wanted="$*" '
      $1 == "ii" { have[$2] = 1 }
      END { n = split(wanted, names, " "); for (i = 1; i <= n; ++i) if (!(names[i] in have)) print names[i] }'
}

# need_packages NAME... installs what is missing on Debian 12, or says what to install.
need_packages() {
  if ! command -v dpkg-query >/dev/null || ! grep -q '^VERSION_CODENAME=bookworm' /etc/os-release; then
    [ -n "${KONVOY_DEPENDENCIES_ARE_HERE:-}" ] && return 0
    say "This is not Debian 12, so nothing can be installed for you. Needed are, by Debian's names:"
    say "  $*"
    die "install their like and set KONVOY_DEPENDENCIES_ARE_HERE=1"
  fi
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -eq 0 ] && return 0
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "as root, install: ${missing[*]}"
    as_root=(sudo)
  fi
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  local log
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update -q &&
         "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
           apt-get install -q -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    die "the packages could not be installed (the whole output is in $log)"
  fi
  rm -f "$log"
}

# build PRESET [TARGET...] configures and builds; says nothing when there is nothing to do.
build() {
  local preset=$1 log="$top/build/$1.log"
  shift
  mkdir -p "$top/build"
  if [ ! -f "$top/build/$preset/build.ninja" ]; then
    say "configuring $preset"
    (cd "$top" && cmake --preset "$preset") >"$log" 2>&1 || { tail -n 30 "$log" >&2; die "configuring $preset failed"; }
  fi
  if ninja -C "$top/build/$preset" -n "$@" 2>/dev/null | grep -q 'no work to do'; then
    return 0
  fi
  say "building $preset (the first time takes minutes; output in build/$preset.log)"
  if ! ninja -C "$top/build/$preset" "$@" >"$log" 2>&1; then
    grep -E -A4 'error|FAILED|undefined' "$log" | head -n 60 >&2
    die "building $preset failed (build/$preset.log)"
  fi
}
