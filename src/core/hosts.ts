/** What an address tells of the machine behind it: names and numbers as `URL.hostname` gives them. */

/** This machine itself. */
export function isLoopback(hostname: string): boolean {
  return hostname === "[::1]" || /^(.+\.)?localhost$|^127(\.\d+){3}$/.test(hostname);
}

/** Loopback, a private network or a bare name: whatever answers there may run the model itself. */
export function isLocal(hostname: string): boolean {
  const privateAddress = /^(10|192\.168|172\.(1[6-9]|2\d|3[01])|169\.254|0)(\.\d+)+$|^\[(f[cd]|fe80)/;
  const near = privateAddress.test(hostname) || /\.(local|internal|lan|home)$/.test(hostname);
  return isLoopback(hostname) || near || !/[.:]/.test(hostname);
}
