/** Verbs that ask for something to be different afterwards. */
const CHANGE_VERBS = wordsOf(`
  add adapt adjust address allow amend apply bump change clean configure convert correct create deduplicate delete deprecate
  develop disable document drop enable ensure expose extend extract factor fix format generate handle hide implement improve
  inline insert integrate introduce make merge migrate modify move optimise optimize patch port prevent redesign reduce
  refactor remove rename reorder reorganise reorganize repair replace resolve restore restructure revert rework rewrite
  scaffold set shorten simplify solve sort split support swap switch tidy turn undo unify update upgrade wire wrap write`);
/** "Build the project" asks for a result, "build a to-do app" for a program. */
const NEW_THING = /^(?:build|code|design|draft|program)(?: up)?(?: me| us)? an? /;
/** Orders that only sound like changes. */
const NO_CHANGE = /^add(?:ing)? up\b/;
/** Verbs that ask for an answer. */
const ANSWER_VERBS = wordsOf(`
  analyse analyze answer assess check compare count describe diagnose discuss estimate evaluate examine explain explore
  figure find give identify inspect investigate list look outline plan print read report research review run say search
  show summarise summarize suggest tell think trace understand verify walk`);
const QUESTION =
  /^(?:how|what|what's|why|who|whose|when|where|which|is|are|was|were|does|do|did|has|have|should|would it|will|am|any)\b/;
/** A request in the clothes of a question. */
const POLITE =
  /^(?:(?:can|could|would|will) (?:you|we)(?: please)?|would you mind|please|pls|kindly|let's|let us|i(?:'d| would) like (?:you )?to|i want (?:you )?to|i need (?:you )?to|we (?:need|have|want) to|you (?:should|must|need to)|your task is to|the task is to|task:|todo:|now|then|also|and|first|next|finally|go ahead and|help(?: me| us)?(?: to)?|try to|simply|just|quickly)[,:]?\s+/;
/** "Find the bug and fix it": an answer first, a change after; but not "find out how and where to change it". */
const THEN_CHANGE =
  /^(?!.*\b(?:how|what|where|which|why)\b).*\b(?:and|then) (?:fix|repair|correct|implement|change|update|remove|rename|add|make|rewrite|refactor)\b/;
/** "Write a summary of…", "make a list of…", "create a plan": an order, but for words; unless they are to go into a file. */
const ORDERS_WORDS =
  /^(?:write|make|create|generate|add|build|draft|design|develop)(?: me| us)? (?:an? |the |up )?(?:\w+ )?(?:summary|list|plan|overview|explanation|analysis|report|suggestions?|review|estimate|comparison|description)\b(?!.*\b(?:file|readme|docs)\b)/;
const HANDS_OFF =
  /\b(?:do not|don't|dont|without|never|no need to) (?:chang|modify|modifying|edit|touch|writ|alter|fix)\w*(?: \w+){0,2}? (?:any|anything|files?|code|it)\b|\b(?:read[- ]only|no (?:code )?changes|only (?:explain|answer|analy[sz]e|review))\b/;

/**
 * Whether a task surely asks for files to change. Only a sentence that begins like an order to change something counts:
 * when unsure the answer is no, since a wrong yes would send an answer back that was right.
 */
export function asksForChange(task: string): boolean {
  const text = task
    .toLowerCase()
    .replace(/[’‘]/g, "'")
    .replace(/```[\s\S]*?```/g, " ");
  if (HANDS_OFF.test(text)) return false;
  const sentences = text
    .split(/(?<=[.!?])\s+|\n+|;\s+/)
    .map((sentence) => sentence.replace(/^[\s\-*•>#\d.)([\]]+/, "").trim())
    .filter((sentence) => sentence !== "");
  return sentences.some(isOrder);
}

function isOrder(sentence: string): boolean {
  let rest = sentence;
  for (let next = rest.replace(POLITE, ""); next !== rest; next = rest.replace(POLITE, "")) rest = next;
  const wasPolite = rest !== sentence;
  if (!wasPolite && QUESTION.test(rest)) return false;
  const verb = /^[a-z'-]+/.exec(rest)?.[0] ?? "";
  if (NO_CHANGE.test(rest)) return false;
  if (CHANGE_VERBS.has(verb) || NEW_THING.test(rest)) return !ORDERS_WORDS.test(rest);
  return ANSWER_VERBS.has(verb) && THEN_CHANGE.test(rest);
}

function wordsOf(list: string): ReadonlySet<string> {
  return new Set(list.trim().split(/\s+/));
}
