#include <stdio.h>

#include "ring.h"

int main(void) {
  char block[64];
  char line[32];
  struct ring ring;
  ring_init(&ring, block, sizeof block);
  for (int i = 0; i < 40; i++) {
    snprintf(line, sizeof line, "event number %d", i);
    ring_write(&ring, line);
  }
  for (size_t n = 0; n < ring_count(&ring); n++) {
    ring_read(&ring, n, line, sizeof line);
    puts(line);
  }
  return 0;
}
