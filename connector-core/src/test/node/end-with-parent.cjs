// Loaded before each server: ends it when whoever started it is gone, however that ended.
process.stdin.on("end", () => process.exit(0));
process.stdin.resume();
