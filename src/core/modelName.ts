/**
 * What two ways to write a model's name have in common: without vendor, region, date and service tier.
 * `us.anthropic.claude-sonnet-4-5-20250929-v1:0` and `anthropic/claude-sonnet-4.5` are one model.
 */
export function modelKey(id: string): string {
  return id
    .toLowerCase()
    .replace(/^.*\//, "")
    .replace(/^(?:[a-z]{2,6}\.)?(?:anthropic|openai|google|meta|mistral|deepseek|amazon|qwen)\./, "")
    .replace(/[:@].*$/, "")
    .replace(/-v\d+$/, "")
    .replace(/-(?:20\d{6}|20\d\d-\d\d-\d\d|latest)$/, "")
    .replace(/(\d)\.(\d)/g, "$1-$2");
}
