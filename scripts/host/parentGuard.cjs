// Preloaded into the server's processes: each ends when the process that started it is gone, however that went.
"use strict";
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.exit(0);
}, 1500).unref();
