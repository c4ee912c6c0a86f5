import { Storage, save } from "./storage";

const storage = new Storage();

export function keep(data: { accessToken: string; theme: string }) {
  save("theme", data.theme); // ok: token-in-web-storage
  save("access_token", data.accessToken); // finding: token-in-web-storage
  storage.set("theme", data.theme); // ok: token-in-web-storage
}
