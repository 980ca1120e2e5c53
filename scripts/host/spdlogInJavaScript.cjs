// Stands in for the native module @vscode/spdlog, which VS Code's server uses to write log files and which npm does not
// ship prebuilt. Output channels are such files: without it they stay empty. Writing them here needs no compiler.
// Same shape as @vscode/spdlog's index.js; lines are written at once, so flushing has nothing left to do.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const NAMES = ["trace", "debug", "info", "warning", "error", "critical", "off"];
let globalLevel = 2;

class Logger {
  #file;
  #maxBytes;
  #maxFiles;
  #level = globalLevel;
  #raw = false;

  constructor(_kind, _name, file, maxBytes, maxFiles) {
    this.#file = file;
    this.#maxBytes = maxBytes;
    this.#maxFiles = maxFiles;
    fs.appendFileSync(file, "");
  }

  trace(message) {
    this.#write(0, message);
  }
  debug(message) {
    this.#write(1, message);
  }
  info(message) {
    this.#write(2, message);
  }
  warn(message) {
    this.#write(3, message);
  }
  error(message) {
    this.#write(4, message);
  }
  critical(message) {
    this.#write(5, message);
  }
  getLevel() {
    return this.#level;
  }
  setLevel(level) {
    this.#level = level;
  }
  /** VS Code knows one pattern, "time [level] text"; any pattern means that one. */
  setPattern() {
    this.#raw = false;
  }
  clearFormatters() {
    this.#raw = true;
  }
  flush() {}
  drop() {}

  #write(level, message) {
    if (level < this.#level) return;
    const text = this.#raw ? message : `${localTime(new Date())} [${NAMES[level]}] ${message}\n`;
    try {
      this.#rotate(Buffer.byteLength(text));
      fs.appendFileSync(this.#file, text);
    } catch {
      // a log that cannot be written must not take the editor down
    }
  }

  #rotate(added) {
    if (!(this.#maxBytes > 0)) return;
    const size = fs.statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0;
    if (size === 0 || size + added <= this.#maxBytes) return;
    const { dir, name, ext } = path.parse(this.#file);
    const numbered = (n) => path.join(dir, n === 0 ? name + ext : `${name}.${n}${ext}`);
    for (let n = Math.max(1, this.#maxFiles - 1); n > 0; n -= 1) {
      if (fs.existsSync(numbered(n - 1))) fs.renameSync(numbered(n - 1), numbered(n));
    }
  }
}

function localTime(date) {
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().replace("T", " ").replace("Z", "");
}

async function createLogger(kind, name, file, maxBytes, maxFiles) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  return new Logger(kind, name, file, maxBytes, maxFiles);
}

exports.version = 11600;
exports.setLevel = (level) => {
  globalLevel = level;
};
exports.setFlushOn = () => {};
exports.Logger = Logger;
exports.createRotatingLogger = (...args) => createLogger("rotating", ...args);
exports.createAsyncRotatingLogger = (...args) => createLogger("rotating_async", ...args);
