// node hl7_send.js ADDRESS PORT FILE...: sends the messages over one MLLP connection and waits for each acknowledgement.
const fs = require('fs');
const hl7 = require('simple-hl7');
const [address, port, ...files] = process.argv.slice(2);
const client = hl7.Server.createTcpClient({ host: address, port: Number(port), keepalive: true });
const parser = new hl7.Parser({ segmentSeperator: '\r' });

function next() {
  const file = files.shift();
  if (!file) {
    client.close();
    setTimeout(() => process.exit(0), 200);
    return;
  }
  client.send(parser.parse(fs.readFileSync(file, 'utf8')), (error, answer) => {
    if (error || String(answer.getSegment('MSA').getField(1)) !== 'AA') {
      console.error(`${file}: ${error || 'not accepted: ' + answer}`);
      process.exit(1);
    }
    setImmediate(next);  // the library is ready for the next message only after this callback
  });
}
next();
