/** Where a ripgrep may be, best first: the setting, VS Code's own in its old and new places, then the PATH. */
export function ripgrepCandidates(
  appRoot: string,
  setting: string | null,
  { platform, arch }: { readonly platform: string; readonly arch: string } = process,
): readonly string[] {
  const rg = platform === "win32" ? "rg.exe" : "rg";
  const places = [
    `@vscode/ripgrep-universal/bin/${platform}-${arch}`,
    "@vscode/ripgrep/bin",
    `@vscode/ripgrep/bin/${platform}-${arch}`,
  ];
  const own = ["node_modules", "node_modules.asar.unpacked"].flatMap((root) =>
    places.map((place) => [appRoot, root, place, rg].join("/")),
  );
  return [...(setting === null ? [] : [setting]), ...own, rg];
}
