/** A request as it is sent; without an `ackId` nothing is answered. */
export function encode(topic: string, payload: unknown, ackId?: string): string {
  return JSON.stringify({ topic, payload, ackId });
}
