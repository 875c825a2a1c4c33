// Runs SQL beside the page, which can thus end a statement that runs away: it ends this worker with it.

import sqlite3InitModule from "./sqlite/index.mjs";

import { distinct, several } from "./sql-results.mjs";

// What SQLite would tell the browser's console, the page tells its reader.
const quiet = () => {};
globalThis.sqlite3ApiConfig = { debug: quiet, log: quiet, warn: quiet, error: quiet };

let database = null;

/** The database in memory, from the bytes of its file; SQLite itself then refuses every write. */
async function open(bytes) {
  const { capi, oo1, wasm } = await sqlite3InitModule({ print: quiet, printErr: quiet });
  const opened = new oo1.DB(":memory:");
  const flags = capi.SQLITE_DESERIALIZE_FREEONCLOSE | capi.SQLITE_DESERIALIZE_READONLY;
  const size = bytes.byteLength;
  opened.checkRc(capi.sqlite3_deserialize(opened.pointer, "main", wasm.allocFromTypedArray(new Uint8Array(bytes)), size, size, flags));
  opened.selectValue("SELECT value FROM info LIMIT 1");
  return opened;
}

/** What is wrong with a statement, in words for a reader. */
function plain(message) {
  const text = message.replace(/^(SQLITE_\w+: )?sqlite3 result code \d+: /, "");
  if (/readonly|read-only|may not be modified/.test(text)) return "The database is read-only: only SELECT is run here.";
  const end = /no such (table|column)/.test(text) ? "; the schema on this page lists every table and column." : ".";
  return `${text[0].toUpperCase()}${text.slice(1)}${end}`;
}

const cell = (value) => (value instanceof Uint8Array ? `(${value.length} bytes)` : value);

/** The first rows of a statement; one more than asked for says that there are more. */
function answer(sql, most) {
  if (several(sql)) throw new Error("Only one statement is run at a time");
  const statement = database.prepare(sql);
  try {
    if (statement.columnCount === 0) throw new Error("The statement returns no rows, so it is not run: write a SELECT");
    const columns = distinct(statement.getColumnNames([]));
    const rows = [];
    while (rows.length <= most && statement.step()) rows.push(statement.get([]).map(cell));
    return { columns, rows: rows.slice(0, most), more: rows.length > most };
  } finally {
    statement.finalize();
  }
}

addEventListener("message", async ({ data: { bytes, sql, most } }) => {
  try {
    if (bytes) {
      database = await open(bytes);
      postMessage({ ready: true });
    } else {
      const started = performance.now();
      const found = answer(sql, most);
      postMessage({ ...found, milliseconds: performance.now() - started });
    }
  } catch (error) {
    postMessage({ refused: bytes ? `The database cannot be opened: ${error.message}` : plain(error.message) });
  }
});
