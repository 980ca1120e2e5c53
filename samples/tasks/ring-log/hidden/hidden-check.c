#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ring.h"

#define MOST 4096
static char *model[MOST];
static size_t first, last, held;

static void fail(const char *what, size_t capacity, int step) {
  printf("wrong: %s (capacity %zu, step %d)\n", what, capacity, step);
  exit(1);
}

static unsigned random_state = 12345;
static unsigned next_random(void) {
  random_state = random_state * 1103515245u + 12345u;
  return random_state >> 16;
}

static bool model_write(size_t capacity, const char *line) {
  size_t need = strlen(line) + 1;
  if (need > capacity) return false;
  while (held + need > capacity) {
    held -= strlen(model[first]) + 1;
    free(model[first++]);
  }
  model[last] = malloc(need);
  memcpy(model[last++], line, need);
  held += need;
  return true;
}

static void compare(const struct ring *ring, size_t capacity, int step) {
  char out[300];
  if (ring_count(ring) != last - first) fail("count", capacity, step);
  for (size_t n = 0; n < last - first; n++) {
    memset(out, '#', sizeof out);
    long length = ring_read(ring, n, out, sizeof out);
    if (length != (long)strlen(model[first + n])) fail("length", capacity, step);
    if (strcmp(out, model[first + n]) != 0) fail("text", capacity, step);
    memset(out, '#', sizeof out);
    size_t size = next_random() % 6;
    if (ring_read(ring, n, out, size) != length) fail("length with a small size", capacity, step);
    if (size > 0 && (strlen(out) != ((size_t)length < size ? (size_t)length : size - 1) || strncmp(out, model[first + n], strlen(out)) != 0))
      fail("text cut to a small size", capacity, step);
    if (out[size] != '#') fail("wrote past the size", capacity, step);
  }
  if (ring_read(ring, last - first, out, sizeof out) != -1) fail("a line too many", capacity, step);
  if (ring_read(ring, last - first + 7, out, sizeof out) != -1) fail("far too many", capacity, step);
}

int main(void) {
  struct ring ring;
  char none[1];
  if (ring_init(&ring, none, 0)) fail("capacity 0", 0, 0);
  if (ring_init(&ring, NULL, 8)) fail("no block", 8, 0);
  for (size_t capacity = 1; capacity <= 70; capacity++) {
    char *guarded = malloc(capacity + 16);
    memset(guarded, '#', capacity + 16);
    if (!ring_init(&ring, guarded + 8, capacity)) fail("init", capacity, 0);
    first = last = held = 0;
    compare(&ring, capacity, 0);
    for (int step = 1; step <= 600; step++) {
      char line[128];
      size_t length = next_random() % (step % 7 == 0 ? capacity + 3 : capacity / 3 + 1);
      for (size_t i = 0; i < length; i++) line[i] = (char)('a' + next_random() % 26);
      line[length] = 0;
      if (ring_write(&ring, line) != model_write(capacity, line)) fail("what is refused", capacity, step);
      compare(&ring, capacity, step);
      for (size_t i = 0; i < 8; i++)
        if (guarded[i] != '#' || guarded[capacity + 8 + i] != '#') fail("wrote outside the block", capacity, step);
    }
    free(guarded);
  }
  return 0;
}
