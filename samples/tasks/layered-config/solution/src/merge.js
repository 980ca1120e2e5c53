/** A new value: `over` laid upon `base`. Neither is changed, and nothing of them is shared. */
export function merge(base, over) {
  const result = structuredLike(base);
  for (const key of Object.keys(over)) {
    const value = over[key];
    if (value === null) delete result[key];
    else if (isObject(value)) put(result, key, merge(isOwnObject(result, key) ? result[key] : {}, value));
    else put(result, key, structuredClone(value));
  }
  return result;
}

export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isOwnObject(object, key) {
  return Object.hasOwn(object, key) && isObject(object[key]);
}

function structuredLike(object) {
  const copy = {};
  for (const key of Object.keys(object)) {
    const value = object[key];
    put(copy, key, isObject(value) ? structuredLike(value) : structuredClone(value));
  }
  return copy;
}

/** As an assignment, but a key is never more than a key. */
function put(object, key, value) {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
}
