#include "ring.h"

#include <string.h>

bool ring_init(struct ring *ring, char *block, size_t capacity) {
  ring->block = block;
  ring->capacity = capacity;
  ring->head = ring->tail = 0;
  return true;
}

static size_t used(const struct ring *ring) {
  return (ring->head - ring->tail) % ring->capacity;
}

static void drop_oldest(struct ring *ring) {
  ring->tail = (ring->tail + strlen(ring->block + ring->tail) + 1) % ring->capacity;
}

bool ring_write(struct ring *ring, const char *line) {
  size_t need = strlen(line);
  while (ring->capacity - used(ring) < need) drop_oldest(ring);
  for (size_t i = 0; i <= need; i++) ring->block[(ring->head + i) % ring->capacity] = line[i];
  ring->head = (ring->head + need + 1) % ring->capacity;
  return true;
}

size_t ring_count(const struct ring *ring) {
  size_t count = 0;
  for (size_t at = ring->tail; at != ring->head; at = (at + 1) % ring->capacity) count += ring->block[at] == 0;
  return count;
}

long ring_read(const struct ring *ring, size_t n, char *out, size_t size) {
  size_t at = ring->tail;
  while (n-- > 0) at = (at + strlen(ring->block + at) + 1) % ring->capacity;
  strncpy(out, ring->block + at, size);
  return (long)strlen(out);
}
