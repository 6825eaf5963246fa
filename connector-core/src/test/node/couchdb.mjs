// A database with the HTTP interface of CouchDB, in memory, on a free port.
import express from "express";
import expressPouchDB from "express-pouchdb";
import memory from "pouchdb-adapter-memory";
import core from "pouchdb-core";

const PouchDB = core.plugin(memory).defaults({ adapter: "memory" });
const app = express();
app.use("/", expressPouchDB(PouchDB, { mode: "minimumForPouchDB" }));
const server = app.listen(0, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
