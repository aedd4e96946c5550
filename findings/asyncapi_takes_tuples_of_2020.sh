#!/usr/bin/env bash
# AsyncAPI 3: a tuple of JSON Schema 2020-12 is taken, and then fits no tuple.
#
# Expected: schemas of AsyncAPI without a `schemaFormat` are a superset of JSON
#   Schema draft 7, in which there is no `prefixItems`. The official parser says
#   so, or takes a tuple of 2020-12 (`prefixItems`, and `items: false` for no
#   more) for what it is.
# Instead: it has nothing to say, and keeps both keywords. By the dialect that
#   the document is in, the first means nothing and the second forbids every
#   element: what checks messages by it lets only the empty list pass, and
#   refuses each right one.
#
# @asyncapi/parser 3.6.6 and ajv 8.17.1 of npm, Node.js 20.
set -euo pipefail

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true, "type": "module"}' >package.json
# ajv under another name: plug-ins of the parser take the ajv that they find.
npm install --silent --no-audit --no-fund --ignore-scripts \
  @asyncapi/parser@3.6.6 checker@npm:ajv@8.17.1

cat >main.js <<'JS'
import assert from 'node:assert/strict';
import { Parser } from '@asyncapi/parser';
import { Ajv } from 'checker';
import { Ajv2020 } from 'checker/dist/2020.js';

const point = {
  type: 'array',
  prefixItems: [{ type: 'string' }, { type: 'integer' }],
  items: false,
};
const { document, diagnostics } = await new Parser().parse({
  asyncapi: '3.1.0',
  info: { title: 'points', version: '1' },
  channels: {
    points: { address: '/ws', messages: { set: { payload: point } } },
  },
  operations: {
    set: { action: 'receive', channel: { $ref: '#/channels/points' } },
  },
});
assert.deepEqual(diagnostics.filter(({ path }) => path.includes('payload')), []);
const schema = JSON.parse(
  JSON.stringify(document.messages().all()[0].payload().json(), (key, value) =>
    key.startsWith('x-parser') ? undefined : value));
console.log(`parsed without a word: ${JSON.stringify(schema)}`);

const options = { strict: false };
const verdicts = [['draft 7', new Ajv(options)], ['2020-12', new Ajv2020(options)]]
  .map(([dialect, ajv]) => {
    const check = ajv.compile(schema);
    const said = [['a', 1], []].map((value) =>
      `${JSON.stringify(value)} ${check(value) ? 'fits' : 'does not'}`);
    return `as ${dialect}: ${said.join(', ')}`;
  });
console.log(verdicts.join('\n'));
assert.deepEqual(verdicts, [
  'as draft 7: ["a",1] does not, [] fits',
  'as 2020-12: ["a",1] fits, [] fits',
]);
JS
timeout 100 node main.js
