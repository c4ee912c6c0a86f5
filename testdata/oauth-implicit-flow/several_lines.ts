export function url(id: string, state: string) {
  return "https://id.example/authorize" + // finding: oauth-implicit-flow
    `?client_id=${id}` +
    "&response_type=id_token%20token" +
    `&state=${state}`;
}
