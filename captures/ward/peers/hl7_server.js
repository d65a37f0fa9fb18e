// node hl7_server.js PORT: an interface engine that takes every message over MLLP and acknowledges it.
const hl7 = require('simple-hl7');
const engine = hl7.tcp();
engine.use((request, response, next) => next());
engine.use((request, response) => response.end());
engine.start(Number(process.argv[2]));
