/**
 * Says which shard the flows of a client identifier are in: always the same one, so that its budget has one owner. Stored
 * flows are found by it: it never changes. (FNV-1a, with the last mix of MurmurHash3.)
 */
export function shardOf(clientIdentifier: string, shards: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < clientIdentifier.length; index++)
    hash = Math.imul(hash ^ clientIdentifier.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % shards;
}
