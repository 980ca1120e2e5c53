import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import * as ids from "../../src/host/manifest";
import { readSettings } from "../../src/host/settings";

declare const __TEST_ROOT__: string;

interface Property {
  readonly type: string | readonly string[];
  readonly default: unknown;
  readonly scope: string;
  readonly markdownDescription: string;
  readonly enum?: readonly string[];
  readonly enumDescriptions?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: string; readonly restrictedConfigurations: string[] };
  };
  readonly icon: string;
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly enablement?: string; readonly title: string }[];
    readonly keybindings: readonly { readonly command: string; readonly key: string; readonly mac: string }[];
    readonly configuration: readonly { readonly properties: { readonly [key: string]: Property } }[];
    readonly views: {
      readonly [container: string]: readonly { readonly id: string; readonly type: string; readonly icon: string }[];
    };
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string; readonly icon: string }[] };
    readonly menus: { readonly [place: string]: readonly { readonly command: string; readonly when: string }[] };
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly steps: readonly {
        readonly id: string;
        readonly description: string;
        readonly media: { readonly svg: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
  };
}

const file = (name: string) => path.join(__TEST_ROOT__, name);
const read = (name: string) => readFileSync(file(name), "utf8");
const manifest: Manifest = JSON.parse(read("package.json"));
const texts: { readonly [key: string]: string } = JSON.parse(read("package.nls.json"));
const { contributes } = manifest;
const properties = new Map(contributes.configuration.flatMap((group) => Object.entries(group.properties)));
const sorted = (items: Iterable<string>) => [...items].sort();

describe("the manifest and the code", () => {
  it("name the same commands", () => {
    assert.deepEqual(sorted(contributes.commands.map(({ command }) => command)), sorted(Object.values(ids.COMMANDS)));
  });

  it("name the same settings", () => {
    const inCode = Object.keys(ids.SETTINGS).map((name) => `${ids.SETTINGS_SECTION}.${name}`);
    assert.deepEqual(sorted(properties.keys()), sorted(inCode));
  });

  it("give each setting the same default, which its own guard accepts", () => {
    for (const [name, setting] of Object.entries(ids.SETTINGS)) {
      assert.deepEqual(properties.get(`turnpike.${name}`)?.default, setting.default, name);
      assert.ok(setting.check(setting.default).ok, name);
    }
  });

  it("allow the same choices and the same range", () => {
    for (const [key, property] of properties) {
      const setting = Object.entries(ids.SETTINGS).find(([name]) => key === `turnpike.${name}`)?.[1];
      assert.ok(setting, key);
      for (const choice of property.enum ?? []) assert.ok(setting.check(choice).ok, `${key}: ${choice}`);
      if (property.enum) {
        assert.equal(setting.check("another").ok, false, key);
        assert.equal(property.enumDescriptions?.length, property.enum.length, key);
      }
      const { minimum, maximum } = property;
      if (minimum !== undefined) {
        assert.ok(setting.check(minimum).ok, `${key}: ${minimum}`);
        assert.equal(setting.check(minimum - 1).ok, false, `${key}: ${minimum - 1}`);
      }
      if (maximum !== undefined) {
        assert.ok(setting.check(maximum).ok, `${key}: ${maximum}`);
        assert.equal(setting.check(maximum + 1).ok, false, `${key}: ${maximum + 1}`);
      }
      if (property.type.includes("null")) assert.ok(setting.check(null).ok, key);
    }
  });

  it("use the same view, panel and context keys", () => {
    const containers = contributes.viewsContainers.activitybar.map(({ id }) => id);
    assert.deepEqual(Object.keys(contributes.views), containers);
    const views = Object.values(contributes.views).flat();
    assert.deepEqual(
      views.map(({ id, type }) => [id, type]),
      [[ids.SIDEBAR_VIEW, "webview"]],
    );
    const conditions = [
      ...contributes.commands.map(({ enablement = "" }) => enablement),
      ...Object.values(contributes.menus).flatMap((items) => items.map(({ when }) => when)),
      ...contributes.walkthroughs.flatMap(({ steps }) => steps.flatMap((step) => step.completionEvents)),
    ].join(" ");
    const used = new Set(conditions.match(/turnpike\.(?:can|has)\w+/g));
    assert.deepEqual(sorted(used), sorted(Object.values(ids.CONTEXT_KEYS)));
    assert.ok(manifest.activationEvents.includes(`onWebviewPanel:${ids.HISTORY_PANEL}`));
  });
});

describe("the manifest", () => {
  it("refers to commands that exist", () => {
    const known = new Set<string>(Object.values(ids.COMMANDS));
    const { keybindings, menus, walkthroughs } = contributes;
    for (const { command } of [...keybindings, ...Object.values(menus).flat()]) assert.ok(known.has(command), command);
    for (const { description, completionEvents } of walkthroughs.flatMap(({ steps }) => steps)) {
      const linked = text(description).matchAll(/command:(turnpike\.\w+)/g);
      const awaited = completionEvents.flatMap((event) => /^onCommand:(.+)/.exec(event)?.[1] ?? []);
      for (const command of [...[...linked].flatMap((match) => match[1] ?? []), ...awaited])
        assert.ok(known.has(command), command);
      const settings = completionEvents.flatMap((event) => /^onSettingChanged:(.+)/.exec(event)?.[1] ?? []);
      for (const setting of settings) assert.ok(properties.has(setting), setting);
    }
  });

  it("has a text for every key and uses every text", () => {
    const used = new Set([...read("package.json").matchAll(/"%([^%"]+)%"/g)].flatMap((match) => match[1] ?? []));
    assert.deepEqual(sorted(used), sorted(Object.keys(texts)));
  });

  it("refers in its texts to settings that exist", () => {
    for (const words of Object.values(texts)) {
      for (const match of words.matchAll(/#(turnpike\.\w+)#/g)) assert.ok(properties.has(match[1] ?? ""), match[1]);
    }
  });

  it("has every file it names", () => {
    const { views, viewsContainers, walkthroughs } = contributes;
    const icons = [...viewsContainers.activitybar, ...Object.values(views).flat()].map(({ icon }) => icon);
    const media = walkthroughs.flatMap(({ steps }) => steps.map((step) => step.media.svg));
    for (const name of [manifest.icon, ...icons, ...media]) assert.ok(existsSync(file(name)), name);
    assert.equal(media.length, 4);
  });

  it("lets a workspace set nothing that could loosen a limit, redirect the key, price a model or skip approval", () => {
    // Whatever is not named here is the user's alone: a setting that is added is, too, until someone thought about it.
    const harmless = ["model", "models", "maxOutputTokens", "reminder", "reminderTurns"];
    const own = ["store", "ripgrepPath"];
    const scopeOf = (name: string) => (harmless.includes(name) ? "window" : own.includes(name) ? "machine" : "application");
    const names = Object.keys(ids.SETTINGS);
    assert.ok(names.length > harmless.length + own.length);
    for (const name of names) assert.equal(properties.get(`turnpike.${name}`)?.scope, scopeOf(name), name);
  });

  it("loads in a workspace that is not trusted, where the workspace's own settings do not count", () => {
    const { supported, restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    assert.equal(supported, "limited");
    const loose = [...properties].filter(([, { scope }]) => scope === "window").map(([key]) => key);
    const harmless = ["turnpike.maxOutputTokens", "turnpike.reminder", "turnpike.reminderTurns"];
    assert.deepEqual(sorted([...restrictedConfigurations, ...harmless]), sorted(loose));
  });

  it("gives settings that need no repair when nothing is set", () => {
    const settings = readSettings({ get: (name) => properties.get(`turnpike.${name}`)?.default });
    assert.deepEqual(settings.problems, []);
    assert.deepEqual(settings, readSettings({ get: () => undefined }));
  });
});

function text(words: string): string {
  return texts[words.replaceAll("%", "")] ?? words;
}
