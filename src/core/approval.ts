import type { ToolAccess } from "./agentEvent";
import type { ApprovalMode } from "./runConfig";

/**
 * What a mode makes of a tool call. An edit that may make code run counts as a command where the two differ. Caps are not its
 * business: no mode bypasses one.
 */
export function decideApproval(mode: ApprovalMode, access: ToolAccess, runsCode = false): "allow" | "ask" | "refuse" {
  if (access === "read") return "allow";
  switch (mode) {
    case "readOnly":
      return "refuse";
    case "edits":
      return access === "edit" && !runsCode ? "allow" : "refuse";
    case "ask":
      return "ask";
    case "autoEdit":
      return access === "edit" && !runsCode ? "allow" : "ask";
    case "all":
    case "autoAll":
      return "allow";
  }
}

/** Told to the model in place of a result. */
export function refusalText(mode: ApprovalMode, access: ToolAccess, runsCode = false): string {
  if (mode === "readOnly") return "Not allowed: this run may only read. Go on without it, or say what you would do.";
  return runsCode
    ? "Not allowed: code may run because of this file, and this run may not run commands. Go on without it."
    : `Not allowed: this run may not ${access === "command" ? "run commands" : "edit files"}. Go on without it.`;
}
