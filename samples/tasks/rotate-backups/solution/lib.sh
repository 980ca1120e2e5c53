# Functions of rotate.sh.

# Prints the names of all backups in the present folder: plain files, links left out.
backups() {
  for name in ./*_[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9].tar.gz ./.*_[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9].tar.gz; do
    [ -f "$name" ] && [ ! -L "$name" ] || continue
    name=${name#./}
    [ "${#name}" -gt 18 ] || continue
    printf '%s\n' "$name"
  done
}

# Reads names of backups and prints those that are not among the newest $1 of their host.
surplus() {
  sed 's/^\(.*\)_\(..........\)\.tar\.gz$/\2 \1/' | sort -r | awk -v keep="$1" '
    { date = substr($0, 1, 10); host = substr($0, 12) }
    ++seen["=" host] > keep { print host "_" date ".tar.gz" }
  '
}
