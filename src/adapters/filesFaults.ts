import { messageOf } from "../core/errors";

const MEANINGS: { readonly [code: string]: string } = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENAMETOOLONG: "the name is too long",
  ELOOP: "links go round in a circle",
  EMFILE: "too many files are open",
  EBUSY: "another program holds it",
  EISDIR: "is a folder",
  ENOTDIR: "part of the path is a file, not a folder",
  ENOENT: "is gone",
};

export function hasCode(error: unknown, code: string): boolean {
  return codeOf(error) === code;
}

export function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}

/** What went wrong with a file, in words for the model, without paths from outside the workspace. */
export function faultText(error: unknown): string {
  const code = codeOf(error);
  if (code !== null) return MEANINGS[code] ?? code;
  return messageOf(error);
}
