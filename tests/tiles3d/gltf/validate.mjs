// Prints one line per error or warning that Khronos' validator finds in the GLBs named as arguments.
// Notes that an extension cannot be looked into are no findings.
import fs from 'fs';
import { createRequire } from 'module';

const require = createRequire(process.argv[2] + '/');
const validator = require('gltf-validator');
for (const file of process.argv.slice(3)) {
    const report = await validator.validateBytes(new Uint8Array(fs.readFileSync(file)));
    for (const message of report.issues.messages.filter((m) => m.severity < 2)) {
        console.log(`${file}: ${message.code} ${message.message} ${message.pointer ?? ''}`);
    }
}
