#!/usr/bin/env bash
# NATS: a key of the key-value store that expires is gone, and no watcher hears of it.
#
# Expected: who watches a key is told when it is written, deleted, and when the bucket's
#   TTL has ended it, so that a node that waits for a lock hears that it is free.
# Instead: nothing comes. The key cannot be read any more, and `kvStore_Create` takes it;
#   a watcher that only listens still believes the value that it was told last. So leases
#   are polled. An update that expects the revision of the expired value is refused with
#   NATS_ERR, which every other refusal is as well.
#
# nats-server 2.9.10-1+b3 and libnats 3.4.1-1+b1 (Debian 12).
set -euo pipefail

dir=$(mktemp -d)
server=0
trap '((server == 0)) || kill "$server"; rm -rf "$dir"' EXIT
cd "$dir"
port=$((20000 + RANDOM % 10000))
PATH=$PATH:/usr/sbin nats-server -a 127.0.0.1 -p "$port" -js -sd "$dir/store" >server.log 2>&1 &
server=$!
until grep -q "Server is ready" server.log; do
  kill -0 "$server"
  sleep 0.1
done

cat >main.c <<'C'
#include <nats/nats.h>
#include <stdio.h>

#define MUST(x) do { natsStatus s = (x); if (s != NATS_OK) { \
  printf("%s: %s\n", #x, natsStatus_GetText(s)); return 2; } } while (0)

int main(int argc, char** argv) {
  natsConnection* nats = NULL;
  jsCtx* js = NULL;
  kvStore* bucket = NULL;
  kvWatcher* watcher = NULL;
  kvEntry* entry = NULL;
  kvConfig with;
  uint64_t revision = 0;
  (void) argc;
  MUST(natsConnection_ConnectTo(&nats, argv[1]));
  MUST(natsConnection_JetStream(&js, nats, NULL));
  kvConfig_Init(&with);
  with.Bucket = "locks";
  with.TTL = 1000000000;
  MUST(js_CreateKeyValue(&bucket, js, &with));
  MUST(kvStore_Watch(&watcher, bucket, "it", NULL));
  MUST(kvStore_CreateString(&revision, bucket, "it", "mine"));
  while (kvWatcher_Next(&entry, watcher, 4000) == NATS_OK) {
    printf("heard: %s\n", entry == NULL ? "all that was there"
           : kvEntry_Operation(entry) == kvOp_Put ? "written" : "gone");
    kvEntry_Destroy(entry);
    entry = NULL;
  }
  printf("heard nothing more for 4 s\n");
  printf("get: %s\n", natsStatus_GetText(kvStore_Get(&entry, bucket, "it")));
  printf("update: %s\n", natsStatus_GetText(
    kvStore_UpdateString(NULL, bucket, "it", "still mine", revision)));
  printf("create: %s\n", natsStatus_GetText(
    kvStore_CreateString(NULL, bucket, "it", "another one's")));
  return 0;
}
C
cc main.c -o main -lnats
./main "nats://127.0.0.1:$port" | tee log
grep -q "heard: written" log
if grep -q "heard: gone" log; then exit 1; fi
grep -q "get: Not Found" log
grep -q "update: Error" log
grep -q "create: OK" log
