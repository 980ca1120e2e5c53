import path from "node:path";

interface Parts {
  readonly scheme: string;
  readonly path: string;
  readonly query: string;
}

/** As much of `vscode.Uri` as the host layer uses, for POSIX paths. */
export class Uri {
  readonly scheme: string;
  readonly path: string;
  readonly query: string;

  constructor({ scheme, path: place, query }: Parts) {
    this.scheme = scheme;
    this.path = place;
    this.query = query;
  }

  static file(file: string): Uri {
    return new Uri({ scheme: "file", path: file, query: "" });
  }

  static from({ scheme, path: place = "", query = "" }: { scheme: string; path?: string; query?: string }): Uri {
    return new Uri({ scheme, path: place, query });
  }

  static joinPath(base: Uri, ...parts: string[]): Uri {
    return new Uri({ ...base, path: path.posix.join(base.path, ...parts) });
  }

  get fsPath(): string {
    return this.path;
  }

  toString(): string {
    return `${this.scheme}://${this.path}${this.query === "" ? "" : `?${encodeURIComponent(this.query)}`}`;
  }
}
