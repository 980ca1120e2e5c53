/** Hosts as `URL.hostname` writes them. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d+){3}$/.test(hostname);
}

/** Loopback, a private network or a bare name: whatever answers there may run the model itself. */
export function isLocal(hostname: string): boolean {
  const near = /^(10|192\.168|172\.(1[6-9]|2\d|3[01])|169\.254|0)\.|^\[(f[cd]|fe80)|\.(local|internal|lan|home)$/;
  return isLoopback(hostname) || near.test(hostname) || !/[.:]/.test(hostname);
}
