/** Names that hold keys by custom: a whole word of these, words being parted by underscores. */
const SECRET_NAME =
  /(?:^|_)(?:(?:API|ACCESS|AUTH|PRIVATE|SECRET|SIGNING|ENCRYPTION|ACCOUNT|MASTER)_?KEY|KEY|APIKEY|TOKENS?|SECRETS?|PASSWORD|PASSWD|PASS|PWD|PASSPHRASE|CREDENTIALS?|PAT|CONNECTION_STRING)(?:_(?:ID|BASE64|JSON))?$/i;
/** What keys look like, whatever they are called. */
const SECRET_VALUE =
  /^(?:sk-[\w-]{16,}|(?:ghp|gho|ghu|ghs|ghr)_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|AKIA[0-9A-Z]{16}|AIza[\w-]{30,}|hf_\w{20,}|npm_\w{30,}|-----BEGIN [A-Z ]*PRIVATE KEY)/;
/** Variables of the editor that make its own programs, or Node, behave otherwise. */
const EDITOR_NAME = /^(?:VSCODE_|ELECTRON_|CHROME_DESKTOP$|ORIGINAL_XDG_CURRENT_DESKTOP$)/i;
/** Look like secrets by name, but are not, and are needed. */
const HARMLESS: readonly string[] = ["PWD", "OLDPWD", "GIT_ASKPASS_PASS"];

/** For commands nobody watches: no colours, no pager, no question. */
const QUIET = { TERM: "dumb", NO_COLOR: "1", PAGER: "cat", GIT_PAGER: "cat", GIT_TERMINAL_PROMPT: "0" } as const;
const LOUD: readonly string[] = ["FORCE_COLOR", "CLICOLOR_FORCE", "COLORTERM"];

export interface EnvRules {
  /** Variables dropped besides those that look like secrets. */
  readonly drop: readonly string[];
  /** Variables kept although they look like secrets. */
  readonly keep: readonly string[];
}

/** The environment of a command: without secrets, without what belongs to the editor, and quiet. */
export function commandEnv(env: NodeJS.ProcessEnv, { drop, keep }: EnvRules = { drop: [], keep: [] }): NodeJS.ProcessEnv {
  const dropped = namesOf([...drop, ...LOUD]);
  const kept = namesOf([...keep, ...HARMLESS]);
  const entries = Object.entries(env).filter(([name, value]) => {
    if (value === undefined || dropped.has(name.toUpperCase())) return false;
    return kept.has(name.toUpperCase()) || !(EDITOR_NAME.test(name) || SECRET_NAME.test(name) || SECRET_VALUE.test(value));
  });
  return { ...Object.fromEntries(entries), ...QUIET };
}

/** Windows does not tell names apart by case. */
function namesOf(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map((name) => name.toUpperCase()));
}
