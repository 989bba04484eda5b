// SPDX-License-Identifier: GPL-3.0-or-later
// The peer of `bench/run.py stills`: sharp fans each picture of a folder out to three JPEGs, in one process, as many
// pictures at once as there are cores, a thread of libvips each. node fan.mjs IN OUT
import { createRequire } from "node:module";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const sharp = createRequire(path.join(process.cwd(), "x.js"))("sharp");
const [from, to] = process.argv.slice(2);
sharp.cache(false);
sharp.concurrency(1);
fs.mkdirSync(to, { recursive: true });
const names = fs.readdirSync(from);
const next = async () => {
  for (let name; (name = names.pop()); ) {
    const picture = sharp(path.join(from, name)).autoOrient();
    await Promise.all(
      [2400, 1200, 400].map((width) =>
        picture.clone().resize({ width, height: width, fit: "inside", withoutEnlargement: true })
          .jpeg({ quality: 85, chromaSubsampling: "4:2:0" })
          .toFile(path.join(to, `${path.parse(name).name}-${width}.jpg`))));
  }
};
await Promise.all(os.cpus().map(next));
