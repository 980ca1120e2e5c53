#ifndef RING_H
#define RING_H

#include <stdbool.h>
#include <stddef.h>

/* The last lines of a log, in a block of memory the caller owns. */
struct ring {
  char *block;
  size_t capacity;
  size_t used; /* bytes that are taken, from the tail on */
  size_t tail; /* where the oldest line begins */
};

/* Uses `capacity` bytes at `block`. False for no block or no capacity. */
bool ring_init(struct ring *ring, char *block, size_t capacity);

/* Stores a line whole, dropping the oldest ones as needed; false, and nothing is dropped, if it can never fit. */
bool ring_write(struct ring *ring, const char *line);

/* Number of lines that are held. */
size_t ring_count(const struct ring *ring);

/* Copies the n-th line, 0 being the oldest. The length of the whole line, or -1 if there is none. */
long ring_read(const struct ring *ring, size_t n, char *out, size_t size);

#endif
