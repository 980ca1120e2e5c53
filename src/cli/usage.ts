export const USAGE = `turnpike: a coding agent that never spends more than it was given

turnpike run --workspace DIR --task TEXT|@FILE --model ID [--base-url URL] [--api-key-env NAME]
    [--policy unrestricted|fixed|dynamic] [--preset evidence|published]
    [--max-turns N] [--base-turns N] [--hard-turns N]
    [--max-usd X] [--max-tokens N] [--max-minutes M]
    [--price in=1.25,cacheRead=0.125,cacheWrite=1.25,out=10] [--max-output N]
    [--approve none|edits|all] [--store FILE] [--json]

turnpike history [--store FILE] [--group day|model|project|policy] [--json|--csv]

turnpike import [claude-code|codex|mini-swe-agent|swe-agent|openhands|recorded] [PATH...] [--store FILE] [--json]

turnpike replay --data FILE... --policy fixed|dynamic|unrestricted [--preset evidence|published]
    [--limit p75|N] [--base p50|N] [--hard p90|N] [--calibrate-on FILE...] [--by-model] [--max-usd X --price ...]
    [--json]
turnpike forecast --fit FILE... --score FILE... [--json]

--approve: none (default) reads only, edits may change files but run nothing, all may do both.
--policy: dynamic (default) starts at the median of past runs of the model and is extended on evidence, fixed gives
    --max-turns, unrestricted has no turn limit; the other caps hold under each.
import: reads runs of other agents into the history, for calibration and spend; their files are only read. Without PATH:
    where Claude Code and Codex keep theirs. Without a name: by the look of each file.
replay: what a policy would have saved and lost on recorded runs (JSON lines, plain or gzipped); p75 is a percentile of
    the lengths of those runs, or of those in --calibrate-on; with --by-model of each model's own.
forecast: fits the forecast on recorded runs and scores it on others, beside simple baselines.
--price is dollars per million tokens. The key is read from OPENAI_API_KEY, or from the variable --api-key-env names;
the address from --base-url, else OPENAI_BASE_URL, else it is OpenAI's.
Exit codes: 0 done, 1 failed, 2 wrong use, 3 stopped by a cap or the user, 4 stuck, 130 interrupted.`;
