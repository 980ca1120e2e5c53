# The ring is compiled with the warnings that were asked for, and run against a plain model of itself.
cc -std=c99 -Wall -Wextra -Werror -g -o hidden-check hidden-check.c ring.c || exit 1
./hidden-check || exit 1
make -B demo >/dev/null && [ "$(./demo | tail -n 1)" = "event number 39" ] && [ "$(./demo | wc -l)" -eq 4 ] || exit 1
! grep -nE '\b(malloc|calloc|realloc|alloca) *\(' ring.c ring.h || exit 1
