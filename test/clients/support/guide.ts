import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { parse } from "yaml";

const SERVER = new URL("https://gateway.example.com/mcp/ops");

/** What docs/guides/clients.md tells people to type, so that tests type just that. */
export interface Guide {
  /** The server of its examples. */
  readonly server: URL;
  /** Where it has an administrator let clients be sent back to. */
  readonly redirectUris: readonly string[];
  /** Lines for a shell, of the sections that do not say that nobody runs them here. */
  readonly commands: readonly string[];
  /** A client's configuration, by the first words of its section's heading. */
  settings(section: string): Settings;
}

export interface Settings {
  readonly mcpServers: {
    readonly ops: {
      readonly command: string;
      readonly args: readonly string[];
      readonly oauth: { readonly clientId: string; readonly redirectUri: string };
    };
  };
}

export function readGuide(): Guide {
  const [, ...sections] = readFileSync("docs/guides/clients.md", "utf8").split(/^## /m);
  const run = sections.filter((section) => !/^.*\(not run here\)/.test(section));
  const [registration] = sections.flatMap((section) => blocksOf(section, "yaml"));
  return {
    server: SERVER,
    redirectUris: parse(registration ?? "").registration.redirectUris,
    commands: run.flatMap((section) => blocksOf(section, "sh")).flatMap((block) => block.trim().split("\n")),
    settings(name) {
      const [block] = blocksOf(sections.find((section) => section.startsWith(name)) ?? "", "json");
      if (block === undefined) throw new Error(`the guide has no settings for ${name}`);
      return JSON.parse(block) as Settings;
    },
  };
}

const blocksOf = (section: string, language: string): string[] =>
  [...section.matchAll(new RegExp(`^\`\`\`${language}\\n([^\`]*)^\`\`\``, "gm"))].map(([, block = ""]) => block);

/** What Codex puts behind its callback, so that an answer for one server is none for another. */
export const callbackId = (server: URL): string =>
  createHash("sha256").update(server.href).digest("base64url").slice(0, 12);
