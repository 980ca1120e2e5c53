import type { ApprovalRequest, Evidence } from "../core/agentEvent";
import { NO_PROGRESS } from "../core/policy/dynamic";
import type { Question, RunState } from "../core/runState";
import type { QuestionModel } from "../protocol/sidebar";
import { formatCount, formatLikely, formatShare } from "./format";
import { lineDiff } from "./lineDiff";
import { reasonLines } from "./reasons";
import { toolWords } from "./tools";

/** More lines than this are for the diff editor. */
const PREVIEW_LINES = 60;
/** Texts longer than this together are not compared here. */
const COMPARED_CHARS = 400_000;

/** More reasons than this are counted, so that the buttons stay in sight. */
const MOST_REASONS = 5;

type Approval = Extract<QuestionModel, { kind: "approval" }>;
type Extension = Extract<Question, { kind: "extension" }>;

/** What the user is asked, ready to be shown. */
export function questionModel(question: Question, { outlook }: Pick<RunState, "outlook">): QuestionModel {
  return question.kind === "approval" ? approvalOf(question.request) : extensionOf(question, outlook?.n ?? null);
}

/** An open question is shown many times; its diff is made once. */
const known = new WeakMap<ApprovalRequest, Approval>();

function approvalOf(request: ApprovalRequest): Approval {
  const made = known.get(request) ?? newApproval(request);
  known.set(request, made);
  return made;
}

function newApproval(request: ApprovalRequest): Approval {
  const { callId, access, edit } = request;
  const subject = visible(request.subject);
  return {
    kind: "approval",
    callId,
    access,
    title: approvalTitle(request),
    subject,
    diff: edit !== undefined,
    ...previewOf(edit),
  };
}

/** Characters that hide, or that turn text around, are spelled out: what is allowed must be what is seen. */
function visible(text: string): string {
  return text.replace(
    /[^\P{C}\n\t]/gu,
    (char) => `⟨U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`,
  );
}

function approvalTitle({ access, tool, edit }: ApprovalRequest): string {
  switch (access) {
    case "command":
      return "Run this command?";
    case "edit":
      return edit?.before === null ? "Create this file?" : "Apply this edit?";
    case "read":
      return `Let the agent ${toolWords(tool).verb} this?`;
  }
}

function previewOf(edit: ApprovalRequest["edit"]): Pick<Approval, "preview" | "facts"> {
  if (!edit) return { preview: [], facts: [] };
  const before = edit.before ?? "";
  const isNew = edit.before === null ? ["new file"] : [];
  const diff = before.length + edit.after.length > COMPARED_CHARS ? null : lineDiff(before, edit.after);
  if (!diff) return { preview: [], facts: [...isNew, "a large change: view the diff"] };
  const preview = diff.lines.length > PREVIEW_LINES ? [] : diff.lines;
  return { preview, facts: [...isNew, `+${diff.added} −${diff.removed}`] };
}

/** The question for more turns in a line, where the evidence has no room. */
export function moreTurnsWords({ limit, chunk }: Pick<Extension, "limit" | "chunk">): string {
  if (chunk === 0) return "The agent repeats itself. Let it go on?";
  return `The agent is at its limit of ${formatCount(limit, "turn")}. Extend by ${formatCount(chunk, "turn")}?`;
}

/** `pastRuns`: how many past runs a chance rests on. */
function extensionOf({ turn, limit, chunk, evidence }: Extension, pastRuns: number | null): QuestionModel {
  const { progress, against, wish } = evidence;
  const used = Math.min(turn, limit);
  const stuck = chunk === 0;
  const last = !stuck && limit - used === 1 ? " The last one is kept for the landing." : "";
  const turns = stuck ? `the ${formatCount(limit - used, "turn")} left` : `these ${formatCount(chunk, "turn")}`;
  const isOver = stuck && used === limit;
  return {
    kind: "extension",
    title: stuck ? "It repeats itself: go on?" : `Extend by ${formatCount(chunk, "turn")}?`,
    text: `${used} of ${formatCount(limit, "turn")} used.${last}`,
    stuck,
    grant: stuck ? "Go on" : `Extend +${chunk}`,
    progress: reasonLines(progress, MOST_REASONS),
    // That nothing came of the turns stands there as the progress already.
    against: reasonLines(
      against.filter((reason) => reason !== NO_PROGRESS),
      MOST_REASONS,
    ),
    price: isOver ? NO_TURNS_LEFT : priceOf(evidence, stuck ? ` for ${turns}` : ""),
    chance: isOver ? NO_TURNS_LEFT : chanceOf(evidence, turns, pastRuns),
    wish: wish && { asks: `asks for ${formatCount(wish.turns, "turn")}`, words: wish.reason },
  };
}

const NO_TURNS_LEFT = "the limit is reached too: you are asked for more turns next";

function priceOf({ chunkUsd }: Evidence, turns: string): string {
  return chunkUsd === null ? "not known: no price" : `about ${formatLikely(chunkUsd)}${turns} at the present pace`;
}

function chanceOf({ chance }: Evidence, turns: string, pastRuns: number | null): string {
  if (chance === null) return "not known: too few past runs";
  const by = pastRuns === null ? "past runs" : formatCount(pastRuns, "past run");
  return `about ${formatShare(chance)} to finish within ${turns}, by ${by}`;
}
