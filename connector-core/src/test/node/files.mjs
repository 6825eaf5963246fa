// Files of a folder: read from /static, written by PUT to /uploads, and in chunks by tus to /tus.
import { createWriteStream } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import express from "express";
import { FileStore } from "@tus/file-store";
import { Server } from "@tus/server";

const [folder] = process.argv.slice(2);
const app = express();
app.use("/static", express.static(folder));
app.put("/uploads/:name", (request, response) => {
  pipeline(request, createWriteStream(join(folder, request.params.name))).then(
    () => response.sendStatus(201),
    () => response.destroy(),
  );
});
const tus = new Server({ path: "/tus", datastore: new FileStore({ directory: folder }) });
const server = createServer((request, response) =>
  request.url.startsWith("/tus") ? tus.handle(request, response) : app(request, response),
);
server.listen(0, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
