/** Lays `over` upon `base`. */
export function merge(base, over) {
  for (const key in over) {
    if (typeof over[key] === "object" && typeof base[key] === "object") merge(base[key], over[key]);
    else base[key] = over[key];
  }
  return base;
}
