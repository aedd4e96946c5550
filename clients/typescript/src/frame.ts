/** A message of the server: docs/protocol.md. */
export interface Frame {
  topic: string;
  payload: any;
  ackId?: string;
  more?: boolean;
  requestId?: string;
  offsets?: Record<string, number>;
}
