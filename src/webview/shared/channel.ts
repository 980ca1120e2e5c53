/** What VS Code gives a page to speak with its host. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** The page's side of the wire: messages both ways, and a little state that outlives a reload. */
export interface Channel<In extends { readonly kind: string }, Out> {
  post(message: Out): void;
  listen(listener: (message: In) => void): () => void;
  load(): { readonly [key: string]: unknown };
  /** Adds to what is kept; a key set to `undefined` is dropped. */
  save(state: { readonly [key: string]: unknown }): void;
}

/** May be called once per page. Messages of other kinds are ignored. */
export function connect<In extends { readonly kind: string }, Out>(kinds: readonly In["kind"][]): Channel<In, Out> {
  const vscode = acquireVsCodeApi();
  const isOurs = (data: unknown): data is In => isRecord(data) && kinds.some((kind) => kind === data.kind);
  const load = () => {
    const kept = vscode.getState();
    return isRecord(kept) ? kept : {};
  };
  return {
    post: (message) => vscode.postMessage(message),
    listen(listener) {
      const receive = ({ data }: MessageEvent<unknown>) => {
        if (isOurs(data)) listener(data);
      };
      window.addEventListener("message", receive);
      return () => window.removeEventListener("message", receive);
    },
    load,
    save: (state) => vscode.setState({ ...load(), ...state }),
  };
}

export function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null;
}
