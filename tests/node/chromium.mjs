// Where the tests' browser is.
import { existsSync } from "node:fs";

export const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome"].find((path) => existsSync(path));
export const skip = executablePath ? false
  : "there is no Chromium on this machine";
