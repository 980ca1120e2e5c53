import type { ToolAccess } from "./agentEvent";
import type { ApprovalMode } from "./runConfig";

/** What a mode makes of a tool call. Caps are not its business: no mode bypasses one. */
export function decideApproval(mode: ApprovalMode, access: ToolAccess): "allow" | "ask" | "refuse" {
  if (access === "read") return "allow";
  switch (mode) {
    case "readOnly":
      return "refuse";
    case "edits":
      return access === "edit" ? "allow" : "refuse";
    case "ask":
      return "ask";
    case "autoEdit":
      return access === "edit" ? "allow" : "ask";
    case "all":
    case "autoAll":
      return "allow";
  }
}

/** Told to the model in place of a result. */
export function refusalText(mode: ApprovalMode, access: ToolAccess): string {
  return mode === "readOnly"
    ? "Not allowed: this run may only read. Go on without it, or say what you would do."
    : `Not allowed: this run may not ${access === "command" ? "run commands" : "edit files"}. Go on without it.`;
}
