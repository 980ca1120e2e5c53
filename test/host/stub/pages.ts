import { EventEmitter } from "./emitter";
import { Disposable } from "./things";
import { Uri } from "./uri";

/** A page that keeps what it was sent, and speaks through `say`. */
export class FakeWebview {
  html = "";
  options: unknown = null;
  readonly cspSource = "https://page.test";
  readonly posted: { readonly kind: string }[] = [];
  readonly messages = new EventEmitter<unknown>();
  readonly onDidReceiveMessage = this.messages.event;

  asWebviewUri(uri: Uri): Uri {
    return Uri.from({ scheme: "https", path: `/page.test${uri.path}` });
  }

  async postMessage(message: { readonly kind: string }): Promise<boolean> {
    this.posted.push(message);
    return true;
  }

  say(message: unknown): void {
    this.messages.fire(message);
  }
}

export class FakeView {
  visible = true;
  readonly webview = new FakeWebview();
  readonly visibility = new EventEmitter<void>();
  readonly onDidChangeVisibility = this.visibility.event;
  readonly disposal = new EventEmitter<void>();
  readonly onDidDispose = this.disposal.event;

  setVisible(visible: boolean): void {
    this.visible = visible;
    this.visibility.fire();
  }
}

export class FakePanel extends Disposable {
  visible = true;
  revealed = 0;
  iconPath: unknown = null;
  readonly webview = new FakeWebview();
  readonly viewState = new EventEmitter<unknown>();
  readonly onDidChangeViewState = this.viewState.event;
  readonly disposal = new EventEmitter<void>();
  readonly onDidDispose = this.disposal.event;

  constructor(
    readonly viewType: string,
    readonly title: string,
  ) {
    super(() => this.disposal.fire());
  }

  reveal(): void {
    this.revealed += 1;
  }
}
