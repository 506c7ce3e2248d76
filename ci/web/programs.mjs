// Starts the server and its players, and reads what they say.

import {spawn} from "node:child_process";
import {createSocket} from "node:dgram";
import {once} from "node:events";

// Nothing takes so long but on a machine that others want as well.
export const PATIENCE_MS = 60_000;

// Two ports that follow each other, free as far as one can know.
export async function freePorts() {
  for (;;) {
    const bound = async (port) => {
      const socket = createSocket("udp4");
      socket.bind(port);
      await once(socket, "listening");
      return socket;
    };
    const first = await bound(0);
    const {port} = first.address();
    try {
      (await bound(port + 1)).close();
      return port;
    } catch {
      continue;  // the next one is taken, or there is none
    } finally {
      first.close();
    }
  }
}

export class Program {
  constructor(path, args) {
    this.said = "";
    this.process = spawn(path, args, {stdio: ["ignore", "ignore", "pipe"]});
    this.process.stderr.on("data", (data) => { this.said += data; });
    this.ended = once(this.process, "exit");
  }

  // What the expression has found in what the program says.
  async waitFor(expression) {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const found = this.said.match(expression);
      if (found) return found;
      if (Date.now() > deadline || this.process.exitCode !== null) {
        throw new Error(`no ${expression} in what ${this.process.spawnfile} said:\n${this.said}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async stop() {
    this.process.kill("SIGTERM");
    await this.ended;
  }
}
