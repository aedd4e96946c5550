// The distribution's proxies in front of servers, as they are by default.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync }
  from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const root = process.env.FLAMIGO_PROXIES ?? "";

/** How each is run, and what it is told: of the folder, the port, the servers. */
const kinds = {
  nginx: {
    command: ["usr/sbin/nginx", "-c", "config", "-e", "log"],
    config({ dir, port, ports, upstream = "", location = "", stream }) {
      // Connections and not requests.
      if (stream)
        return `
        load_module ${root}/usr/lib/nginx/modules/ngx_stream_module.so;
        daemon off;
        worker_processes 1;
        pid ${dir}/pid;
        error_log ${dir}/log;
        events {}
        stream {
          server { listen 127.0.0.1:${port}; proxy_pass 127.0.0.1:${ports[0]}; ${stream} }
        }`;
      const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map((name) => `${name}_temp_path ${dir}/${name};`).join("\n");
      // A server that refused is tried again soon: the other one is restarted
      // next.
      return `
        daemon off;
        worker_processes 1;
        pid ${dir}/pid;
        error_log ${dir}/log;
        events {}
        http {
          access_log off;
          ${temporary}
          map $http_upgrade $connection_upgrade { default upgrade; '' close; }
          upstream servers {
            ${ports.map((x) => `server 127.0.0.1:${x} fail_timeout=1s;`).join("\n")}
            ${upstream}
          }
          server {
            listen 127.0.0.1:${port};
            location / { proxy_pass http://servers; ${location} }
          }
        }`;
    },
    args: (dir) => ["-p", dir],
    /** Passes an upgrade on, which it does not by itself. */
    upgrades: {
      location: `proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;`,
    },
  },
  haproxy: {
    command: ["usr/sbin/haproxy", "-f", "config"],
    config: ({ port, ports, mode = "http", proxy = "", server = "" }) => `
defaults
  mode ${mode}
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout tunnel 1h
frontend all
  bind 127.0.0.1:${port}
  ${proxy}
  default_backend servers
backend servers
${ports.map((x) => `  server s${x} 127.0.0.1:${x} ${server}`).join("\n")}
`,
  },
  caddy: {
    command: ["usr/bin/caddy", "run", "--adapter", "caddyfile", "--config", "config"],
    config: ({ port, ports }) => `{
  admin off
}
http://127.0.0.1:${port} {
  reverse_proxy ${ports.map((x) => `127.0.0.1:${x}`).join(" ")}
}
`,
  },
};

/** The load balancer of deploy/, in front of three nodes. */
export const balancer = {
  file: fileURLToPath(new URL("../../deploy/haproxy.cfg", import.meta.url)),
  env: ({ port, ports: [one, two, three] }) => ({
    LISTEN: `127.0.0.1:${port}`,
    NODE_ONE: `127.0.0.1:${one}`,
    NODE_TWO: `127.0.0.1:${two}`,
    NODE_THREE: `127.0.0.1:${three}`,
  }),
};

export async function freePort() {
  const probe = net.createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function listens(port) {
  const socket = net.connect(port, "127.0.0.1");
  const up = await new Promise((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
  });
  socket.destroy();
  return up;
}

/** One proxy, on a free port; stop() ends it. */
export class Proxy {
  static names = Object.keys(kinds);

  /** Settings with which one passes upgrades on. */
  static upgrades = (name) => kinds[name].upgrades;

  /** In front of the servers at these ports; `settings` are those of its kind, or a
      `file` as it is, and the `env` that this asks for, of the port and the servers. */
  static async start(name, ports, settings = kinds[name].upgrades ?? {}) {
    const { command: [program, ...fixed], config, args = () => [] } = kinds[name];
    const proxy = new Proxy();
    proxy.dir = mkdtempSync(path.join(os.tmpdir(), `flamigo-${name}-`));
    proxy.port = await freePort();
    const given = { ...settings, dir: proxy.dir, port: proxy.port, ports };
    writeFileSync(path.join(proxy.dir, "config"),
      settings.file ? readFileSync(settings.file, "utf8") : config(given));
    const lib = path.join(root, "usr/lib");
    const libraries = existsSync(lib)
      ? readdirSync(lib).map((x) => path.join(lib, x)).join(":") : "";
    proxy.child = spawn(path.join(root, program), [...fixed, ...args(proxy.dir)], {
      cwd: proxy.dir,
      stdio: ["ignore", "inherit", "pipe"],
      env: { ...process.env, HOME: proxy.dir, LD_LIBRARY_PATH: libraries,
        ...settings.env?.(given) },
    });
    proxy.said = "";
    proxy.child.stderr.on("data", (text) => (proxy.said += text));
    while (!(await listens(proxy.port))) {
      assert.equal(proxy.child.exitCode, null, `${name} did not start: ${proxy.said}`);
      await pause(10);
    }
    return proxy;
  }

  /** Resolves with what it has complained of. */
  async stop() {
    this.child.kill("SIGTERM");
    await once(this.child, "close");
    const log = path.join(this.dir, "log");
    const complaints = existsSync(log) ? readFileSync(log, "utf8") : this.said;
    rmSync(this.dir, { recursive: true });
    return complaints;
  }
}
