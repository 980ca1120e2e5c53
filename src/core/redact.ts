const HIDDEN = "[hidden]";

/** What keys look like, wherever they stand: headers, assignments, addresses, and the prefixes providers use. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?)(?:(?:bearer|basic|token)\s+)?[^\s"',;}]+/gi, `$1${HIDDEN}`],
  [/\b(bearer\s+)[\w.~+/=-]{8,}/gi, `$1${HIDDEN}`],
  [
    /\b((?:x-)?(?:[\w-]*api|access|auth|secret|client)[-_]?(?:key|token|secret)["']?\s*[:=]\s*["']?)[^\s"',;&}]+/gi,
    `$1${HIDDEN}`,
  ],
  [/([?&](?:key|token|api_key|apikey)=)[^&\s"']+/gi, `$1${HIDDEN}`],
  [/(\w:\/\/)[^\s/@:]+:[^\s/@]+@/g, `$1${HIDDEN}@`],
  [/\b(?:sk|pk|rk|gsk|xai|nvapi|hf|ghp|gho|ghs|ghu|glpat|github_pat|AIza)[-_]?[\w-]{16,}/g, HIDDEN],
];

/** The text without anything that looks like a key, and without the keys in `known`. */
export function redact(text: string, known: Iterable<string> = []): string {
  let safe = text;
  for (const secret of known) if (secret.length >= 4) safe = safe.replaceAll(secret, HIDDEN);
  for (const [pattern, replacement] of PATTERNS) safe = safe.replace(pattern, replacement);
  return safe;
}
