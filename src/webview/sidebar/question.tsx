import type { JSX } from "preact";
import type { DiffLine, FromSidebar, QuestionModel } from "../../protocol/sidebar";
import { Icon } from "../shared/icons";
import { Scroll } from "../shared/scroll";

interface Props {
  readonly question: QuestionModel;
  post(message: FromSidebar): void;
}

/** What the agent waits for. Nothing happens, and nothing is spent, until it is answered. */
export function QuestionCard({ question, post }: Props): JSX.Element {
  switch (question.kind) {
    case "approval":
      return <Approval question={question} post={post} />;
    case "extension":
      return <MoreTurns question={question} post={post} />;
  }
}

function Approval({ question, post }: Props & { readonly question: Extract<QuestionModel, { kind: "approval" }> }): JSX.Element {
  const { callId, access, title, subject, diff, preview, facts } = question;
  const answer = (allowed: boolean) => post({ kind: "approve", callId, allowed });
  return (
    <section class="question" tabIndex={-1} aria-label={title}>
      <h2>
        <Icon name={access === "command" ? "terminal" : access === "edit" ? "pencil" : "eye"} size={15} />
        {title}
        <span class="facts">{facts.join(" · ")}</span>
      </h2>
      <Scroll kind={`subject ${access}`} label={access === "command" ? "The exact command line" : "What it is about"}>
        <pre>{subject}</pre>
      </Scroll>
      {preview.length > 0 && <Preview lines={preview} />}
      <div class="buttons">
        <button type="button" class="primary" onClick={() => answer(true)}>
          Allow
        </button>
        <button type="button" onClick={() => answer(false)}>
          Reject
        </button>
        {diff && (
          <button type="button" class="plain" onClick={() => post({ kind: "previewEdit", callId })}>
            View diff
          </button>
        )}
      </div>
    </section>
  );
}

const SIGNS: { readonly [kind in DiffLine["kind"]]: string } = { same: " ", added: "+", removed: "−", gap: "⋯" };

function Preview({ lines }: { readonly lines: readonly DiffLine[] }): JSX.Element {
  return (
    <Scroll kind="diff" label="The change">
      <div class="lines">
        {lines.map((line, index) => (
          <div key={index} class={`line ${line.kind}`}>
            <span class="sign">{SIGNS[line.kind]}</span>
            {line.text}
          </div>
        ))}
      </div>
    </Scroll>
  );
}

function MoreTurns({
  question,
  post,
}: Props & { readonly question: Extract<QuestionModel, { kind: "extension" }> }): JSX.Element {
  const { title, text, stuck, grant, progress, against, price, chance, wish } = question;
  const answer = (given: "extend" | "land" | "stop") => post({ kind: "answerExtension", answer: given });
  return (
    <section class="question" tabIndex={-1} aria-label={title}>
      <h2>
        <Icon name={stuck ? "retry" : "gate"} size={15} />
        {title}
      </h2>
      <p class="fine">{text}</p>
      <Scroll kind="reasons" label="What speaks for it and against it">
        <dl class="evidence">
          {stuck && <Against label="Why" items={against} />}
          <dt>Progress</dt>
          <dd class={progress.length > 0 ? "" : "against"}>
            {progress.length > 0 ? <Items items={progress} /> : "none since the last grant"}
          </dd>
          {!stuck && <Against label="Against" items={against} />}
          <dt>Price</dt>
          <dd>{price}</dd>
          <dt>Chance</dt>
          <dd>{chance}</dd>
          {wish && (
            <>
              <dt>Agent</dt>
              <dd>
                {wish.asks}: <q>{wish.words}</q>
              </dd>
            </>
          )}
        </dl>
      </Scroll>
      <div class="buttons">
        <button type="button" class={stuck ? "" : "primary"} onClick={() => answer("extend")}>
          {grant}
        </button>
        <button type="button" class={stuck ? "primary" : ""} onClick={() => answer("land")}>
          Land now
        </button>
        <button type="button" onClick={() => answer("stop")}>
          Stop
        </button>
      </div>
    </section>
  );
}

function Against({ label, items }: { readonly label: string; readonly items: readonly string[] }): JSX.Element | null {
  if (items.length === 0) return null;
  return (
    <>
      <dt>{label}</dt>
      <dd class="against">
        <Items items={items} />
      </dd>
    </>
  );
}

function Items({ items }: { readonly items: readonly string[] }): JSX.Element {
  return (
    <>
      {items.map((item) => (
        <span key={item} class="item">
          {item}
        </span>
      ))}
    </>
  );
}
