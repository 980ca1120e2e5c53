import { each, type Found, type Reader } from "./checkFound";

/** Lines that name an error each, counted where nothing sums them up. */
function errorLines(lines: readonly string[], pattern: RegExp): readonly Found[] {
  const found = lines.filter((line) => pattern.test(line)).length;
  return found > 0 ? [{ at: lines.length, passes: null, failures: found, by: "lines" }] : [];
}

/** tsc, biome, mypy and ruff sum up alike; a plain tsc does not. */
const typescript: Reader = (lines) => {
  const sums = each(lines, /^Found (\d{1,9}) errors?\b/, ([, errors], at) => {
    return { at, passes: null, failures: Number(errors), by: "part" };
  });
  return sums.length > 0 ? sums : errorLines(lines, /^\S.{0,300}\berror TS\d{1,6}: /);
};

const eslint: Reader = (lines) =>
  each(lines, /^✖ \d{1,9} problems? \((\d{1,9}) errors?, \d{1,9} warnings?\)$/, ([, errors], at) => {
    return { at, passes: null, failures: Number(errors), by: "part" };
  });

/** The crate may be built twice, for itself and for its tests: the larger count is taken. */
const cargo: Reader = (lines) => {
  const crates = new Map<string, Found>();
  lines.forEach((line, at) => {
    const match = /^error: could not compile `([^`]{1,100})`.{0,100}? due to (?:(\d{1,9}) )?previous errors?/.exec(line);
    if (!match) return;
    const failures = Number(match[2] ?? 1);
    if (failures > (crates.get(match[1] ?? "")?.failures ?? 0)) {
      crates.set(match[1] ?? "", { at, passes: null, failures, by: "part" });
    }
  });
  return [...crates.values()];
};

/** Lines below the name of a package, `# example.org/a`; what vet found has no other mark. */
const go: Reader = (lines) =>
  lines.some((line) => /^# \S{1,300}(?: \[\S{1,300}\])?$/.test(line))
    ? errorLines(lines, /^(?:vet: )?(?:\.{0,2}\/)?[\w@.+/-]{1,200}\.go:\d{1,7}:\d{1,6}: /)
    : [];

/** gcc, clang, javac and the like; of javac's lines Maven prints each twice, so its sum is taken. */
const compilers: Reader = (lines) => {
  const sums = each(lines, /^(?:\[INFO\] )?(\d{1,9}) errors?(?: generated\.)?$/, ([, errors], at) => {
    return { at, passes: null, failures: Number(errors), by: "part" };
  });
  return sums.length > 0 ? sums : errorLines(lines, /^[^\s:][^:]{0,200}:\d{1,7}(?::\d{1,6})?: (?:fatal )?error: /);
};

const dotnet: Reader = (lines) => {
  const sums = each(lines, /^ {4}(\d{1,9}) Error\(s\)$|^Build failed with (\d{1,9}) error\(s\)/, ([, classic, logger], at) => {
    return { at, passes: null, failures: Number(classic ?? logger), by: "total" };
  });
  return sums.slice(-1);
};

/** Errors of compilers, type checkers and linters: `passes` is `null`, and what failed are the errors. */
export const BUILD_READERS: readonly Reader[] = [typescript, eslint, cargo, go, compilers, dotnet];
