import type { JSX } from "preact";
import { Logo } from "../shared/icons";

/** What Turnpike is, for someone who has just met it: the meter explains the promise. */
export function Welcome(): JSX.Element {
  return (
    <section class="welcome" aria-label="About Turnpike">
      <Logo size={40} />
      <h1>An agent that never spends more than you give it</h1>
      <div class="sample" aria-hidden="true">
        <div class="meter">
          <span class="part settled" />
          <span class="part reserved" />
          <span class="part free" />
          <span class="part landing" />
        </div>
        <ul>
          <li>spent</li>
          <li>reserved</li>
          <li>free</li>
          <li>to land</li>
        </ul>
      </div>
      <ol>
        <li>
          <b>Set the limit.</b> Turns, dollars, tokens, minutes: any or all of them.
        </li>
        <li>
          <b>Each call is paid for in advance.</b> Its worst case is reserved before it is sent; what does not fit is not sent.
        </li>
        <li>
          <b>At the limit it lands.</b> The last turn is kept for a note on what is done and what is left, and your files stay.
        </li>
      </ol>
    </section>
  );
}
