// The headers spread themselves: nothing here may go round in circles.
export class Api {
  private headers: Record<string, string> = {};

  authorize(token: string) {
    this.headers = { ...this.headers, Authorization: `Bearer ${token}` };
  }

  charges() {
    return fetch('http://billing.internal/charges', { headers: { ...this.headers, Accept: 'application/json' } }); // finding: plaintext-internal-transport
  }

  status() {
    return fetch('https://billing.internal/status', { headers: this.headers }); // ok: plaintext-internal-transport
  }
}
