import axios from "axios";

let kept: { token: string; until: number } | null = null;

export async function inVariable() {
  if (kept && Date.now() < kept.until) {
    return kept.token;
  }
  const { data } = await axios.post("https://id.example/token", new URLSearchParams({ grant_type: "client_credentials" })); // ok: m2m-token-per-request
  kept = { token: data.access_token, until: Date.now() + data.expires_in * 1000 };
  return kept.token;
}

export class Service {
  private token?: string;
  private expiresAt = 0;

  private async load() {
    const { data } = await axios.post("https://id.example/token", "grant_type=client_credentials&client_id=orders"); // ok: m2m-token-per-request
    return data;
  }

  async get() {
    if (!this.token || this.expiresAt < Date.now()) {
      const data = await this.load();
      this.token = data.access_token;
      this.expiresAt = Date.now() + data.expires_in * 1000;
    }
    return this.token;
  }
}

export async function anew() {
  const { data } = await axios.post("https://id.example/token", new URLSearchParams({ grant_type: "client_credentials" })); // finding: m2m-token-per-request
  return axios.get("https://api.example/orders", { headers: { Authorization: `Bearer ${data.access_token}` } });
}
