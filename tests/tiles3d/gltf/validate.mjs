// Prints one line per finding, notes included, of Khronos' validator in the GLBs named as arguments.
// No finding: that it cannot look into Draco and meshopt, and takes what only they use for unused.
import fs from 'fs';
import { createRequire } from 'module';

const require = createRequire(process.argv[2] + '/');
const validator = require('gltf-validator');
const closed = ['KHR_draco_mesh_compression', 'EXT_meshopt_compression'];

function isOfClosedExtension(message, used) {
    if (message.code === 'UNSUPPORTED_EXTENSION') {
        return closed.some((name) => message.message.includes(`'${name}'`));
    }
    const isBuffer = /^\/buffer(View)?s\/\d+$/.test(message.pointer ?? '');
    return message.code === 'UNUSED_OBJECT' && isBuffer && closed.some((name) => used.includes(name));
}

for (const file of process.argv.slice(3)) {
    const report = await validator.validateBytes(new Uint8Array(fs.readFileSync(file)));
    const used = report.info.extensionsUsed ?? [];
    for (const message of report.issues.messages.filter((m) => !isOfClosedExtension(m, used))) {
        console.log(`${file}: ${message.code} ${message.message} ${message.pointer ?? ''}`);
    }
}
