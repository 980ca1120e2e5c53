#!/bin/sh
# rotate.sh [-n] DIR KEEP: deletes all but the newest KEEP backups of each host; -n only says which.
LC_ALL=C
export LC_ALL
home=$(CDPATH= cd -P -- "$(dirname -- "$0")" && pwd) || exit 2
. "$home/lib.sh"

fail() {
  printf '%s\n' "rotate.sh: $1" >&2
  exit 2
}

dry=no
if [ "${1-}" = -n ]; then
  dry=yes
  shift
fi
[ $# -eq 2 ] || fail "usage: rotate.sh [-n] DIR KEEP"
case $2 in
'' | *[!0-9]*) fail "KEEP is a whole number of 1 or more, not \"$2\"" ;;
esac
keep=$(printf '%s' "$2" | sed 's/^0*//')
[ -n "$keep" ] || fail "KEEP is a whole number of 1 or more, not \"$2\""
[ -d "$1" ] || fail "there is no folder $1"
case $1 in
/*) dir=$1 ;;
*) dir=./$1 ;;
esac
cd "$dir" 2>/dev/null || fail "cannot enter $1"

backups | surplus "$keep" | sort | while IFS= read -r name; do
  [ "$dry" = yes ] || rm -f -- "$name" || exit 1
  printf '%s\n' "deleted $name"
done
