#!/usr/bin/env bash
# The parser of AsyncAPI 3: what stands beside a $ref in a schema is gone.
#
# Expected: since JSON Schema 2019-09 keywords beside `$ref` hold as well; a
#   document that the official parser takes without a word keeps a `minLength`
#   or a `description` of a member whose type is a reference, or there is a
#   diagnostic that it does not.
# Instead: the parsed document has the referred schema alone. No error, no
#   warning: what a generator makes of it neither checks the length nor shows
#   the text. Within `allOf`, with the reference as one part, both stay.
#
# @asyncapi/parser 3.6.6 of npm, Node.js 20.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true, "type": "module"}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @asyncapi/parser@3.6.6

cat >main.js <<'JS'
import assert from 'node:assert/strict';
import { Parser } from '@asyncapi/parser';

const name = { $ref: '#/components/schemas/Name' };
const extra = { minLength: 3, description: 'Of a room.' };

async function parsed(schema) {
  const { document, diagnostics } = await new Parser().parse({
    asyncapi: '3.1.0',
    info: { title: 'rooms', version: '1' },
    channels: {
      rooms: {
        address: '/ws',
        messages: {
          entered: {
            payload: { type: 'object', properties: { room: schema } },
          },
        },
      },
    },
    operations: {
      enter: { action: 'receive', channel: { $ref: '#/channels/rooms' } },
    },
    components: { schemas: { Name: { type: 'string' } } },
  });
  // Advice about the document as a whole is none about schemas.
  const heard = diagnostics.filter(({ path }) => path.includes('payload'));
  assert.deepEqual(heard, []);
  const room = document.messages().all()[0].payload().json().properties.room;
  return JSON.stringify(room, (key, value) =>
    key.startsWith('x-parser') ? undefined : value);
}

const beside = await parsed({ ...name, ...extra });
const within = await parsed({ allOf: [name], ...extra });
console.log(`beside the reference: ${beside}`);
console.log(`around the reference: ${within}`);
assert.equal(beside, '{"type":"string"}');
assert.match(within, /"minLength":3/);
assert.match(within, /Of a room/);
JS
timeout 100 node main.js
