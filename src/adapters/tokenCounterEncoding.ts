export type Encoding = "o200k_base" | "cl100k_base";

/** Models of the GPT-4 and GPT-3.5 era; GPT-4o, 4.1, 4.5 and all later ones count in o200k. */
const OLD_MODEL =
  /^(?:openai\/)?(?:gpt-4(?:-turbo|-32k|-vision)?|gpt-3\.5-turbo(?:-16k|-instruct)?|gpt-35-turbo)(?:-preview|-\d{4}(?:-\d{2}-\d{2})?)*$/;

/** The encoding a model's tokens are counted with. For models with a tokenizer of their own it is an approximation. */
export function encodingFor(modelId: string): Encoding {
  return OLD_MODEL.test(modelId) ? "cl100k_base" : "o200k_base";
}
