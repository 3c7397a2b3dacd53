// Runs the Slack of the npm package `emulate` until standard input ends: so it cannot outlive whoever started it.
// Arguments: the folder that the package was installed into, and what Slack holds at first, as JSON.

import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, seed] = process.argv.slice(2);
const entry = join(folder, "node_modules", "emulate", "dist", "api.js");
process.stdin.on("close", () => process.exit(0)).resume();

const { createEmulator } = await import(pathToFileURL(entry).href);
const slack = await createEmulator({
  service: "slack",
  port: 0,
  hostname: "127.0.0.1",
  seed: { slack: JSON.parse(seed) },
});
console.log(new URL(slack.url).port);
