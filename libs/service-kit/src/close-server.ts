import type { Server } from 'node:http';
import type { Socket } from 'node:net';

const SWEEP_MS = 50;

/**
 * How a server ends: it takes no new requests and lets those under way be answered. Connections without a request are closed at
 * once, also those on which none has come yet: Node does not count them as idle, and they would hold up the end for a minute.
 * Call before it listens; closing one that does not listen does nothing.
 */
export function closerOf(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const sweepIdle = () => {
    server.closeIdleConnections();
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  };

  return () => {
    const sweep = setInterval(sweepIdle, SWEEP_MS);
    return new Promise((resolve, reject) => {
      server.close((error) => {
        clearInterval(sweep);
        if (error && !isNotRunning(error)) reject(error);
        else resolve();
      });
    });
  };
}

const isNotRunning = (error: Error): boolean => 'code' in error && error.code === 'ERR_SERVER_NOT_RUNNING';
