import { Buffer, isUtf8 } from "node:buffer";
import { StringDecoder } from "node:string_decoder";
import type { TextForm } from "../tools/ports";

/** Bytes looked at to tell a text from a binary, as git does. */
export const SNIFF_BYTES = 8_192;

const MAGIC: readonly (readonly [type: string, hex: string])[] = [
  ["PNG image", "89504e47"],
  ["JPEG image", "ffd8ff"],
  ["GIF image", "47494638"],
  ["PDF document", "255044462d"],
  ["ZIP archive", "504b0304"],
  ["gzip archive", "1f8b"],
  ["ELF program", "7f454c46"],
  ["WebAssembly", "0061736d"],
  ["SQLite database", "53514c69746520666f726d6174203300"],
  ["Windows program", "4d5a90"],
  ["Mach-O program", "cffaedfe"],
  ["Java class", "cafebabe"],
];

export type Sniffed = { readonly kind: "text"; readonly form: TextForm } | { readonly kind: "binary"; readonly type: string };

/** Tells from its first bytes what a file is. `isWhole`: there are no more bytes. */
export function sniff(head: Buffer, isWhole: boolean): Sniffed {
  const start = head.toString("hex", 0, 16);
  const known = MAGIC.find(([, hex]) => start.startsWith(hex));
  if (known) return { kind: "binary", type: known[0] };
  if (start.startsWith("fffe0000")) return { kind: "binary", type: "UTF-32 text" };
  if (start.startsWith("fffe")) return text("utf16le", true);
  if (start.startsWith("feff")) return text("utf16be", true);
  if (head.subarray(0, SNIFF_BYTES).includes(0)) return { kind: "binary", type: "unknown type" };
  const bom = start.startsWith("efbbbf");
  return bom || isUtf8(isWhole ? head : withoutCutCharacter(head)) ? text("utf8", bom) : text("latin1", false);
}

function text(encoding: TextForm["encoding"], bom: boolean): Sniffed {
  return { kind: "text", form: { encoding, bom } };
}

/** Without a last character whose bytes are not all there. */
function withoutCutCharacter(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return bytes.subarray(0, bytes.length - back);
    if (byte < 0x80) break;
  }
  return bytes;
}

const BOM_BYTES = { utf8: 3, utf16le: 2, utf16be: 2, latin1: 0 } as const;

/** Decodes a file piece by piece, without its BOM. */
export function createDecoder({ encoding, bom }: TextForm): { write(bytes: Buffer): string; end(): string } {
  const decoder = new StringDecoder(encoding === "utf16be" ? "utf16le" : encoding);
  let toSkip: number = bom ? BOM_BYTES[encoding] : 0;
  let odd = Buffer.alloc(0);
  return {
    write(bytes) {
      const body = bytes.subarray(toSkip);
      toSkip = Math.max(0, toSkip - bytes.length);
      if (encoding !== "utf16be") return decoder.write(body);
      const all = Buffer.concat([odd, body]);
      const even = all.length - (all.length % 2);
      odd = Buffer.from(all.subarray(even));
      return decoder.write(Buffer.from(all.subarray(0, even)).swap16());
    },
    end: () => decoder.end(),
  };
}

/** The text and form of a whole file, such that `encode` gives back the very same bytes. */
export function decode(bytes: Buffer, form: TextForm): { readonly text: string; readonly form: TextForm } {
  const text = decoded(bytes, form);
  if (encode(text, form)?.equals(bytes)) return { text, form };
  const asBytes: TextForm = { encoding: "latin1", bom: false };
  return { text: decoded(bytes, asBytes), form: asBytes };
}

function decoded(bytes: Buffer, form: TextForm): string {
  const decoder = createDecoder(form);
  return decoder.write(bytes) + decoder.end();
}

/** `null` = the encoding of the file has no place for a character of the text. */
export function encode(text: string, { encoding, bom }: TextForm): Buffer | null {
  const whole = bom ? `\ufeff${text}` : text;
  switch (encoding) {
    case "utf8":
      return Buffer.from(whole, "utf8");
    case "utf16le":
      return Buffer.from(whole, "utf16le");
    case "utf16be":
      return Buffer.from(whole, "utf16le").swap16();
    case "latin1":
      return isLatin1(text) ? Buffer.from(text, "latin1") : null;
  }
}

function isLatin1(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 0xff) return false;
  return true;
}
