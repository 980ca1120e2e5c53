import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

const VOID = new Set(["meta", "link", "img", "input", "br", "hr"]);

/** A small tree of a tidy page: elements with name, attributes and children; texts as strings. */
function parse(html) {
  const root = { name: "#root", attrs: {}, children: [] };
  const open = [root];
  for (const [token] of html.replace(/<!--[\s\S]*?-->|<!doctype[^>]*>/gi, "").matchAll(/<\/?[a-zA-Z](?:"[^"]*"|'[^']*'|[^"'>])*>|[^<]+/g)) {
    const [, close, name, rest] = /^<(\/?)([\w-]+)([\s\S]*?)\/?>$/.exec(token) ?? [];
    if (name === undefined) open.at(-1).children.push(token);
    else if (close) {
      while (open.length > 1 && open.at(-1).name !== name.toLowerCase()) open.pop();
      if (open.length > 1) open.pop();
    } else {
      const attrs = Object.fromEntries(
        [...rest.matchAll(/([\w:-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)].map((m) => [m[1].toLowerCase(), m[2] ?? m[3] ?? m[4] ?? ""]),
      );
      const node = { name: name.toLowerCase(), attrs, children: [] };
      open.at(-1).children.push(node);
      if (!VOID.has(node.name)) open.push(node);
    }
  }
  return root;
}
const all = (node) => node.children.flatMap((child) => (typeof child === "string" ? [] : [child, ...all(child)]));
const text = (node) => node.children.map((child) => (typeof child === "string" ? child : text(child))).join("").replace(/\s+/g, " ").trim();
const isIn = (outer, inner) => all(outer).includes(inner);

const page = parse(readFileSync("index.html", "utf8"));
const nodes = all(page);
const named = (...names) => nodes.filter((node) => names.includes(node.name));
const field = (name, value) => nodes.find(({ attrs }) => attrs.name === name && (value === undefined || attrs.value === value));
const css = readFileSync("style.css", "utf8").replace(/\/\*[\s\S]*?\*\//g, "");

test("nothing a reader sees has changed, nor what is sent", () => {
  const words = "Join the allotment Your details Full name As on your membership card. E-mail We write twice a year. About you At most 500 letters. Plan Full plot Half plot Join Waiting time Months on the list, by year";
  const body = named("body")[0];
  const pieces = [];
  const walk = (node) => node.children.forEach((child) => (typeof child === "string" ? pieces.push(child) : walk(child)));
  walk(body);
  assert.equal(pieces.join(" ").replace(/\s+/g, " ").trim(), words);
  assert.deepEqual([named("form")[0].attrs.action, named("form")[0].attrs.method], ["/join", "post"]);
  assert.equal(named("script").length, 0);
  const fields = named("input", "textarea").map(({ name, attrs }) => [name, attrs.type, attrs.name, attrs.value]);
  assert.deepEqual(fields, [
    ["input", "text", "name", undefined],
    ["input", "email", "email", undefined],
    ["textarea", undefined, "about", undefined],
    ["input", "radio", "plan", "full"],
    ["input", "radio", "plan", "half"],
  ]);
});

test("each field has its label by id, and ids occur once", () => {
  const ids = nodes.flatMap(({ attrs }) => (attrs.id === undefined ? [] : [attrs.id]));
  assert.equal(new Set(ids).size, ids.length);
  for (const [one, label] of [
    [field("name"), "Full name"],
    [field("email"), "E-mail"],
    [field("about"), "About you"],
    [field("plan", "full"), "Full plot"],
    [field("plan", "half"), "Half plot"],
  ]) {
    assert.ok(one.attrs.id, label);
    assert.deepEqual(named("label").filter(({ attrs }) => attrs.for === one.attrs.id).map(text), [label]);
  }
});

test("hints belong to their fields, and what is required says so", () => {
  for (const [name, hint] of [["name", "As on your membership card."], ["email", "We write twice a year."], ["about", "At most 500 letters."]]) {
    const described = (field(name).attrs["aria-describedby"] ?? "").split(/\s+/);
    assert.deepEqual(described.map((id) => text(nodes.find(({ attrs }) => attrs.id === id) ?? { children: ["?"] })), [hint]);
  }
  assert.deepEqual(named("input", "textarea").filter(({ attrs }) => "required" in attrs).map(({ attrs }) => attrs.name), ["name", "email"]);
  const hidden = nodes.filter(({ attrs }) => "hidden" in attrs);
  assert.deepEqual(hidden.map(text), ["At most 500 letters."]);
});

test("plans are a group", () => {
  const [group] = named("fieldset");
  assert.equal(text(named("legend")[0]), "Plan");
  assert.ok(isIn(group, named("legend")[0]) && isIn(group, field("plan", "full")) && isIn(group, field("plan", "half")));
  assert.ok(!isIn(group, field("email")));
});

test("language and headings", () => {
  assert.equal(named("html")[0].attrs.lang, "en");
  const headings = nodes.filter(({ name }) => /^h[1-6]$/.test(name));
  assert.deepEqual(headings.map(text), ["Join the allotment", "Your details", "Waiting time"]);
  assert.deepEqual(headings.map(({ name }) => name), ["h1", "h2", "h2"]);
  assert.equal(nodes.filter(({ attrs, name }) => /\btitle\b/.test(attrs.class ?? "") && !/^h[1-6]$/.test(name)).length, 0);
});

test("pictures", () => {
  const alt = (src) => named("img").find(({ attrs }) => attrs.src === src).attrs.alt;
  assert.deepEqual([alt("leaf.svg"), alt("chart.svg")], ["", "Months on the list, by year"]);
});

/** Custom properties of the themes: the light ones hold in the dark where nothing replaces them. */
function themes() {
  const at = css.search(/@media[^{]*prefers-color-scheme:\s*dark/);
  assert.ok(at >= 0, "there is a dark theme");
  let depth = 0;
  let end = at;
  for (end = css.indexOf("{", at); end < css.length; end += 1) {
    if (css[end] === "{") depth += 1;
    if (css[end] === "}" && (depth -= 1) === 0) break;
  }
  const values = (part) => Object.fromEntries([...part.matchAll(/--(\w+):\s*(#[0-9a-fA-F]{6})\s*[;}]/g)].map((m) => [m[1], m[2]]));
  const light = values(css.slice(0, at) + css.slice(end));
  return { light, dark: { ...light, ...values(css.slice(at, end)) } };
}
const luminance = (hex) => {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a, b) => {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
};

test("contrast in both themes", () => {
  const { light, dark } = themes();
  assert.deepEqual([light.paper, dark.paper], ["#fdfbf5", "#20231f"]);
  for (const theme of [light, dark])
    for (const name of ["ink", "muted", "accent"]) {
      const found = contrast(theme[name], theme.paper);
      assert.ok(found >= 4.5, `--${name} ${theme[name]} on ${theme.paper}: ${found.toFixed(2)}`);
    }
});

test("the outline of what is focused, and hints that are hidden", () => {
  const rules = [...css.matchAll(/([^{}]+)\{([^{}]*)\}/g)].map(([, selector, body]) => ({ selector: selector.trim(), body }));
  const none = rules.filter(({ body }) => /outline(-style|-width)?:\s*(none|0)\b/.test(body));
  const put = rules.filter(({ selector, body }) => /:focus-visible/.test(selector) && /outline:\s*(?!none|0\b)\S/.test(body));
  assert.ok(none.length === 0 || put.length > 0);
  assert.ok(none.every(({ selector }) => !/:focus/.test(selector) || /:focus:not\(:focus-visible\)/.test(selector)));
  const shows = rules.filter(({ selector, body }) => /\.hint/.test(selector) && !/hidden/.test(selector) && /display:/.test(body));
  const hides = rules.filter(({ selector, body }) => /\[hidden\]/.test(selector) && /display:\s*none/.test(body));
  const important = hides.some(({ body }) => /!important/.test(body));
  const strong = hides.some(({ selector }) => /\.hint\[hidden\]/.test(selector));
  assert.ok(shows.length === 0 || strong || important);
});
