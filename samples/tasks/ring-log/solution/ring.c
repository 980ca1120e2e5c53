#include "ring.h"

#include <string.h>

bool ring_init(struct ring *ring, char *block, size_t capacity) {
  if (block == NULL || capacity == 0) return false;
  ring->block = block;
  ring->capacity = capacity;
  ring->used = ring->tail = 0;
  return true;
}

/* The byte `offset` bytes from the oldest one. */
static char *byte_at(const struct ring *ring, size_t offset) {
  size_t to_end = ring->capacity - ring->tail;
  return ring->block + (offset < to_end ? ring->tail + offset : offset - to_end);
}

/* Length of the line that begins `offset` bytes from the oldest byte. */
static size_t length_at(const struct ring *ring, size_t offset) {
  size_t length = 0;
  while (*byte_at(ring, offset + length) != 0) length++;
  return length;
}

static void drop_oldest(struct ring *ring) {
  size_t size = length_at(ring, 0) + 1;
  ring->tail = (size_t)(byte_at(ring, size - 1) - ring->block) + 1;
  if (ring->tail == ring->capacity) ring->tail = 0;
  ring->used -= size;
}

bool ring_write(struct ring *ring, const char *line) {
  size_t length = strlen(line);
  if (length >= ring->capacity) return false;
  while (ring->capacity - ring->used < length + 1) drop_oldest(ring);
  for (size_t i = 0; i <= length; i++) *byte_at(ring, ring->used + i) = line[i];
  ring->used += length + 1;
  return true;
}

size_t ring_count(const struct ring *ring) {
  size_t count = 0;
  for (size_t offset = 0; offset < ring->used; offset++) count += *byte_at(ring, offset) == 0;
  return count;
}

long ring_read(const struct ring *ring, size_t n, char *out, size_t size) {
  size_t offset = 0;
  while (offset < ring->used && n > 0) {
    offset += length_at(ring, offset) + 1;
    n--;
  }
  if (offset >= ring->used) return -1;
  size_t length = length_at(ring, offset);
  for (size_t i = 0; i < length && i + 1 < size; i++) out[i] = *byte_at(ring, offset + i);
  if (size > 0) out[length < size ? length : size - 1] = 0;
  return (long)length;
}
