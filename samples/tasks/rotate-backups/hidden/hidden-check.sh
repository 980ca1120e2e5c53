# Checks rotate.sh; says what is wrong, and ends with 1 then.
LC_ALL=C
export LC_ALL
here=$PWD
work=$here/hidden-work
bad=0
wrong() {
  printf 'wrong: %s\n' "$1"
  bad=1
}
fresh() {
  rm -rf "$work"
  mkdir -p "$work"
}
# same WHAT WANTED FOUND
same() {
  [ "$2" = "$3" ] && return
  wrong "$1"
  printf -- '--- wanted\n%s\n--- found\n%s\n' "$2" "$3"
}
rotate() {
  sh "$here/rotate.sh" "$@"
}
names() {
  (cd "$1" && find . ! -name . -print | sed 's,^\./,,' | sort)
}
touch_at() { touch -t "$1" "$2"; }

fresh
d="$work/b"
mkdir "$d"
for day in 01 02 03 04; do
  : >"$d/web_2026-01-$day.tar.gz"
  : >"$d/web_1_2026-02-$day.tar.gz"
done
: >"$d/build box_2026-01-01.tar.gz"
# The oldest by name is the newest by time.
touch_at 203001010000 "$d/web_2026-01-01.tar.gz"
touch_at 203001010000 "$d/web_1_2026-02-01.tar.gz"
touch_at 200001010000 "$d/web_2026-01-04.tar.gz"
wanted='deleted web_1_2026-02-01.tar.gz
deleted web_1_2026-02-02.tar.gz
deleted web_2026-01-01.tar.gz
deleted web_2026-01-02.tar.gz'
before=$(names "$d")
same "-n prints what would go" "$wanted" "$(cd / && sh "$here/rotate.sh" -n "$d" 2 2>&1)"
same "-n deletes nothing" "$before" "$(names "$d")"
same "prints what goes" "$wanted" "$(cd / && sh "$here/rotate.sh" "$d" 2 2>&1)"
same "keeps the rest" 'build box_2026-01-01.tar.gz
web_1_2026-02-03.tar.gz
web_1_2026-02-04.tar.gz
web_2026-01-03.tar.gz
web_2026-01-04.tar.gz' "$(names "$d")"
same "has nothing left to do" "" "$(rotate "$d" 2 2>&1)"

fresh
d="$work/odd"
mkdir "$d" "$d/host_2026-01-01.tar.gz"
ln -s /dev/null "$d/host_2026-01-02.tar.gz"
for host in 'two  spaces' '*' '[ab]' "it's" '"q"' '-rf' 'back\slash' 'a_b_c' ' lead'; do
  : >"$d/${host}_2025-12-31.tar.gz"
  : >"$d/${host}_2026-01-01.tar.gz"
done
: >"$d/host_2026-01-03.tar.gz"
: >"$d/ab_2024-01-01.tar.gz"
for other in notes.txt web_2026-1-1.tar.gz web_2026-01-01.tar.gz.part web-2026-01-01.tar.gz web_2026-01-01_tar.gz x_abcd-ef-gh.tar.gz; do : >"$d/$other"; done
count=$(names "$d" | wc -l)
out=$(rotate "$d" 1 2>&1)
wanted=$(for host in 'two  spaces' '*' '[ab]' "it's" '"q"' '-rf' 'back\slash' 'a_b_c' ' lead'; do printf 'deleted %s_2025-12-31.tar.gz\n' "$host"; done | sort)
same "odd hosts" "$wanted" "$out"
same "nothing else is touched" "$((count - 9))" "$(($(names "$d" | wc -l)))"
[ -d "$d/host_2026-01-01.tar.gz" ] && [ -L "$d/host_2026-01-02.tar.gz" ] && [ -f "$d/host_2026-01-03.tar.gz" ] || wrong "folders and links stay, and do not count"

fresh
mkdir "$work/-d x"
for day in 1 2 3; do : >"$work/-d x/h_2026-01-0$day.tar.gz"; done
same "a folder with a dash and a space" 'deleted h_2026-01-01.tar.gz' "$(cd "$work" && sh "$here/rotate.sh" '-d x' 2 2>&1)"

fresh
mkdir "$work/empty"
out=$(rotate "$work/empty" 3 2>&1)
same "an empty folder: exit code" 0 "$?"
same "an empty folder: output" "" "$out"

fresh
mkdir "$work/k"
for day in 1 2 3; do : >"$work/k/h_2026-01-0$day.tar.gz"; done
for keep in 0 -1 1.5 x '' '1 2' '$(echo 1)'; do
  out=$(rotate "$work/k" "$keep" 2>/dev/null)
  same "KEEP '$keep': exit code" 2 "$?"
  same "KEEP '$keep': output" "" "$out"
  same "KEEP '$keep': lines on standard error" 1 "$(($(rotate "$work/k" "$keep" 2>&1 >/dev/null | wc -l)))"
done
for args in "$work/none" "$here/rotate.sh"; do
  rotate "$args" 1 >/dev/null 2>&1
  same "DIR $args: exit code" 2 "$?"
done
rotate "$work/k" >/dev/null 2>&1
same "without KEEP: exit code" 2 "$?"
same "nothing was deleted" 3 "$(($(names "$work/k" | wc -l)))"
same "more are kept than there are" "" "$(rotate "$work/k" 10 2>&1)"
rm -rf "$work"
[ $bad -eq 0 ] && exit 0
exit 1
