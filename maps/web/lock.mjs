/** Takes the addresses out of the lock: it names packages, versions and hashes, and no host. */
import { readFile, writeFile } from "node:fs/promises";

const NAME = new URL("package-lock.json", import.meta.url);

const lock = JSON.parse(await readFile(NAME, "utf8"));
for (const one of Object.values(lock.packages)) {
  delete one.funding;
  delete one.resolved;
}
await writeFile(NAME, `${JSON.stringify(lock, null, 2)}\n`);
